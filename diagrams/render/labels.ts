/** What a state is called where a course is told: by the step of the documented diagrams that it is, if any. */

import type { Branch, Model, State } from '../../machines/model';

export interface Label {
  readonly text: string;
  /** Whether the documented diagrams have it. */
  readonly documented: boolean;
}

export const labelOf = (model: Model, state: State): Label => {
  const step = state.step ?? stepAround(model, state.path);
  return step === null
    ? { text: wordsOf(state.path), documented: false }
    : { text: step, documented: true };
};

/** The step of a group stands for all that is in it, or for where it starts if others have their own. */
const stepAround = (model: Model, path: string): string | null => {
  const group = model.groups.find((one) => one.path === path.slice(0, path.lastIndexOf('.')));
  if (group === undefined) return null;
  const others = model.states.filter((state) => state.path.startsWith(`${group.path}.`));
  const isWhole = others.every(({ step }) => step === null);
  return isWhole || path === group.initial ? group.step : null;
};

/** `checkingFreshness`: `checking freshness`. */
const wordsOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('.') + 1)
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A way out of a step that was not taken, or that was where there are others. */
export interface Condition {
  readonly text: string;
  readonly taken: boolean;
}

/** The conditions on which a step is left, but for those that lead to mere failures. */
export const conditionsOf = (
  model: Model,
  from: State,
  event: string,
  to: State,
): readonly Condition[] => {
  const { text: label, documented } = labelOf(model, from);
  const exits = model.states
    .filter((state) => labelOf(model, state).text === label)
    .flatMap((state) => exitsOf(model, state, documented))
    .filter(({ target }) => labelOf(model, target).text !== label);
  const [taken, ...same] = exits.filter((exit) => exit.event === event && exit.target === to);
  if (taken === undefined || isFork(event)) return [];
  const others = exits.filter(
    ({ target, event: other }) =>
      target !== to && !isFork(other) && (!target.failure || labelOf(model, target).documented),
  );
  if (others.length === 0) return [];
  const texts = others.map(
    (exit) => `${exit.text} → ${labelOf(model, restOf(model, exit.target)).text}`,
  );
  return [
    { text: same.length === 0 ? taken.text : `${event}?`, taken: true },
    ...[...new Set(texts)].map((text) => ({ text, taken: false })),
  ];
};

/** Where a chart goes on at once from a step that is not documented, unless it ends there. */
const restOf = (model: Model, state: State): State => {
  if (labelOf(model, state).documented) return state;
  const target = state.always.find(({ guard }) => guard === null)?.target;
  const next = model.states.find(({ path }) => path === target);
  return next === undefined || next.final ? state : restOf(model, next);
};

/** Forks are drawn as such. */
const isFork = (event: string | null): boolean => event === 'PARENT' || event === 'CHILD';

interface Exit {
  readonly event: string | null;
  readonly text: string;
  readonly target: State;
}

/** Those of the states around it belong to documented steps alone: it would be tedious to say them again. */
const exitsOf = (model: Model, state: State, all: boolean): readonly Exit[] => {
  const exit = (event: string | null, { guard, target, way }: Branch): readonly Exit[] => {
    const reached = model.states.find(({ path }) => path === target);
    if (reached === undefined || (!all && way?.source !== state.path)) return [];
    const words = [event, guard === null ? null : `[${guard}]`].filter((word) => word !== null);
    return [{ event, text: `${words.join(' ')}?`, target: reached }];
  };
  return [
    ...[...state.on].flatMap(([event, branches]) =>
      branches.flatMap((branch) => exit(event, branch)),
    ),
    ...state.always.flatMap((branch) => exit(null, branch)),
  ];
};
