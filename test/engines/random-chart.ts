import * as fc from 'fast-check';
import type { Chart, StateNode, Transition } from '../../machines/chart';
import type { Scenario } from './scenario';

/**
 * Random charts over the whole subset. First a tree of raw states is drawn in which a target is only
 * a number; then the numbers become states and the states are worded, so that shrinking the numbers
 * always leaves a chart.
 */

interface RawWay {
  readonly guard: number | null;
  readonly target: number | null;
  readonly actions: readonly number[];
  readonly internal: boolean | null;
  readonly wording: number;
}

interface RawState {
  readonly final: boolean;
  readonly initial: number;
  readonly entry: readonly number[];
  readonly exit: readonly number[];
  readonly on: readonly (readonly RawWay[])[];
  readonly always: readonly RawWay[];
  readonly children: readonly RawState[];
}

/** A raw state at its place in the tree. */
interface Placed {
  readonly raw: RawState;
  readonly path: readonly string[];
  readonly order: number;
  /** The order of the last state inside it. */
  lastOrder: number;
  readonly children: Placed[];
}

const id = 'random';
const eventNames = ['ALPHA', 'BETA', 'GAMMA'];
const actionNames = ['one', 'two', 'three', 'four', 'five'];
const guardNames = ['first', 'second', 'third'];

const below = (bound: number): fc.Arbitrary<number> => fc.nat(bound - 1);

const actions = fc.array(below(actionNames.length), { maxLength: 2 });
const way = fc.record<RawWay>({
  guard: fc.option(below(guardNames.length), { freq: 2 }),
  target: fc.option(below(60), { freq: 6 }),
  actions,
  internal: fc.option(fc.boolean(), { freq: 2 }),
  wording: below(6),
});
const { state } = fc.letrec<{ state: RawState; states: readonly RawState[] }>((tie) => ({
  state: fc.record<RawState>({
    final: below(8).map((die) => die === 7),
    initial: below(6),
    entry: actions,
    exit: actions,
    on: fc.array(fc.array(way, { minLength: 1, maxLength: 3 }), {
      maxLength: eventNames.length,
      size: 'max',
    }),
    always: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(way, { maxLength: 2 }) },
    ),
    children: tie('states'),
  }),
  states: fc.oneof(
    { maxDepth: 3, depthSize: 'medium' },
    fc.constant([]),
    fc.array(tie('state'), { minLength: 1, maxLength: 3 }),
  ),
}));

const place = (raw: RawState, path: readonly string[], count: { order: number }): Placed => {
  const placed: Placed = { raw, path, order: count.order, lastOrder: 0, children: [] };
  count.order += 1;
  raw.children.forEach((child, index) => {
    placed.children.push(place(child, [...path, `s${index}`], count));
  });
  placed.lastOrder = count.order - 1;
  return placed;
};

const isInside = (inner: Placed, outer: Placed): boolean =>
  inner.order > outer.order && inner.order <= outer.lastOrder;

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

class Wording {
  readonly #all: Placed[] = [];

  constructor(readonly root: Placed) {
    const collect = (placed: Placed): void => {
      this.#all.push(placed);
      placed.children.forEach(collect);
    };
    collect(root);
  }

  chart(): Chart {
    const states = this.#states(this.root);
    const first = `s${this.root.raw.initial % this.root.children.length}`;
    // Guards of the start that are asked after actions are outside the subset; a first state that
    // waits for an event keeps them out, and the charts that do without it start here and there.
    const waits = this.root.raw.exit.length > 0;
    const waiting: StateNode = { description: 'Waits.', on: { ALPHA: first } };
    return {
      id,
      description: 'Drawn at random.',
      predictableActionArguments: true,
      initial: waits ? 'waiting' : first,
      // A shrunk chart still knows every event, and the last state runs every action.
      states: { ...(waits ? { waiting } : {}), ...states, unreached },
      meta: { posts: Object.fromEntries(actionNames.map((name) => [name, []])) },
    };
  }

