// Finished calls by what they have in common: so thousands of them take the room of a few.

import { phases } from '../../machines/phases';
import { processes } from '../../machines/topology';
import { actorOf, phasesOf } from './timeline';
import { hasGap, isComplete, missingEnds } from './completeness';
import type { Call, CallClass, Outcome, Part } from './types';

const keptLatest = 20;
const keptSlowest = 5;
const keptDurations = 500;
const parts: readonly Part[] = ['client', 'monitor', 'executor'];

export class Classes {
  /** How many calls have finished. */
  finished = 0;
  /** Records that must have been lost because a process that ended well has not said so. */
  missing = 0;
  /** The one that has finished last. */
  last: Call | undefined;
  private readonly byKey = new Map<string, CallClass>();

  get all(): readonly CallClass[] {
    return [...this.byKey.values()];
  }

  add(call: Call): void {
    this.finished += 1;
    this.last = call;
    const fresh = classOf(call);
    if (typeof fresh.outcome === 'object') this.missing += missingEnds(call);
    const known = this.byKey.get(fresh.key) ?? fresh;
    this.byKey.set(fresh.key, known);
    known.count += 1;
    known.durations = [...known.durations.slice(1 - keptDurations), durationOf(call)];
    for (const { what, from, to = from } of phasesOf(call))
      known.phaseSums[what] = (known.phaseSums[what] ?? 0) + to - from;
    known.latest = [...known.latest.slice(1 - keptLatest), call];
    known.slowest = [...known.slowest, call]
      .sort((one, other) => durationOf(other) - durationOf(one))
      .slice(0, keptSlowest);
  }

  /** A finished call, if it is one of those that are kept. */
  find(key: string): Call | undefined {
    for (const { latest, slowest } of this.byKey.values()) {
      const found = [...latest, ...slowest].find((call) => call.key === key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  copyTo(other: Classes): void {
    other.finished = this.finished;
    other.last = this.last;
    other.missing = this.missing;
    for (const [key, one] of this.byKey)
      other.byKey.set(key, { ...one, phaseSums: [...one.phaseSums] });
  }
}

export const durationOf = ({ begun, ended = begun }: Call): number => ended - begun;

export const scriptOf = ({ parts }: Call): string | undefined =>
  parts.monitor?.script ?? parts.executor?.script ?? parts.client?.script;

export function outcomeOf({ parts }: Call): Outcome {
  const { client, executor } = parts;
  if (client?.gone?.ending !== undefined) return client.gone.ending;
  if (client?.gone?.isSudden) return 'client killed';
  return executor?.gone?.ending ?? 'unknown';
}

const visited = (call: Call, part: Part): readonly string[] => {
  const process = call.parts[part];
  return (process && actorOf(process, part)?.steps.flatMap(({ path }) => path)) ?? [];
};

const forkingSetup = processes.find(({ name }) => name === 'setup')?.origin?.states ?? [];

export function startOf(call: Call): CallClass['start'] {
  if (visited(call, 'client').some((state) => forkingSetup.includes(state))) return 'first';
  return call.parts.monitor === undefined ? 'without server' : 'warm';
}

/** The outermost states that its processes have gone through, each named once where it lasts. */
function pathOf(call: Call): readonly string[] {
  return parts.flatMap((part) => {
    const outermost = visited(call, part).map((state) => state.split('.')[0] ?? state);
    return outermost
      .filter((state, index) => state !== outermost[index - 1])
      .map((state) => `${part} ${state}`);
  });
}

function classOf(call: Call): CallClass {
  const script = scriptOf(call) ?? '';
  const outcome = outcomeOf(call);
  // Calls of which something is not known would else be a class each.
  const isIncomplete = hasGap(call) || !isComplete(call);
  const path = isIncomplete ? [] : pathOf(call);
  return {
    key: JSON.stringify([script, outcome, startOf(call), path]),
    script,
    outcome,
    path,
    isIncomplete,
    start: startOf(call),
    count: 0,
    durations: [],
    phaseSums: phases.map(() => 0),
    latest: [],
    slowest: [],
  };
}
