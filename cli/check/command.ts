import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { RecordingCheck, type Objection } from '../../runtime/trace/check';
import { voiceOf } from '../../runtime/debug/index';
import { CommandError, type Command, type Io } from '../io';

const say = voiceOf('check');

/** `prefork check`: exits with 0 where the recording can be true, with 1 where it cannot. */
export const check: Command = {
  help: `usage: prefork check FILE ...

Proves that each transition in a recording is the one that XState computes from the chart: the same
guards asked, the same actions performed, the same states entered, each process going on where it
was. Says of each recording the first line that is wrong, and why. Exits with 0 if there is none,
otherwise with 1.

  prefork inspect --record calls.trace    makes a recording
  prefork check calls.trace`,

  async run(words, io) {
    if (words.length === 0 || words.some((word) => word.startsWith('-'))) {
      throw new CommandError('check: give the names of recordings: prefork check FILE ...');
    }
    let status = 0;
    for (const file of words) status = Math.max(status, await checkFile(file, io));
    return status;
  },
};

async function checkFile(file: string, { stdout, stderr }: Io): Promise<number> {
  const recording = new RecordingCheck();
  const objection = await firstObjection(file, recording);
  if (objection !== undefined) {
    stderr.write(`${file}:${objection.line}: ${objection.reason}\n`);
    return 1;
  }
  stdout.write(
    `${file}: ${recording.records} records of ${recording.processCount} processes, ` +
      'all as XState computes them\n',
  );
  return 0;
}

async function firstObjection(
  file: string,
  recording: RecordingCheck,
): Promise<Objection | undefined> {
  const input = createReadStream(file);
  try {
    let isEmpty = true;
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      isEmpty = false;
      say('%s', line);
      const objection = recording.take(line);
      if (objection !== undefined) return objection;
    }
    return isEmpty ? { line: 1, reason: 'the recording is empty' } : undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(`check: cannot read the recording: ${message}`);
  } finally {
    input.destroy();
  }
}
