// Standard streams across the fork. Node makes process.stdin, stdout and stderr at their first use, fit
// for what the descriptor is at that moment, and for good: in the setup that must not happen.

import { forwarder } from './forwarder';
import type { Forwarder } from './forwarder';
import { setupInput, setupOutput } from './setup-streams';

const names = ['stdin', 'stdout', 'stderr'] as const;

export interface Diversion {
  /**
   * Puts Node's streams back: in the executor all, before it is there those that the setup has not used.
   * What the setup kept of its own works on there: it forwards to Node's.
   */
  restore(which: 'all' | 'unused'): void;
  /** By which Node makes its streams when a script first uses them. */
  readonly getters: Readonly<Record<(typeof names)[number], (() => unknown) | undefined>>;
  /** Does that in the server: what it makes of the streams does not count as the setup's use of them. */
  rehearse(act: () => void): void;
}

/** Gives the setup streams of its own. */
export function divertStdio(): Diversion {
  const getterOf = (name: (typeof names)[number]): (() => unknown) | undefined =>
    Object.getOwnPropertyDescriptor(process, name)?.get;
  const getters = {
    stdin: getterOf('stdin'),
    stdout: getterOf('stdout'),
    stderr: getterOf('stderr'),
  };
  let isRehearsal = false;
  let diverted = names.map((name, descriptor) => divert(name, descriptor, () => isRehearsal));
  // The global console looks up process.stdout once and keeps it; this makes it look again.
  const forgetStreams = (): void =>
    void Object.assign(console, { _stdout: undefined, _stderr: undefined });
  return {
    restore: (which) => {
      const restored = diverted.filter(({ isUsed }) => which === 'all' || !isUsed());
      for (const { restore } of restored) restore();
      if (restored.length > 0) forgetStreams();
      diverted = diverted.filter((stream) => !restored.includes(stream));
    },
    getters,
    rehearse: (act) => {
      isRehearsal = true;
      try {
        forwarder(setupInput()).forwardTo(setupInput);
        Reflect.get(console, '_stdout');
        forgetStreams();
        act();
      } finally {
        isRehearsal = false;
      }
    },
  };
}

interface Diverted {
  isUsed(): boolean;
  restore(): void;
}

function divert(
  name: (typeof names)[number],
  descriptor: number,
  isRehearsal: () => boolean,
): Diverted {
  const original = Object.getOwnPropertyDescriptor(process, name) ?? {};
  const make = (): Forwarder =>
    forwarder(descriptor === 0 ? setupInput() : setupOutput(descriptor));
  let used: Forwarder | undefined;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => (isRehearsal() ? (used ?? make()) : (used ??= make())).proxy,
  });
  return {
    isUsed: () => used !== undefined,
    restore: () => {
      Object.defineProperty(process, name, original);
      used?.forwardTo(() => process[name]);
    },
  };
}
