// Standard streams across the fork. Node makes process.stdin, stdout and stderr at their first use, fit
// for what the descriptor is at that moment, and for good: in the setup that must not happen.

import { forwarder } from './forwarder';
import { setupInput, setupOutput } from './setup-streams';

const names = ['stdin', 'stdout', 'stderr'] as const;

export interface Diversion {
  /** Puts back, before the executor is there, what the setup has not used. */
  restoreUnused(): void;
  /**
   * Puts Node's streams back, in the executor. What the setup kept of its own works on there: it forwards
   * to Node's.
   */
  restore(): void;
  /** Has Node make its process.stdout, as a script does that uses it. */
  makeStdout(): void;
}

/** Gives the setup streams of its own. */
export function divertStdio(): Diversion {
  const stdout = Object.getOwnPropertyDescriptor(process, 'stdout');
  let diverted = names.map((name, descriptor) => divert(name, descriptor));
  const restore = (which: readonly Diverted[]): void => {
    for (const { restore } of which) restore();
    // The global console looks up process.stdout once and keeps it; this makes it look again.
    if (which.length > 0) Object.assign(console, { _stdout: undefined, _stderr: undefined });
    diverted = diverted.filter((stream) => !which.includes(stream));
  };
  return {
    restoreUnused: () => restore(diverted.filter(({ isUsed }) => !isUsed())),
    restore: () => restore(diverted),
    makeStdout: () => void stdout?.get?.call(process),
  };
}

interface Diverted {
  isUsed(): boolean;
  restore(): void;
}

function divert(name: (typeof names)[number], descriptor: number): Diverted {
  const original = Object.getOwnPropertyDescriptor(process, name) ?? {};
  let used: ReturnType<typeof forwarder> | undefined;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      used ??= forwarder(descriptor === 0 ? setupInput() : setupOutput(descriptor));
      return used.proxy;
    },
  });
  return {
    isUsed: () => used !== undefined,
    restore: () => {
      Object.defineProperty(process, name, original);
      used?.forwardTo(() => process[name]);
    },
  };
}
