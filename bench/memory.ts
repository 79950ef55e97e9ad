// How much memory the processes of a call hold.

import { readFileSync } from 'node:fs';
import { callProcesses } from '../test/support/call-processes';
import { client } from '../test/support/sandbox';
import type { Sandbox } from '../test/support/sandbox';

export interface Memory {
  /** Resident set, in kB: pages that others share count in full. */
  readonly resident: number;
  /** Proportional set, in kB: a page that n processes share counts 1/n. */
  readonly proportional: number;
}

const measured = ['watcher', 'server', 'monitor', 'executor', 'client'] as const;
export type Role = (typeof measured)[number];

/** While a call of `words`, a script that reads its standard input to the end, waits for that input. */
export async function memoryOfCall(
  sandbox: Sandbox,
  words: readonly string[],
): Promise<Record<Role, Memory>> {
  const call = sandbox.start(client, words, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise((done) => call.once('close', done));
  try {
    const processes = await callProcesses(sandbox, call.pid ?? 0);
    const entries = measured.map((role) => [role, memoryOf(processes[role].pid)] as const);
    return Object.fromEntries(entries) as Record<Role, Memory>;
  } finally {
    call.stdin?.end();
    await ended;
  }
}

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]);
  return { resident: field('Rss'), proportional: field('Pss') };
}
