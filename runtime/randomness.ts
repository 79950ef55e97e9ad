// Generators whose state a fork duplicates: without this, every call would draw the same numbers.
// What OpenSSL draws directly (randomBytes, getRandomValues) it reseeds by itself after a fork.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// How much Node draws in advance: so many calls use up what a parent may have left.
const randomUUIDCache = 128;
const randomIntCache = 1024;

/**
 * Has whoever takes `Math.random` for himself from now on get one that can be replaced. Returns what does
 * that.
 */
export function divertMathRandom(): (random: () => number) => void {
  let current = Math.random;
  // What a proxy of a native function shows of itself is what that would show.
  const diverted = new Proxy(Math.random, { apply: () => current() });
  Math.random = diverted;
  return (random) => {
    current = random;
    // Unless the script has put one of its own in its place.
    if (Math.random === diverted) Math.random = random;
  };
}

/**
 * To be called when the setup is complete; what it returns, in each executor, with a seed that is not 0.
 */
export function prepareRandomness(
  replaceMathRandom: (random: () => number) => void,
): (seed: number) => void {
  // V8 seeds Math.random once per context, at the first call, from a flag if that is set. So a context
  // that has never been asked is kept for the executor to seed.
  const untouched = runInNewContext('Math.random') as () => number;
  const discardDrawn = cacheDiscarder();
  // Once here, so that it is compiled and its pages are ours to share.
  discardDrawn();
  return (seed) => {
    setFlagsFromString(`--random-seed=${seed}`);
    untouched();
    // Contexts made later, in Workers too, must not have this one's seed.
    setFlagsFromString('--random-seed=0');
    // It is to be a function like all others here.
    Object.setPrototypeOf(untouched, Function.prototype);
    replaceMathRandom(untouched);
    discardDrawn();
  };
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
