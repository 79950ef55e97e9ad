// What XState computes from a chart for one event, its guards answered as a record says they were.

import { createMachine, type EventObject, type State } from 'xstate';
import type { Chart } from '../../machines/chart';
import { modelOf } from '../../machines/model';
import { configOf, enteredBy, pathOf } from '../xstate/config';
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

const machineOf = (chart: Chart, guards: Record<string, () => boolean>) =>
  createMachine<unknown, EventObject>(configOf(chart), { guards });

/** XState over one chart. */
export class Oracle {
  private readonly machine: ReturnType<typeof machineOf>;
  private readonly states: ReadonlySet<string>;
  private answers: readonly GuardAnswer[] = [];
  private asked = 0;
  private objection: string | undefined;

  constructor(chart: Chart) {
    const { guards, states } = modelOf(chart);
    this.states = new Set(states.map(({ path }) => path));
    this.machine = machineOf(
      chart,
      Object.fromEntries(guards.map((guard) => [guard, () => this.answer(guard)])),
    );
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
    this.objection = undefined;
    const next = compute();
    this.throwObjection();
    const rest = this.answers[this.asked];
    if (rest !== undefined) throw new GuardError(`XState does not ask the guard '${rest[0]}' here`);
    const types = next.actions.map(({ type }) => type);
    return {
      to: pathOf(next.value),
      path: types.flatMap((type) => enteredBy(type) ?? []),
      actions: types.filter((type) => enteredBy(type) === undefined),
    };
  }

  private throwObjection(): void {
    if (this.objection !== undefined) throw new GuardError(this.objection);
  }

  private answer(guard: string): boolean {
    const [name, answer] = this.answers[this.asked] ?? [];
    if (name === guard && answer !== undefined && this.objection === undefined) {
      this.asked += 1;
      return answer;
    }
    // Not thrown from here: XState would take it for a fault of the guard's.
    const instead = name === undefined ? 'the record has no more' : `the record has '${name}'`;
    this.objection ??= `XState asks the guard '${guard}' next; ${instead}`;
    return false;
  }
}
