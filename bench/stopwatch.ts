// Runs commands under the native stopwatch (bench/native/time_runs.cc).

import { join } from 'node:path';
import { projectRoot } from '../test/support/sandbox';
import type { Sandbox } from '../test/support/sandbox';

/** A command to measure. */
export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  /** Commands that run before each run of it and do not count. */
  readonly before?: readonly (readonly string[])[];
  /** How often it runs in one round; 1 if not said. */
  readonly perRound?: number;
}

const stopwatch = join(projectRoot, 'build/bench/time_runs');

async function timeRuns(sandbox: Sandbox, words: readonly string[]): Promise<number[][]> {
  const { code, stdout, stderr } = await sandbox.run(stopwatch, words);
  if (code !== 0) throw new Error(`time_runs failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

/** Milliseconds of every run, by the subject's name; the subjects take turns. */
export async function timeInTurns(
  sandbox: Sandbox,
  subjects: readonly Subject[],
  rounds: number,
  input: string,
): Promise<Map<string, number[]>> {
  const turns = takeTurns(subjects);
  const steps = turns.flatMap(({ command, before = [] }) => [
    ...before.flatMap((words) => ['before', ...words, ',']),
    ...['run', ...command, ','],
  ]);
  const durations = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (const [turn = 0, nanoseconds = 0] of await timeRuns(sandbox, [
    ...['rounds', String(rounds), input],
    ...steps.slice(0, -1),
  ])) {
    durations.get(turns[turn]?.name ?? '')?.push(nanoseconds / 1e6);
  }
  return durations;
}

// Those that run often in a round are spread over it, not bunched. Every other pass goes backwards: whoever
// always came behind a program of its own kind would always find the processor's caches as it needs them.
function takeTurns(subjects: readonly Subject[]): Subject[] {
  const most = Math.max(...subjects.map(({ perRound = 1 }) => perRound));
  return Array.from({ length: most }, (_, pass) => {
    const those = subjects.filter(({ perRound = 1 }) => pass < perRound);
    return pass % 2 === 0 ? those : those.reverse();
  }).flat();
}

/** Calls per second while `clients` of them run at any time. */
export async function callsPerSecond(
  sandbox: Sandbox,
  command: readonly string[],
  clients: number,
  seconds: number,
  input: string,
): Promise<number> {
  const words = ['crowd', String(clients), String(seconds), input, ...command];
  const [[calls = NaN, nanoseconds = NaN] = []] = await timeRuns(sandbox, words);
  return calls / (nanoseconds / 1e9);
}
