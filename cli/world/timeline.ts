// Where the time of a call has gone.

import { phases } from '../../machines/phases';
import type { Actor, Call, Part, Process, Step } from './types';

/** From when to when; open where it still lasts. */
export interface Span<What> {
  readonly what: What;
  readonly from: number;
  readonly to?: number;
}

/** The states of an actor, one after the other. */
export function statesOf(steps: readonly Step[], end: number | undefined): Span<string>[] {
  const changes = steps.filter(({ path, event }) => path.length > 0 || event === null);
  return changes.map(({ to: what, t: from }, index) => {
    const to = changes[index + 1]?.t ?? end;
    return { what, from, ...(to === undefined ? {} : { to }) };
  });
}

/** The actor that makes the process a part of its call. */
export const actorOf = (process: Process, part: Part): Actor | undefined =>
  process.actors.find(({ chart }) => chart === part);

/** The phases of a call by their places among all of them, without those that took no time. */
export function phasesOf(call: Call): Span<number>[] {
  const changes = Object.entries(call.parts)
    .flatMap(([part, process]) => changesOf(process, part as Part))
    .sort((one, other) => one.t - other.t);
  const current = new Map<string, number>();
  const spans: { what: number; from: number; to?: number }[] = [];
  for (const { t, part, phase } of changes) {
    current.set(part, phase);
    const what = Math.max(...current.values());
    const last = spans.at(-1);
    if (last?.what === what) continue;
    if (last?.from === t) spans.pop();
    else if (last !== undefined) last.to = t;
    if (spans.at(-1)?.what !== what) spans.push({ what, from: t });
  }
  const last = spans.at(-1);
  if (last !== undefined && call.ended !== undefined) last.to = Math.max(call.ended, last.from);
  return spans;
}

interface Change {
  readonly t: number;
  readonly part: Part;
  readonly phase: number;
}

const changesOf = (process: Process, part: Part): Change[] =>
  (actorOf(process, part)?.steps ?? []).flatMap(({ t, to }) => {
    const phase = phaseOf(part, to);
    return phase === undefined ? [] : [{ t, part, phase }];
  });

const places = new Map(
  phases.flatMap(({ states }, place) =>
    Object.entries(states).flatMap(([chart, paths]) =>
      paths.map((path): [string, number] => [`${chart} ${path}`, place]),
    ),
  ),
);

/** The place of the phase that the state belongs to. */
export function phaseOf(chart: string, state: string): number | undefined {
  const place = places.get(`${chart} ${state}`);
  const end = state.lastIndexOf('.');
  return place ?? (end < 0 ? undefined : phaseOf(chart, state.slice(0, end)));
}
