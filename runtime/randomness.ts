// Generators whose state a fork duplicates: without this, every call would draw the same numbers.
// What OpenSSL draws directly (randomBytes, getRandomValues) it reseeds by itself after a fork.

import { addon } from './addon';
import type { Call } from './addon';

// How much Node draws in advance: so many calls use up what a parent may have left.
const randomUUIDCache = 128;
const randomIntCache = 1024;

export interface Randomness {
  /**
   * In each executor, before the script goes on, or ahead of that: what has been done in a process is not done again
   * there.
   */
  refresh(call: Call): void;
  /** In the server, where nobody waits: takes that back, and makes ready what takes a millisecond. */
  reset(): void;
}

/** Has whoever takes `Math.random` for himself from now on get one that can be replaced. */
export function divertRandomness(): Randomness {
  const original = Math.random;
  let current = original;
  // What a proxy of a native function shows of itself is what that would show.
  const diverted = new Proxy(original, { apply: () => current() });
  Math.random = diverted;
  const replaceMathRandom = (random: () => number): void => {
    current = random;
    // Unless the script has put one of its own in its place.
    if (Math.random === diverted) Math.random = random;
  };
  let spare: Spare | undefined;
  let refreshedIn: number | undefined;
  const refresh = ({ isFirst, seed, pid }: Call): void => {
    if (pid === refreshedIn) return;
    refreshedIn = pid;
    // The setup's own numbers go on there and nowhere else.
    if (isFirst) return replaceMathRandom(original);
    spare ??= makeSpare();
    const { random, discardDrawn } = spare;
    addon().setRandomSeed(seed);
    random();
    // Contexts made later, in Workers too, must not have this one's seed.
    addon().setRandomSeed(0);
    // It is to be a function like all others here.
    Object.setPrototypeOf(random, Function.prototype);
    replaceMathRandom(random);
    discardDrawn();
  };
  const reset = (): void => {
    if (Math.random === current) Math.random = diverted;
    current = original;
    refreshedIn = undefined;
    // The other has been seeded now: with it, all calls would draw the same numbers.
    spare = makeSpare();
  };
  return { refresh, reset };
}

interface Spare {
  /** Has never been called. */
  readonly random: () => number;
  readonly discardDrawn: () => void;
}

function makeSpare(): Spare {
  const { runInNewContext } = require('node:vm') as typeof import('node:vm');
  // V8 seeds Math.random once per context, at the first call, from a flag if that is set. So a context
  // that has never been asked is kept for the executor to seed.
  const random = runInNewContext('Math.random') as () => number;
  const discardDrawn = cacheDiscarder();
  // Once here, so that it is compiled and its pages are ours to share.
  discardDrawn();
  return { random, discardDrawn };
}

// A program that has not loaded the module has drawn nothing, and shall not have to load it for this.
function cacheDiscarder(): () => void {
  const { moduleLoadList } = process as NodeJS.Process & { moduleLoadList?: readonly string[] };
  if (moduleLoadList?.includes('NativeModule internal/crypto/random') === false) return () => {};
  const { randomInt, randomUUID } = require('node:crypto') as typeof import('node:crypto');
  return () => {
    for (let drawn = 0; drawn < randomUUIDCache; ++drawn) randomUUID();
    for (let drawn = 0; drawn < randomIntCache; ++drawn) randomInt(2);
  };
}
