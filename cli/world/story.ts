// What a call's actors did, step by step, and how each of them stood at any step.

import type { Lane } from './lanes';
import type { Step } from './types';

/** One step of one of them. */
export interface Moment {
  /** The key of its lane. */
  readonly lane: string;
  readonly step: Step;
}

/** All steps in the order of time. */
export const momentsOf = (lanes: readonly Lane[]): Moment[] =>
  lanes
    .flatMap((lane) => lane.steps.map((step) => ({ lane: lane.key, step })))
    .sort((one, other) => one.step.t - other.step.t);

/** An actor as it stood at a moment. */
export interface Standing {
  /** Undefined: it had not begun. */
  readonly state?: string;
  /** When it had come to that state. */
  readonly since?: number;
  readonly last?: Step;
  /** Whether its process had ended by then. */
  readonly isGone: boolean;
  /** Every pair of states that it had gone from and to, and every state it had been in, the latest last. */
  readonly taken: readonly (readonly [from: string, to: string])[];
  readonly visited: ReadonlySet<string>;
}

/** As of the end of the moments that are given. */
export function standingOf(lane: Lane, until: readonly Moment[], isEnd: boolean): Standing {
  const steps = until.filter((moment) => moment.lane === lane.key).map(({ step }) => step);
  const last = steps.at(-1);
  const taken: [string, string][] = [];
  const visited = new Set<string>();
  for (const { from, path, to } of steps) {
    let before = from;
    if (from !== null) visited.add(from);
    for (const state of path) {
      if (before !== null) taken.push([before, state]);
      visited.add(state);
      before = state;
    }
    visited.add(to);
  }
  const entered = steps.findLast(({ path, event }) => path.length > 0 || event === null);
  const since = entered?.t ?? steps[0]?.t;
  return {
    ...(last === undefined ? {} : { state: last.to, last }),
    ...(since === undefined ? {} : { since }),
    isGone: isEnd && lane.gone !== undefined,
    taken,
    visited,
  };
}
