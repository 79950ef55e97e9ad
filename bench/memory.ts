// How much memory the processes of a call hold.

import { readFileSync } from 'node:fs';
import { isOurProgram } from '../test/support/processes';
import { client } from '../test/support/sandbox';
import type { Sandbox } from '../test/support/sandbox';
import { readyStandby } from '../test/support/standby';
import { until } from '../test/support/until';

export interface Memory {
  /** Resident set, in kB: pages that others share count in full. */
  readonly resident: number;
  /** Proportional set, in kB: a page that n processes share counts 1/n. */
  readonly proportional: number;
}

export type Role =
  'watcher' | 'server' | 'standby' | 'understudy' | 'monitor' | 'executor' | 'client';

/**
 * Between two calls of `words`, a script that reads its standard input to the end, and while one that has been handed
 * over waits for that input.
 */
export async function memoryOfCall(
  sandbox: Sandbox,
  words: readonly string[],
): Promise<Record<Role, Memory>> {
  await sandbox.call(words);
  const { server, standby, understudy } = await readyStandby(sandbox);
  const ahead = { standby: memoryOf(standby.pid), understudy: memoryOf(understudy.pid) };
  const call = sandbox.start(client, words, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise((done) => call.once('close', done));
  try {
    const watcher = sandbox.processes().find((one) => isOurProgram(one) && one.pid === one.session);
    await until('the script', () => readsInput(understudy.pid));
    return {
      ...ahead,
      watcher: memoryOf(watcher?.pid ?? 0),
      server: memoryOf(server.pid),
      client: memoryOf(call.pid ?? 0),
      monitor: memoryOf(standby.pid),
      executor: memoryOf(understudy.pid),
    };
  } finally {
    call.stdin?.end();
    await ended;
  }
}

/** Whether it waits in a read of descriptor 0. */
const readsInput = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/syscall`, 'utf8').startsWith('0 0x0 ');

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]);
  return { resident: field('Rss'), proportional: field('Pss') };
}
