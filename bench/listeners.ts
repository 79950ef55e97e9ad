// What it costs that processes can be listened to, and that somebody does.

import { join } from 'node:path';
import { Recorder } from '../test/support/recorder';
import type { Sandbox } from '../test/support/sandbox';
import { timeInTurns, type Subject } from './stopwatch';
import { input, subjects } from './subjects';

const passes = 12;
const runsPerPass = 25;

const { command } = subjects.warmHello;

/** Another tree, built, to compare with: `PREFORK_BENCH_OTHER=FOLDER`. */
const other = process.env['PREFORK_BENCH_OTHER'];

export const unheard: Subject = { name: 'hello, warm, nobody listens', command };
export const heard: Subject = { name: 'hello, warm, somebody listens', command };
export const elsewhere: Subject = {
  name: 'hello, warm, the other tree',
  command:
    other === undefined
      ? command
      : [
          join(other, 'build/bin/prefork-interp'),
          '-U',
          process.execPath,
          join(other, 'bench/scripts/hello.js'),
        ],
};

/** Milliseconds by the subject’s name: a listener comes and goes, so that all meet the same machine. */
export async function measureListeners(sandbox: Sandbox): Promise<Map<string, number[]>> {
  const durations = new Map<string, number[]>();
  const measure = async (subjectsOfPass: readonly Subject[]): Promise<void> => {
    const measured = await timeInTurns(sandbox, subjectsOfPass, runsPerPass, input);
    for (const [name, all] of measured) {
      durations.set(name, [...(durations.get(name) ?? []), ...all]);
    }
  };
  for (let pass = 0; pass < passes; ++pass) {
    await measure(other === undefined ? [unheard] : [unheard, elsewhere]);
    const recorder = Recorder.start(sandbox.runDirectory);
    await measure([heard]);
    await recorder.stop();
  }
  return durations;
}
