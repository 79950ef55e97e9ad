// Writes a recording.

import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  recordVersion,
  type ActorRecord,
  type GoneLine,
  type RecordingHeader,
} from '../../runtime/trace/record';
import { CommandError } from '../io';

/** Bytes that wait for a slow disk; beyond them the recording ends, so that memory does not. */
const mostWaiting = 64 << 20;

export interface Recording {
  add(line: ActorRecord | GoneLine, lost: number): void;
  /** Resolves when all has been written, or could not be. */
  close(): Promise<void>;
}

/**
 * Begins a file, in the place of one of that name; `complain` is called once if it cannot be gone on with.
 *
 * @throws {CommandError} if it cannot be begun.
 */
export async function record(
  file: string,
  header: RecordingHeader,
  complain: (reason: string) => void,
): Promise<Recording> {
  const handle = await open(file, 'w', 0o600).catch((error: unknown) => {
    throw new CommandError(`inspect: cannot record: ${(error as Error).message}`);
  });
  const stream = createWriteStream(file, { fd: handle });
  const closed = new Promise<void>((done) => stream.once('close', done));
  stream.once('error', ({ message }) => complain(message));
  const write = (line: object): void => {
    if (stream.destroyed) return;
    stream.write(`${JSON.stringify(line)}\n`);
    if (stream.writableLength > mostWaiting)
      stream.destroy(new Error('the disk takes it in too slowly'));
  };
  write(header);
  return {
    add(line, lost) {
      const { t, pid, born } = line;
      if (lost > 0) write({ v: recordVersion, kind: 'drops', t, pid, born, count: lost });
      write(line);
    },
    async close() {
      stream.end();
      await closed;
    },
  };
}
