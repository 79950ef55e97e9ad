// The processes that a server has forked ahead of its next call.

import { readFileSync } from 'node:fs';
import { isOurProgram, type ProcessInfo } from './processes';
import type { Sandbox } from './sandbox';
import { until } from './until';

export interface Ahead {
  readonly server: ProcessInfo;
  readonly standby: ProcessInfo;
  readonly understudy: ProcessInfo;
}

// epoll_wait and epoll_pwait.
const waits = ['232', '281'];

function isWaiting({ pid }: ProcessInfo): boolean {
  try {
    const [call = ''] = readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ');
    return waits.includes(call);
  } catch {
    return false;
  }
}

/** Those that are there now; undefined: none. */
function ahead(sandbox: Sandbox, of: number | undefined): Ahead | undefined {
  const all = sandbox.processes();
  const server = all.find(
    (one) => one.pid === one.session && !isOurProgram(one) && (of ?? one.pid) === one.pid,
  );
  const standby = all.find(({ parent, pid, group }) => parent === server?.pid && pid === group);
  const understudy = all.find(({ parent }) => parent === standby?.pid);
  return server && standby && understudy && { server, standby, understudy };
}

/**
 * Waits until there is a standby and all know it: who hears of it last sleeps last. While no call runs. Where the
 * sandbox has several servers, of the one with the pid `of`.
 */
export function readyStandby(sandbox: Sandbox, of?: number): Promise<Ahead> {
  return until('a standby', () => {
    const found = ahead(sandbox, of);
    return found && [found.understudy, found.standby, found.server].every(isWaiting) && found;
  });
}
