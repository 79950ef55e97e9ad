// The processes that a server has forked ahead of its next call.

import {
  childrenOf,
  isOurProgram,
  processInfo,
  waitsForEvents,
  type ProcessInfo,
} from './processes';
import type { Sandbox } from './sandbox';
import { until } from './until';

export interface Ahead {
  readonly server: ProcessInfo;
  readonly standby: ProcessInfo;
  readonly understudy: ProcessInfo;
}

/** Those that are there now; undefined: none. */
function ahead(server: ProcessInfo): Ahead | undefined {
  const standby = childrenOf(server).find(({ pid, group }) => pid === group);
  const [understudy] = standby === undefined ? [] : childrenOf(standby);
  return standby && understudy && { server, standby, understudy };
}

/**
 * Waits until there is a standby and all know it: who hears of it last sleeps last. While no call runs. Where the
 * sandbox has several servers, of the one with the pid `of`.
 */
export async function readyStandby(sandbox: Sandbox, of?: number): Promise<Ahead> {
  const server = await until('a server', () =>
    of === undefined
      ? sandbox.processes().find((one) => one.pid === one.session && !isOurProgram(one))
      : processInfo(of),
  );
  return until('a standby', () => {
    const found = ahead(server);
    return (
      found &&
      [found.understudy, found.standby, found.server].every(({ pid }) => waitsForEvents(pid)) &&
      found
    );
  });
}
