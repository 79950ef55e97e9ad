// What XState computes from a chart for one event, its guards answered as a record says they were.

import {
  createMachine,
  type EventObject,
  type MachineConfig,
  type State,
  type StateMachine,
  type StateSchema,
  type StateValue,
} from 'xstate';
import type { Chart, StateNode } from '../../machines/chart';
import { modelOf } from '../../machines/model';
import type { GuardAnswer } from './record';

export interface Expectation {
  readonly to: string;
  readonly path: readonly string[];
  readonly actions: readonly string[];
}

/** A guard was asked that the record does not have at that place, or was not asked though it has. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
}

type Config = MachineConfig<unknown, StateSchema, EventObject>;

/** XState over one chart. */
export class Oracle {
  private readonly machine: StateMachine<unknown, StateSchema, EventObject>;
  private readonly states: ReadonlySet<string>;
  private answers: readonly GuardAnswer[] = [];
  private asked = 0;

  constructor(chart: Chart) {
    const { guards, states } = modelOf(chart);
    this.states = new Set(states.map(({ path }) => path));
    this.machine = createMachine<unknown, EventObject>(withMarks(chart) as unknown as Config, {
      guards: Object.fromEntries(guards.map((guard) => [guard, () => this.answer(guard)])),
    });
  }

  /** Whether the chart has this leaf state. */
  has(state: string): boolean {
    return this.states.has(state);
  }

  /** @throws {GuardError} if XState does not ask these guards in this order. */
  start(answers: readonly GuardAnswer[]): Expectation {
    return this.expect(answers, () => this.machine.initialState);
  }

  /** @throws {GuardError} likewise. `from` is one of the chart's leaf states. */
  transition(from: string, event: string, answers: readonly GuardAnswer[]): Expectation {
    return this.expect(answers, () => this.machine.transition(from, { type: event }));
  }

  private expect(
    answers: readonly GuardAnswer[],
    compute: () => Pick<State<unknown>, 'value' | 'actions'>,
  ): Expectation {
    this.answers = answers;
    this.asked = 0;
    const next = compute();
    const rest = this.answers[this.asked];
    if (rest !== undefined) throw new GuardError(`XState does not ask the guard '${rest[0]}' here`);
    const types = next.actions.map(({ type }) => type);
    return {
      to: pathOf(next.value),
      path: types.filter((type) => type.startsWith(mark)).map((type) => type.slice(mark.length)),
      actions: types.filter((type) => !type.startsWith(mark)),
    };
  }

  private answer(guard: string): boolean {
    const [name, answer] = this.answers[this.asked] ?? [];
    if (name !== guard || answer === undefined) {
      const instead = name === undefined ? 'the record has no more' : `the record has '${name}'`;
      throw new GuardError(`XState asks the guard '${guard}' next; ${instead}`);
    }
    this.asked += 1;
    return answer;
  }
}

/** `{ a: { b: 'c' } }` → `a.b.c` */
export function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, child]) => `${key}.${pathOf(child)}`)
    .join();
}

const mark = '@';

/** The chart with an action more on entry of each leaf, which tells that it has been entered. */
export function withMarks(chart: Chart): Chart {
  const marked = (node: StateNode, path: string): StateNode =>
    node.states === undefined
      ? { ...node, entry: [`${mark}${path}`, ...[node.entry ?? []].flat()] }
      : { ...node, states: mapStates(node.states, `${path}.`) };
  const mapStates = (
    states: Readonly<Record<string, StateNode>>,
    prefix: string,
  ): Record<string, StateNode> =>
    Object.fromEntries(
      Object.entries(states).map(([key, node]) => [key, marked(node, prefix + key)]),
    );
  return { ...chart, states: mapStates(chart.states, '') };
}
