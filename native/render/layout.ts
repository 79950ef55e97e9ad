import { ChartError } from '../../machines/chart-error';
import type { Branch, Model } from '../../machines/model';

/** The model in the numbers of `native/engine/chart.h`. */
export interface Layout {
  /** At state * events + event. */
  readonly rows: readonly Row[];
  /** At state. */
  readonly eventless: readonly Row[];
  readonly branches: readonly BranchNumbers[];
  /** The branches' action lists; equal lists are the same piece. */
  readonly actions: readonly number[];
  readonly initial: BranchNumbers;
}

/** A piece of another list, half open. */
export type Row = readonly [begin: number, end: number];

/** guard, actions from, actions to, target, rounds. */
export type BranchNumbers = readonly [number, number, number, number, number];

/** `kNone` of chart.h; a list may count up to it. */
export const none = 0xffff;

export const layoutOf = (model: Model): Layout => {
  const actions = actionLists(model);
  const branches: BranchNumbers[] = [];
  const toNumbers = (branch: Branch): BranchNumbers => [
    branch.guard === null ? none : model.guards.indexOf(branch.guard),
    ...actions.piece(branch.actions),
    branch.target === null ? none : model.states.findIndex(({ path }) => path === branch.target),
    branch.rounds,
  ];
  const row = (tried: readonly Branch[]): Row => {
    const begin = branches.length;
    branches.push(...tried.map(toNumbers));
    return [begin, branches.length];
  };
  const layout = {
    rows: model.states.flatMap(({ on }) => model.events.map((event) => row(on.get(event) ?? []))),
    eventless: model.states.map(({ always }) => row(always)),
    branches,
    initial: toNumbers(model.initial),
    actions: actions.all,
  };
  for (const [what, list] of Object.entries({
    states: model.states,
    branches,
    actions: actions.all,
  })) {
    if (list.length >= none) throw new ChartError(model.id, `too many ${what}: ${list.length}`);
  }
  return layout;
};

/** Collects lists of actions in one, handing out the piece that holds each. */
const actionLists = (model: Model) => {
  const all: number[] = [];
  const pieces = new Map<string, Row>();
  const piece = (names: readonly string[]): Row => {
    const key = names.join(' ');
    const known = pieces.get(key);
    if (known) return known;
    const begin = all.length;
    all.push(...names.map((name) => model.actions.indexOf(name)));
    const added: Row = [begin, all.length];
    pieces.set(key, added);
    return added;
  };
  return { all, piece };
};
