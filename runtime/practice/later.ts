// Timers, immediates, and an exit that is asked for.

import type { Originals } from './originals';
import { attempt, withoutMethod } from './trap';

// The longest that there is: should a call look at it, it is not due.
const never = 2 ** 31 - 1;

export function practiseTimers({
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
}: Originals): void {
  clearTimeout(setTimeout(() => {}, never));
  clearImmediate(setImmediate(() => {}));
}

// How it begins in Node 20, and in later ones.
const beginsWithStatus =
  /^function exit\(code\) \{\s*(const \{ handleProcessExit \} = [^;]*;\s*process\.off\([^;]*;\s*)?if \(arguments\.length !== 0\) \{\s*process\.exitCode = code;/;

/** Only where it is sure to come to grief over the status, before it does anything. */
export function practiseExit({ exit }: Originals): void {
  if (!beginsWithStatus.test(Function.prototype.toString.call(exit))) return;
  const noStatus = {} as number;
  attempt(() => withoutMethod(process, 'off', () => exit(noStatus)));
}
