// Many containers, one after the other or at once: does any lose its last line, its status, or leave
// something behind?

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Monitored, conmon } from './monitored';
import { Sandbox } from './sandbox';
import { until } from './until';

export interface Crowd {
  readonly containers: number;
  /** What went wrong, one line each. */
  readonly faults: readonly string[];
}

/** Every seventh has a terminal, every fifth is killed, all are daemons' children. */
async function runOne(sandbox: Sandbox, number: number, monitor: string): Promise<string[]> {
  const status = number % 5 === 4 ? 137 : number % 256;
  const end = status === 137 && number % 5 === 4 ? 'kill -9 $$' : `exit ${status}`;
  const terminal = number % 7 === 6;
  const tidy = join(sandbox.folder, 'tidy');
  const container = new Monitored(sandbox, {
    monitor,
    command: `echo first; echo error >&2; head -c ${(number * 977) % 70000} /dev/zero; echo; echo last; ${end}`,
    daemon: true,
    words: ['--exit-command', tidy, '--no-sync-log', ...(terminal ? ['-t'] : [])],
  });
  await container.outcome;
  const told = await container.allTold;
  await until('the exit command', () => existsSync(container.path('tidied')), 60);
  const line = terminal ? 'last\r' : 'last';
  const left = ['attach', 'ctl', 'winsz'].filter((name) => existsSync(container.path(name)));
  return [
    ...(container.exitFile() === String(status) ? [] : [`status ${container.exitFile()}`]),
    ...(container.log().includes(`stdout F ${line}`) ? [] : ['the last line is missing']),
    ...(/^{"data": \d+}\n$/.test(told) ? [] : [`told: ${told}`]),
    ...left.map((name) => `${name} is left`),
  ].map((fault) => `container ${number}: ${fault}`);
}

/** Runs so many containers, at most `atOnce` at a time. */
export async function runCrowd(total: number, atOnce: number, monitor = conmon): Promise<Crowd> {
  const sandbox = new Sandbox();
  sandbox.script('tidy', '#!/bin/sh\n: >"$(dirname "$FK_LOG")/tidied"\n');
  const faults: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < total) faults.push(...(await runOne(sandbox, next++, monitor)));
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    await sandbox.quiet();
  } finally {
    await sandbox.end();
  }
  return { containers: total, faults };
}

async function main(): Promise<void> {
  const [total = 0, atOnce = 1] = process.argv.slice(2).map(Number);
  const { containers, faults } = await runCrowd(total, atOnce);
  for (const fault of faults) console.log(fault);
  console.log(`${containers} containers, ${atOnce} at a time: ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (require.main === module) void main();
