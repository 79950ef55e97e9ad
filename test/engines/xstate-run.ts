import {
  createMachine,
  interpret,
  InterpreterStatus,
  type EventObject,
  type MachineConfig,
  type StateSchema,
} from 'xstate';
import { pathOf } from '../../runtime/xstate/config';
import type { Scenario, Trace } from './scenario';

type Config = MachineConfig<unknown, StateSchema, EventObject>;

/** Runs a scenario in XState itself. */
export const runInXState = (scenario: Scenario): Trace => {
  const { chart, events, early } = scenario;
  const trace: string[] = [];
  let postsLeft = scenario.postLimit;
  let asked = 0;

  const perform = (action: string): void => {
    trace.push(`do ${action}`);
    for (const event of scenario.posts[action] ?? []) {
      if (postsLeft === 0) return;
      postsLeft -= 1;
      service.send({ type: event });
    }
  };
  const test = (guard: string): boolean => {
    const answer = scenario.answers[asked] ?? false;
    asked += 1;
    trace.push(`ask ${guard}: ${answer}`);
    return answer;
  };
  const report = (): void => {
    const { value, done } = service.getSnapshot();
    trace.push(`${done ? 'ended ' : ''}in ${pathOf(value)}`);
  };

  const machine = createMachine<unknown, EventObject>(chart as unknown as Config, {
    actions: named(chart.meta.posts, perform),
    guards: named(guardsOf(chart), test),
  });
  const service = interpret(machine);
  for (const event of events.slice(0, early)) service.send({ type: event });
  service.start();
  report();
  for (const event of events.slice(early)) {
    // It would drop the event, too, but not without a word on the console.
    if (service.status !== InterpreterStatus.Stopped) service.send({ type: event });
    report();
  }
  return trace;
};

const named = <Result>(
  names: object,
  body: (name: string) => Result,
): Record<string, () => Result> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, () => body(name)]));

/** The names under every `cond` of a chart. */
const guardsOf = (value: unknown): Record<string, true> => {
  if (typeof value !== 'object' || value === null) return {};
  const own = 'cond' in value ? { [String(value.cond)]: true as const } : {};
  return Object.values(value)
    .map(guardsOf)
    .reduce((all, inner) => ({ ...all, ...inner }), own);
};
