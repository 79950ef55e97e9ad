import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `condition` gives something other than undefined or false. The deadline is no
 * expectation of speed: it only keeps a broken test from hanging. `instead` tells what is there then.
 */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineSeconds = 30,
  instead: () => string = () => '',
): Promise<T> {
  const end = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) {
      throw new Error(`waited ${deadlineSeconds} s in vain for: ${what} ${instead()}`.trim());
    }
    await sleep(5);
  }
}
