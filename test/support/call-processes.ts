// Who is who among the processes of a call, told by parentage, session and program alone.

import { isOurProgram, type ProcessInfo } from './processes';
import type { Sandbox } from './sandbox';
import { until } from './until';

/** The processes of one call and of the server that serves it. */
export type CallProcesses = Readonly<
  Record<'client' | 'watcher' | 'server' | 'monitor' | 'executor', ProcessInfo>
>;

/**
 * Waits until the call of the client `pid`, the only one in the sandbox, has come to its executor. The `others`
 * there have nothing to do with it.
 */
export function callProcesses(
  sandbox: Sandbox,
  pid: number,
  others: readonly number[] = [],
): Promise<CallProcesses> {
  return until('the processes of a call', () => {
    const all = sandbox.processes().filter((process) => !others.includes(process.pid));
    return identify(all, pid);
  });
}

function identify(all: readonly ProcessInfo[], pid: number): CallProcesses | undefined {
  const client = all.find((process) => process.pid === pid);
  const leaders = all.filter((process) => process.session === process.pid && process !== client);
  const watcher = leaders.find(isOurProgram);
  const server = leaders.find((process) => !isOurProgram(process));
  const childOf = (parent: ProcessInfo | undefined): ProcessInfo | undefined =>
    all.find((process) => process.parent === parent?.pid);
  const monitor = childOf(server);
  const executor = childOf(monitor);
  if (!client || !watcher || !server || !monitor || !executor) return undefined;
  // A new server has passing children besides.
  if (all.length !== 5) return undefined;
  return { client, watcher, server, monitor, executor };
}
