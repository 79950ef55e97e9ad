// The processes that a server has forked ahead of its next call.

import { readdirSync, readFileSync } from 'node:fs';
import { isOurProgram, processInfo, waitsForEvents, type ProcessInfo } from './processes';
import type { Sandbox } from './sandbox';
import { until } from './until';

export interface Ahead {
  readonly server: ProcessInfo;
  readonly standby: ProcessInfo;
  readonly understudy: ProcessInfo;
}

const parentOf = (pid: number): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
};

/** Without a look at all that a process may tell of itself: asked often, where many run, that takes long. */
const childrenOf = ({ pid }: ProcessInfo): readonly ProcessInfo[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 1 && parentOf(other) === pid)
    .flatMap((child) => processInfo(child) ?? []);

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