  #states(parent: Placed): Record<string, StateNode> {
    return Object.fromEntries(
      parent.children.map((child) => [child.path.at(-1) ?? '', this.#node(child)]),
    );
  }

  #node(placed: Placed): StateNode {
    const { raw, children } = placed;
    const description = placed.path.join(' ');
    const entry = raw.entry.map((index) => pick(actionNames, index));
    if (raw.final && children.length === 0) return { description, type: 'final', entry };
    return {
      description,
      entry,
      exit: raw.exit.map((index) => pick(actionNames, index)),
      on: this.#handlers(placed),
      ...this.#always(placed),
      ...(children.length > 0 && {
        initial: `s${raw.initial % children.length}`,
        states: this.#states(placed),
      }),
    };
  }

  #handlers(source: Placed): Record<string, Transition | readonly Transition[]> {
    const handlers = source.raw.on.map((ways, index) => {
      const worded = ways.map((raw) => this.#way(source, raw, raw.target));
      return [pick(eventNames, index), upToTheCertain(worded)] as const;
    });
    return Object.fromEntries(handlers.filter(([, ways]) => ways.length > 0));
  }

  #always(source: Placed): { always?: readonly Transition[] } {
    const ways = source.raw.always.map((raw) => {
      if (raw.guard !== null) return this.#way(source, raw, raw.target);
      // Without a guard only ahead in the document: so no circle can do without a guard's yes.
      const ahead = this.#all.filter(({ order }) => order > source.lastOrder);
      if (ahead.length === 0) return null;
      return this.#way(source, raw, pick(ahead, raw.target ?? 0).order);
    });
    const always = upToTheCertain(ways.filter((worded) => worded !== null));
    return always.length > 0 ? { always } : {};
  }

  #way(source: Placed, raw: RawWay, order: number | null): Transition {
    const target = order === null ? null : pick(this.#all, order);
    const internal = target && raw.internal !== null && (!raw.internal || isInside(target, source));
    return {
      ...(raw.guard !== null && { cond: pick(guardNames, raw.guard) }),
      ...(raw.actions.length > 0 && {
        actions: raw.actions.map((index) => pick(actionNames, index)),
      }),
      ...(target && { target: pick(this.#wordings(source, target), raw.wording) }),
      ...(internal && { internal: raw.internal }),
    };
  }

  /** All the ways to name a target. */
  #wordings(source: Placed, target: Placed): readonly string[] {
    const wordings = [[`#${id}`, ...target.path].join('.')];
    const around = source.path.slice(0, -1);
    const isNear = around.every((key, index) => target.path[index] === key);
    if (isNear && target.path.length > around.length) {
      wordings.push(target.path.slice(around.length).join('.'));
    }
    if (isInside(target, source)) {
      wordings.push(`.${target.path.slice(source.path.length).join('.')}`);
    }
    return wordings;
  }
}

const upToTheCertain = (ways: readonly Transition[]): readonly Transition[] => {
  const certain = ways.findIndex(({ cond }) => cond === undefined);
  return certain < 0 ? ways : ways.slice(0, certain + 1);
};

const unreached: StateNode = {
  description: 'Names everything, so that every name is known.',
  entry: actionNames,
  on: Object.fromEntries(eventNames.map((event) => [event, {}])),
};

const chart = fc
  .tuple(state, fc.array(state, { minLength: 2, maxLength: 4 }))
  .map(([around, children]) =>
    new Wording(place({ ...around, children }, [], { order: 0 })).chart(),
  );

const eventName = fc.constantFrom(...eventNames);

const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  chart,
  posts: fc.record(
    Object.fromEntries(actionNames.map((name) => [name, fc.array(eventName, { maxLength: 2 })])),
  ),
  postLimit: fc.nat(20),
  answers: fc.array(fc.boolean(), { maxLength: 40, size: 'max' }),
  early: fc.nat(2),
  events: fc.array(eventName, { minLength: 2, maxLength: 12, size: 'max' }),
});

/** Evenly drawn: with fast-check's own bias to the bounds most charts would stand still. */
export const scenarios = fc.noBias(anyScenario);
