// Who a process is: what a fork leaves pointing at the parent, pointed at the executor and its caller.

import { readFileSync } from 'node:fs';
import type { Call } from './addon';

/** Gives this process the call's arguments, its own pid, parent and age. `timeZone` is TZ as the setup left it. */
export function assumeIdentity(
  call: Pick<Call, 'pid' | 'parentPid' | 'clientPid'>,
  scriptArguments: readonly string[],
  timeZone: string | undefined,
): void {
  refreshTimeZone(timeZone);
  // In place: who holds the array shall see the new contents.
  process.argv.length = Math.min(process.argv.length, 2);
  process.argv.push(...scriptArguments);
  redefine('pid', { value: call.pid });
  if (call.clientPid !== undefined) pretendParent(call.clientPid, call.parentPid);
  const started = process.hrtime.bigint();
  process.uptime = () => Number(process.hrtime.bigint() - started) / 1e9;
}

// The environment itself has been replaced natively, as a whole. Date keeps the time zone that it has
// read; assigning TZ through process.env makes it look again.
function refreshTimeZone(before: string | undefined): void {
  const now = process.env['TZ'];
  if (now === before) return;
  if (now === undefined) delete process.env['TZ'];
  else process.env['TZ'] = now;
}

// Under plain Node the parent is whoever started the command: here, who started the client. As there, it
// may change while we run; when nothing can be known, the monitor has to do.
function pretendParent(clientPid: number, monitorPid: number): void {
  redefine('ppid', {
    get: () => {
      try {
        const stat = readFileSync(`/proc/${clientPid}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      } catch {
        return monitorPid;
      }
    },
  });
}

function redefine(name: 'pid' | 'ppid', descriptor: PropertyDescriptor): void {
  Object.defineProperty(process, name, { configurable: true, enumerable: true, ...descriptor });
}
