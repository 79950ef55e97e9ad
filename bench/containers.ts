// What a container's monitor costs, ours and Debian's in turns, over a runtime that costs nothing.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Monitored, conmon, debianConmon } from '../test/support/monitored';
import { Sandbox, kill } from '../test/support/sandbox';
import { summarise, type Summary } from './statistics';
import { memoryOf } from './memory';

/** The same figure of both monitors. */
export interface Both<Figure> {
  readonly ours: Figure;
  readonly debian: Figure;
}

export interface Containers {
  /** MB of output a second, from the start of the monitor to its end. */
  readonly output: Readonly<Record<string, Both<number>>>;
  /** Milliseconds from the start of the monitor to its word that the container is there. */
  readonly start: Both<Summary>;
  /** Proportional set of one of several idle monitors, in kB. */
  readonly idle: Both<number>;
}

export const canCompareMonitors = existsSync(debianConmon);

const megabytes = 100;
const passes = 5;
const starts = 60;
const idlers = 5;

const monitors = { ours: conmon, debian: debianConmon } as const;
type Whose = keyof typeof monitors;

/** What a container writes, and where that is logged. */
interface Output {
  readonly name: string;
  readonly line: string;
  readonly log?: string;
}

const outputs: readonly Output[] = [
  { name: '100-byte lines, logged', line: `${'x'.repeat(99)}\n` },
  { name: '15-byte lines, logged', line: `${'x'.repeat(14)}\n` },
  { name: 'no newlines, logged', line: 'x'.repeat(100) },
  { name: '100-byte lines, not logged', line: `${'x'.repeat(99)}\n`, log: 'none' },
];

async function inTurns<Figure>(
  times: number,
  measure: (whose: Whose) => Promise<Figure>,
): Promise<Both<Figure[]>> {
  const figures: Both<Figure[]> = { ours: [], debian: [] };
  for (let pass = 0; pass < times; ++pass) {
    for (const whose of ['ours', 'debian'] as const) figures[whose].push(await measure(whose));
  }
  return figures;
}

const medians = ({ ours, debian }: Both<number[]>): Both<number> => ({
  ours: summarise(ours).median,
  debian: summarise(debian).median,
});

async function within<T>(act: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = new Sandbox();
  try {
    return await act(sandbox);
  } finally {
    await sandbox.end();
  }
}

async function pump(sandbox: Sandbox, { log }: Output, whose: Whose): Promise<number> {
  const file = join(sandbox.folder, 'output');
  const begun = performance.now();
  const container = new Monitored(sandbox, {
    monitor: monitors[whose],
    command: `exec cat ${file}`,
    id: 'pump',
    ...(log === undefined ? {} : { log }),
  });
  await container.outcome;
  const seconds = (performance.now() - begun) / 1000;
  if (log === undefined) writeFileSync(container.path('log'), '');
  return megabytes / seconds;
}

async function measureOutput(output: Output): Promise<Both<number>> {
  return within(async (sandbox) => {
    const count = Math.ceil((megabytes * 1e6) / output.line.length);
    writeFileSync(join(sandbox.folder, 'output'), output.line.repeat(count));
    return medians(await inTurns(passes, (whose) => pump(sandbox, output, whose)));
  });
}

async function startOne(sandbox: Sandbox, whose: Whose): Promise<number> {
  const begun = performance.now();
  const container = new Monitored(sandbox, { monitor: monitors[whose], command: 'exit 0' });
  await new Promise((done) => container.sync.once('data', done));
  const milliseconds = performance.now() - begun;
  await container.outcome;
  return milliseconds;
}

async function idleMemory(whose: Whose): Promise<number> {
  return within(async (sandbox) => {
    const containers = Array.from(
      { length: idlers },
      () => new Monitored(sandbox, { monitor: monitors[whose], command: 'exec sleep 1000' }),
    );
    const pids = await Promise.all(containers.map((container) => container.pid()));
    const figures = containers.map(({ child }) => memoryOf(child.pid ?? 0).proportional);
    for (const pid of pids) kill(pid, 'SIGKILL');
    await Promise.all(containers.map(({ outcome }) => outcome));
    return summarise(figures).median;
  });
}

export async function measureContainers(): Promise<Containers> {
  console.error('containers …');
  const output: Record<string, Both<number>> = {};
  for (const one of outputs) output[one.name] = await measureOutput(one);
  const times = await within((sandbox) => inTurns(starts, (whose) => startOne(sandbox, whose)));
  return {
    output,
    start: { ours: summarise(times.ours), debian: summarise(times.debian) },
    idle: { ours: await idleMemory('ours'), debian: await idleMemory('debian') },
  };
}
