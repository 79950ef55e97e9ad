// What a call pays for being watched.

import { openPage, startBrowser } from '../test/support/browser';
import { Inspector } from '../test/support/inspector';
import { Sandbox } from '../test/support/sandbox';
import { timeInTurns } from './stopwatch';
import { input, subjects } from './subjects';

const passes = 8;
const roundsPerPass = 4;

/** Under these names the durations are told. */
export const watched = {
  nobody: 'hello, warm, nobody watches',
  page: 'hello, warm, a live page is open',
} as const;

/** Milliseconds of warm calls, with a live page of `prefork inspect` open and without, taking turns. */
export async function measureInspection(): Promise<Map<string, number[]>> {
  const [alone, observed] = [new Sandbox(), new Sandbox(false)];
  const browser = await startBrowser();
  try {
    const inspector = await Inspector.start(observed);
    await openPage(browser, inspector.url);
    const turns = [
      { name: watched.nobody, sandbox: alone },
      { name: watched.page, sandbox: observed },
    ];
    const durations = new Map<string, number[]>();
    const { command, perRound } = subjects.warmHello;
    for (let pass = -1; pass < passes; ++pass) {
      for (const { name, sandbox } of turns) {
        const [times = []] = (
          await timeInTurns(sandbox, [{ name, command, perRound }], roundsPerPass, input)
        ).values();
        // The first pass starts the servers.
        if (pass >= 0) durations.set(name, [...(durations.get(name) ?? []), ...times]);
      }
    }
    return durations;
  } finally {
    await browser.close();
    await alone.end();
    await observed.end();
  }
}
