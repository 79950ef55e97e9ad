import { readFileSync } from 'node:fs';
import { readLine, RecordError } from '../../runtime/trace/read';
import { isActorRecord, type ActorRecord, type RecordingLine } from '../../runtime/trace/record';
import { CommandError } from '../io';

/**
 * The records of a recording; '-' is standard input.
 *
 * @throws {CommandError} if it cannot be read, or is no recording.
 */
export function recordsIn(file: string): readonly ActorRecord[] {
  const [first, ...lines] = textOf(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => lineOf(file, line, index + 1));
  if (first?.kind !== 'recording') {
    throw new CommandError(
      `diagrams: ${file} is no recording: make one with prefork inspect --record FILE`,
    );
  }
  return lines.filter(isActorRecord);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(`diagrams: cannot read the recording: ${message}`);
  }
}

function lineOf(file: string, line: string, number: number): RecordingLine {
  try {
    return readLine(line);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new CommandError(`diagrams: ${file}:${number}: ${error.message}`);
  }
}
