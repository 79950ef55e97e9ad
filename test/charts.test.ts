import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMachine, type EventObject, type MachineConfig, type StateSchema } from 'xstate';
import type { Chart } from '../machines/chart';
import { charts, containerCharts } from '../machines/index';
import { modelOf, type Branch, type Model, type State } from '../machines/model';

type Config = MachineConfig<unknown, StateSchema, EventObject>;

const stateAt = (model: Model, path: string): State => {
  const state = model.states.find((candidate) => candidate.path === path);
  assert.ok(state, path);
  return state;
};

const branchesOf = (state: State): readonly Branch[] => [
  ...[...state.on.values()].flat(),
  ...state.always,
];

const reachedFrom = (model: Model, start: State): ReadonlySet<State> => {
  const reached = new Set<State>();
  const follow = (state: State): void => {
    if (reached.has(state)) return;
    reached.add(state);
    for (const { target } of branchesOf(state)) if (target !== null) follow(stateAt(model, target));
  };
  follow(start);
  return reached;
};

/** A branch with the eventless ones behind it, up to where the chart comes to rest. */
interface Run {
  readonly cause: string;
  readonly actions: readonly string[];
  readonly rest: State;
}

/** Every run that can happen: guards are taken to answer either way. */
const runsOf = (model: Model): readonly Run[] => {
  const runs: Run[] = [];
  const follow = (cause: string, from: State, branch: Branch, before: readonly Branch[]): void => {
    if (before.includes(branch)) return;
    const path = [...before, branch];
    const state = branch.target === null ? from : stateAt(model, branch.target);
    for (const next of state.always) follow(cause, state, next, path);
    if (state.always.some(({ guard }) => guard === null)) return;
    runs.push({ cause, actions: path.flatMap(({ actions }) => actions), rest: state });
  };
  const start = stateAt(model, model.initial.target);
  follow('the start', start, model.initial, []);
  for (const state of reachedFrom(model, start)) {
    for (const [event, branches] of state.on) {
      for (const branch of branches) follow(`${event} in ${state.path}`, state, branch, []);
    }
  }
  return runs;
};

/** Whether the state does something with the event whatever its guards answer. */
const handles = (state: State, event: string): boolean =>
  state.on.get(event)?.at(-1)?.guard === null;

const postsOf = (chart: Chart, action: string): readonly string[] => chart.meta.posts[action] ?? [];

const all = [...charts, ...containerCharts];

test('no two charts have the same id', () => {
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
});

for (const chart of all) {
  describe(`the ${chart.id}’s chart`, () => {
    const model = modelOf(chart);
    const runs = runsOf(model);
    const start = stateAt(model, model.initial.target);
    const watches = Object.entries(chart.meta.watches ?? {});

    test('is one that XState takes, strictly', () => {
      const guards = Object.fromEntries(model.guards.map((guard) => [guard, () => false]));
      const config = { ...chart, strict: true } as unknown as Config;
      const machine = createMachine<unknown, EventObject>(config, { guards });
      assert.ok(machine.initialState.matches(model.initial.target));
    });

    test('can be in each of its states', () => {
      const reached = reachedFrom(model, start);
      assert.deepEqual(
        model.states.filter((state) => !reached.has(state)).map(({ path }) => path),
        [],
      );
    });

    test('comes to an end from each of its states', () => {
      const endless = model.states.filter(
        (state) => ![...reachedFrom(model, state)].some(({ final }) => final),
      );
      assert.deepEqual(
        endless.map(({ path }) => path),
        [],
      );
    });

    test('handles no event that nobody posts', () => {
      const posted = new Set(
        [
          ...Object.values(chart.meta.posts),
          ...watches.map(([, list]) => list),
          chart.meta.hears ?? [],
        ].flat(),
      );
      assert.deepEqual(
        model.events.filter((event) => !posted.has(event)),
        [],
      );
    });

    // With two effects under way at once, the event of the one would be taken for the other's turn.
    test('has one effect at a time under way', () => {
      for (const { cause, actions } of runs) {
        const posting = actions.filter((action) => postsOf(chart, action).length > 0);
        assert.ok(posting.length <= 1, `${cause}: ${posting.join(', ')}`);
      }
    });

    test('handles what an effect may post, in the state in which the effect leaves it', () => {
      for (const { cause, actions, rest } of runs) {
        for (const action of actions) {
          for (const event of postsOf(chart, action)) {
            assert.ok(
              handles(rest, event),
              `${event}, posted by ${action}, on ${cause}: ${rest.path}`,
            );
          }
        }
      }
    });

    // A watch may also speak in states that have no use for it, and there its events are dropped: so
    // that every state in between handles them cannot be asked, only that one state does.
    test('handles what a watch may post, somewhere behind the start of the watch', () => {
      for (const [action, events] of watches) {
        const rests = runs
          .filter(({ actions }) => actions.includes(action))
          .map(({ rest }) => rest);
        const reached = rests.flatMap((rest) => [...reachedFrom(model, rest)]);
        for (const event of events) {
          assert.ok(
            reached.some((state) => state.on.has(event)),
            `${event}, watched for by ${action}`,
          );
        }
      }
    });
  });
}
