// Receives the records of a run directory: the one who listens there.

import { constants } from 'node:os';
import { join } from 'node:path';
import { addon } from '../../runtime/addon';
import { readLine } from '../../runtime/trace/read';
import { isActorRecord, listenerSocket, type ActorRecord } from '../../runtime/trace/record';
import { CommandError } from '../io';

/** Records come in bundles: to take each by itself would cost more than to wait for a few. */
const bundleMilliseconds = 10;

export interface Listener {
  /** Takes at once what has come and waits to be taken. */
  takeNow(): void;
  /** Stops listening and removes the socket; a second call does nothing. */
  close(): void;
}

/** @throws {CommandError} if the run directory cannot be had, or somebody else listens there. */
export function listen(
  runDirectory: string,
  take: (records: readonly ActorRecord[]) => void,
): Listener {
  let pending: NodeJS.Timeout | undefined;
  const empty = (): void => {
    clearTimeout(pending);
    pending = undefined;
    const lines = receiver.take().toString().split('\n').slice(0, -1);
    if (lines.length > 0) take(lines.flatMap((line) => readRecord(line) ?? []));
  };
  const receiver = open(join(runDirectory, listenerSocket), () => {
    pending ??= setTimeout(empty, bundleMilliseconds);
  });
  return {
    takeNow: empty,
    close() {
      receiver.close();
      empty();
    },
  };
}

export function findRunDirectory(): string {
  try {
    return addon().findRunDirectory();
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function open(path: string, wake: () => void) {
  try {
    return addon().receiveRecords(path, wake);
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    if (errno !== addressInUse) throw new CommandError(message);
    throw new CommandError(`inspect: another listener has ${path}: end it first`);
  }
}

const addressInUse = constants.errno.EADDRINUSE;

/** Undefined for what is no record of a process: anybody of this user can send to the socket. */
function readRecord(line: string): ActorRecord | undefined {
  try {
    const record = readLine(line);
    return isActorRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
