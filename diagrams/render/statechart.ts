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

/** A line that stands in a state. */
export interface Note {
  readonly about: 'step' | 'description' | 'end' | 'action' | 'way';
  readonly text: string;
  /** Whether it tells of a way from the main way to what is apart from it. */
  readonly failure: boolean;
}

/** What a state says beside its name: what it is for, what it does, and the ways that are not drawn. */
export const notesOf = (model: Model, box: Box): readonly Note[] => {
  const { state, ways } = box;
  const note = (about: Note['about'], text: string, failure = false): Note => ({
    about,
    text,
    failure,
  });
  const actions = (when: string, names: readonly string[]): readonly Note[] =>
    names.length === 0 ? [] : [note('action', `${when} / ${names.join(', ')}`)];
  const end = endOf(state);
  const written = ways.filter((way) => !isDrawn(model, way));
  const targets = [...new Set(written.map(({ target }) => target))];
  return [
    ...(state.step === null ? [] : [note('step', `“${state.step}”`)]),
    note('description', state.description),
    ...(end === null ? [] : [note('end', end)]),
    ...actions('entry', state.entry),
    ...actions('exit', state.exit),
    ...targets.flatMap((target) => {
      const texts = written.filter((way) => way.target === target).map((way) => wayText(way, ways));
      if (target === null) return texts.map((text) => note('action', text));
      const text = `${texts.join(', ')} → ${nameOf(target)}`.trimStart();
      return note('way', text, isFailure(model, target));
    }),
  ];
};

/** The drawn ways out of a state; those to the same target share one arrow. */
export interface Arrow {
  readonly target: string;
  readonly texts: readonly string[];
}

export const arrowsOf = (model: Model, { ways }: Box): readonly Arrow[] => {
  const drawn = ways.filter((way) => isDrawn(model, way));
  const targets = [...new Set(drawn.flatMap(({ target }) => target ?? []))];
  return targets.map((target) => ({
    target,
    texts: drawn.filter((way) => way.target === target).map((way) => wayText(way, ways)),
  }));
};

/** How a final state ends the process, or what the process becomes. */
export const endOf = (state: State | Group): string | null => {
  if (!('final' in state) || !state.final) return null;
  if (state.becomes !== null) return `becomes ${state.becomes}`;
  return state.exitStatus === null ? 'ends' : `exits with ${state.exitStatus}`;
};

/** `EVENT [guard] / action`. */
export const wayText = (way: Way, ways: readonly Way[]): string => {
  const condition = conditionOf(way, ways);
  if (way.actions.length > 0) return `${condition} / ${way.actions.join(', ')}`.trimStart();
  return way.target === null ? `${condition} / nothing` : condition;
};

/**
 * The event and the guard of a way. Of several ways on one event the guards say which is tried first:
 * `1 [isOld]`, `2 [isNew]`, `3 [otherwise]`.
 */
const conditionOf = (way: Way, ways: readonly Way[]): string => {
  const alternatives = ways.filter(({ event }) => event === way.event);
  const guard =
    way.guard !== null ? `[${way.guard}]` : alternatives.length > 1 ? '[otherwise]' : null;
  const order = alternatives.length > 2 ? `${alternatives.indexOf(way) + 1}` : null;
  return [way.event, order, guard].filter((word) => word !== null).join(' ');
};

/** So many ways to one state outside of groups are too many to be drawn. */
const many = 4;

/**
 * Whether a way is drawn as a line. The others are written in the state: those that leave it as it is, those
 * that lead further into it, those that cross between the main way and what is apart from it, and all but the
 * last of those that lead to a state which many lead to. As lines they would bury the rest.
 */
const isDrawn = (model: Model, way: Way): boolean => {
  if (!canBeDrawn(model, way)) return false;
  const { source, target } = way;
  if (target === null || target.includes('.')) return true;
  const others = model.ways.filter((one) => one.target === target && canBeDrawn(model, one));
  const sources = [...new Set(others.map((one) => one.source))];
  return sources.length < many || sources.at(-1) === source;
};

const canBeDrawn = (model: Model, { source, target }: Way): boolean =>
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
