// One traced actor, run over again by XState with the guards' answers of its records.

import {
  createMachine,
  interpret,
  type AnyInterpreter,
  type EventObject,
  type StateValue,
  type XStateDevInterface,
} from 'xstate';
import { charts } from '../../machines/index';
import { modelOf } from '../../machines/model';
import type { ActorRecord, GuardAnswer } from '../../runtime/trace/record';
import { pathOf, type Config } from '../../runtime/xstate/config';

export class MirroredService {
  readonly pid: number;
  hasEnded = false;
  private service: AnyInterpreter | undefined;
  private answers: GuardAnswer[] = [];

  constructor(private readonly first: ActorRecord) {
    this.pid = first.pid;
  }

  take(record: ActorRecord): void {
    if (record.kind === 'end') return this.stop();
    this.answers = [...record.guards];
    if (record.kind === 'start') {
      this.begin();
    } else {
      // It may have been met in the middle of its life, or records may have been lost.
      if (this.state !== record.from) this.begin(record.from);
      this.service?.send({ type: record.event, ...record.data });
    }
    if (this.state !== record.to) this.begin(record.to);
  }

  stop(): void {
    this.service?.stop();
    this.hasEnded = true;
  }

  private get state(): string | undefined {
    const state = this.service?.getSnapshot() as { readonly value: StateValue } | undefined;
    return state && pathOf(state.value);
  }

  private begin(state?: string): void {
    this.service?.stop();
    const chart = charts.find(({ id }) => id === this.first.actor);
    if (chart === undefined) return;
    const { guards } = modelOf(chart);
    const answer = (): boolean => this.answers.shift()?.[1] ?? false;
    const machine = createMachine<unknown, EventObject>(
      structuredClone(chart) as unknown as Config,
      { guards: Object.fromEntries(guards.map((guard) => [guard, answer])) },
    );
    this.service = interpret(machine, { id: `${chart.id} ${this.pid}`, devTools: false });
    this.service.start(state === undefined ? undefined : valueOf(state));
    devTools()?.register(this.service);
  }
}

const devTools = (): XStateDevInterface | undefined =>
  (globalThis as { __xstate__?: XStateDevInterface }).__xstate__;

/** `a.b.c` → `{ a: { b: 'c' } }` */
const valueOf = (path: string): StateValue =>
  path
    .split('.')
    .reduceRight<StateValue | undefined>(
      (inner, key) => (inner === undefined ? key : { [key]: inner }),
      undefined,
    ) ?? path;
