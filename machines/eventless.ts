import { ChartError } from './chart-error';
import type { Branch, Model, State } from './model';

/** What the model's eventless branches must not do, in XState or in ours. */

const stateIn = (model: Model, path: string): State => {
  const state = model.states.find((candidate) => candidate.path === path);
  if (!state) throw new ChartError(`${model.id}.${path}`, 'no such state');
  return state;
};

const placeOf = (model: Model, state: State): string => `${model.id}.${state.path}: always`;

/** Refuses eventless branches that lead in a circle without ever asking a guard. */
export const refuseEndlessSteps = (model: Model): void => {
  for (const state of model.states) {
    const seen = [state.path];
    for (let next = certainTarget(state); next !== null;) {
      seen.push(next);
      if (seen.indexOf(next) < seen.length - 1) {
        throw new ChartError(placeOf(model, state), `never comes to rest: ${seen.join(' → ')}`);
      }
      next = certainTarget(stateIn(model, next));
    }
  }
};

const certainTarget = (state: State): string | null => {
  const [first] = state.always;
  return first?.guard === null ? (first.target ?? state.path) : null;
};

/**
 * Refuses guards that the chart's start asks after an action. XState works out the whole of the
 * first step, eventless transitions included, before it runs any action of it, so there, and only
 * there, such a guard would be asked too early.
 */
export const refuseEarlyGuards = (model: Model): void => {
  const seen = new Set<string>();
  const follow = (state: State, acted: boolean): void => {
    const key = `${state.path} ${acted}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (acted && state.always.some(({ guard }) => guard !== null)) {
      throw new ChartError(
        placeOf(model, state),
        'XState asks this guard before it runs the actions of the chart’s start: let an event lead here',
      );
    }
    for (const branch of state.always) follow(reached(state, branch), acted || acts(branch));
  };
  const reached = (state: State, { target }: Branch): State =>
    target === null ? state : stateIn(model, target);
  const acts = ({ actions }: Branch): boolean => actions.length > 0;
  follow(stateIn(model, model.initial.target), acts(model.initial));
};
