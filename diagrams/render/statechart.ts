/** What every drawing of a chart shows: its states as a tree, and which ways out are worth a line. */

import type { Group, Model, State, Way } from '../../machines/model';

/** A state as it is drawn, with the states inside it. */
export interface Box {
  readonly state: State | Group;
  /** The last key of its path. */
  readonly name: string;
  readonly inside: readonly Box[];
  /** The ways out that it declares itself, in document order: so they are tried. */
  readonly ways: readonly Way[];
}

/** The outermost states, in document order. */
export const boxesOf = (model: Model): readonly Box[] => boxesIn(model, '');

const boxesIn = (model: Model, parent: string): readonly Box[] => {
  const depth = parent === '' ? 0 : parent.split('.').length;
  const within = model.states.filter(({ path }) => parent === '' || path.startsWith(`${parent}.`));
  const paths = within.map(({ path }) =>
    path
      .split('.')
      .slice(0, depth + 1)
      .join('.'),
  );
  return [...new Set(paths)].map((path) => {
    const group = model.groups.find((one) => one.path === path);
    const state = group ?? model.states.find((one) => one.path === path);
    if (state === undefined) throw new Error(`${model.id} has no state ${path}`);
    return {
      state,
      name: nameOf(path),
      inside: group === undefined ? [] : boxesIn(model, path),
      ways: model.ways.filter(({ source }) => source === path),
    };
  });
};

/** The boxes and all that are in them, in document order. */
export const withInner = (boxes: readonly Box[]): readonly Box[] =>
  boxes.flatMap((box) => [box, ...withInner(box.inside)]);

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** The state of the chart itself in which it starts. */
export const startOf = (model: Model): string => model.initial.target.split('.')[0] ?? '';

/** How a final state ends the process, or what the process becomes. */
export const endOf = (state: State | Group): string | null => {
  if (!('final' in state) || !state.final) return null;
  if (state.becomes !== null) return `becomes ${state.becomes}`;
  return state.exitStatus === null ? 'ends' : `exits with ${state.exitStatus}`;
};

/**
 * The event and the guard of a way. Of several ways on one event the guards say which is tried first:
 * `1 [isOld]`, `2 [isNew]`, `3 [otherwise]`.
 */
export const conditionOf = (way: Way, ways: readonly Way[]): string => {
  const alternatives = ways.filter(({ event }) => event === way.event);
  const guard =
    way.guard !== null ? `[${way.guard}]` : alternatives.length > 1 ? '[otherwise]' : null;
  const order = alternatives.length > 2 ? `${alternatives.indexOf(way) + 1}` : null;
  return [way.event, order, guard].filter((word) => word !== null).join(' ');
};

/**
 * Whether a way is drawn as a line. The others are written in the state: those that leave it as it is, those
 * that lead further into it, and those that cross between the main way and what is apart from it, which
 * would bury both.
 */
export const isDrawn = (model: Model, { source, target }: Way): boolean =>
  target !== null &&
  !target.startsWith(`${source}.`) &&
  sideOf(model, source) === sideOf(model, target);

/** On the main way, in the part that is drawn beside it, or a failure inside a state of the main way. */
const sideOf = (model: Model, path: string): string => {
  if (!isFailure(model, path)) return 'main';
  const [outermost = ''] = path.split('.');
  return isFailure(model, outermost) ? 'apart' : path;
};

export const isFailure = (model: Model, path: string): boolean =>
  [...model.states, ...model.groups].some((state) => state.path === path && state.failure);
