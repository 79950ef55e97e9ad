/**
 * What happens in general: a run of all charts together, in which every action comes out as it mostly does
 * and every effect follows its cause. It is told in the records that a real run is told in.
 */

import type { Chart } from '../../machines/chart';
import type { Causation } from '../../machines/causation';
import { causality, charts, links, processes } from '../../machines/index';
import { modelOf, type Branch, type Model, type State } from '../../machines/model';
import type { ActorRecord, GuardAnswer } from '../../runtime/trace/record';

/** One way through the charts. */
export interface Course {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Who is there at the start, by chart: in a state, or about to begin. */
  readonly present: readonly (readonly [chart: string, state: string | null])[];
  /** By chart and action the event that comes of it, where it is not the first that it may post. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** The guards that say yes. */
  readonly yes: readonly string[];
  /** The chart whose process is killed at the start. */
  readonly killed?: string;
}

/** The records of a course, in an order in which causes come before their effects. */
export const recordsOf = (course: Course): readonly ActorRecord[] => new Run(course).records;

interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly born: number;
  chart: Chart;
  model: Model;
  /** null: the chart has not begun. */
  state: State | null;
  seq: number;
  /** The event that the last action is going to post; null: it waits for what others do. */
  pending: string | null;
  /** When something that it waits for was last brought about. */
  enabled: number;
}

const models = new Map(charts.map((chart) => [chart.id, { chart, model: modelOf(chart) }]));

const chartNamed = (id: string): { readonly chart: Chart; readonly model: Model } => {
  const found = models.get(id);
  if (found === undefined) throw new Error(`there is no chart ${id}`);
  return found;
};

class Run {
  readonly records: ActorRecord[] = [];
  private readonly processes: Process[] = [];
  /** Processes in which an application runs now, or which are killed: they end without a record. */
  private readonly silent: Process[] = [];
  private readonly happened: Causation[] = [];
  private current: Process | undefined;
  private clock = 0;

  constructor(private readonly course: Course) {
    for (const [id, state] of course.present) {
      const process = this.begin(id, this.parentOf(id));
      if (state !== null) this.place(process, state);
    }
    const killed = this.processes.find(({ chart }) => chart.id === course.killed);
    if (killed !== undefined) this.endSilently(killed);
    while (this.goOn());
  }

  /** Lets one process take one event; false: nothing can happen any more. */
  private goOn(): boolean {
    const ready = this.processes.filter((process) => this.next(process) !== null);
    // First who has just got what it waited for, so that effects follow their causes; then who is at work.
    const next =
      ready
        .toSorted((one, other) => other.enabled - one.enabled)
        .find(({ enabled }) => enabled > 0) ??
      ready.find((process) => process === this.current) ??
      ready[0];
    if (next !== undefined) {
      this.current = next;
      this.take(next);
      return true;
    }
    const application = this.silent.shift();
    if (application === undefined || this.course.killed !== undefined) return false;
    this.endSilently(application);
    return true;
  }

  private parentOf(id: string): number {
    const parent = processes.find(({ chart, daemon }) => chart === id && daemon !== true)?.forkedBy;
    return this.processes.find(({ chart }) => chart.id === parent)?.pid ?? 0;
  }

  private begin(id: string, ppid: number): Process {
    const pid = this.processes.length + 1;
    const { chart, model } = chartNamed(id);
    const process = {
      ...{ pid, ppid, born: this.records.length, chart, model },
      ...{ state: null, seq: 0, pending: null, enabled: 0 },
    };
    this.processes.push(process);
    return process;
  }

  /** Puts a process where its chart has come before the course begins. */
  private place(process: Process, path: string): void {
    process.state = this.stateAt(process, path);
    this.record(process, { kind: 'start', guards: [], actions: [], path: [path], to: path });
    if (process.state.becomes === 'script') this.silent.push(process);
  }

  /** The event that the process can take now; null: none. '' is the chart's start. */
  private next(process: Process): string | null {
    const { state, pending } = process;
    if (state === null) return '';
    if (state.final) return null;
    if (pending !== null) return this.isCaused(process, pending) ? pending : null;
    const causes = this.happened.filter((causation) => isFelt(causation, process));
    const looks = causes.find(({ effect }) => effect.notice?.states.includes(state.path) === true);
    if (looks !== undefined) return looks.effect.notice?.event ?? null;
    const caused = causes.find(({ effect }) => effect.event !== undefined);
    return caused?.effect.event ?? null;
  }

  /** Whether nothing elsewhere has to happen for the event, or it has happened. */
  private isCaused(process: Process, event: string): boolean {
    const possible = this.causations().filter(
      (causation) => causation.effect.event === event && isNoticed(causation, process),
    );
    return possible.length === 0 || possible.some((causation) => this.happened.includes(causation));
  }

  private causations(): readonly Causation[] {
    return causality.filter(
      ({ variant }) => variant === undefined || this.course.killed !== undefined,
    );
  }

  private take(process: Process): void {
    const event = this.next(process);
    const from = process.state;
    if (event === null) return;
    process.pending = null;
    process.enabled = 0;
    const taken: Taken = { guards: [], actions: [], path: [] };
    if (from === null) this.follow(process, process.model.initial, taken);
    else {
      this.useUp(process, event);
      this.follow(process, this.choose(from.on.get(event) ?? [], taken), taken);
    }
    const to = process.state?.path ?? '';
    if (from === null) this.record(process, { kind: 'start', ...taken, to });
    else {
      const child = event === 'PARENT' ? this.fork(process, from) : undefined;
      const data = child === undefined ? {} : { data: { child: child.pid } };
      this.record(process, { kind: 'transition', from: from.path, event, ...data, ...taken, to });
    }
    this.noteOutcome(process, from, event);
    if (process.state?.final === true) this.finish(process, process.state);
  }

  /** Takes a branch and the eventless ones after it. */
  private follow(process: Process, branch: Branch | undefined, taken: Taken): void {
    if (branch === undefined) return;
    if (branch.target !== null) {
      process.state = this.stateAt(process, branch.target);
      taken.path.push(branch.target);
    }
    for (const action of branch.actions) this.act(process, action, taken);
    this.follow(process, this.choose(process.state?.always ?? [], taken), taken);
  }

  private choose(branches: readonly Branch[], taken: Taken): Branch | undefined {
    return branches.find(({ guard }) => {
      if (guard === null) return true;
      const answer = this.course.yes.includes(guard);
      taken.guards.push([guard, answer]);
      return answer;
    });
  }

  private act(process: Process, action: string, taken: Taken): void {
    taken.actions.push(action);
    const { posts } = process.chart.meta;
    const key = `${process.chart.id} ${action}`;
    const event = this.course.outcomes[key] ?? posts[action]?.[0];
    if (event !== undefined) process.pending = event;
    this.note(process, ({ cause }) => cause.action === action && cause.outcome === undefined);
  }

  /** Notes what an action has brought about that tells of it only now. */
  private noteOutcome(process: Process, from: State | null, event: string): void {
    if (from === null) return;
    const { id } = process.chart;
    for (const causation of this.causations()) {
      const { chart, states, outcome } = causation.cause;
      if (chart === id && states.includes(from.path) && outcome === event) this.cause(causation);
    }
  }

  private note(process: Process, isMeant: (causation: Causation) => boolean): void {
    const path = process.state?.path ?? '';
    for (const causation of this.causations()) {
      const { chart, states } = causation.cause;
      if (chart !== process.chart.id || !states.includes(path) || !isMeant(causation)) continue;
      this.cause(causation);
    }
  }

  private cause(causation: Causation): void {
    const noticing = this.processes.filter((process) => isFelt(causation, process));
    // Bytes wait in a descriptor until they are read; news of a path comes to who watches it then.
    const kind = links.find(({ name }) => name === causation.link)?.kind;
    if (kind === 'inotify' && noticing.length === 0) return;
    this.happened.push(causation);
    this.clock += 1;
    for (const process of noticing) process.enabled = this.clock;
    // A signal that nothing withstands.
    if (causation.by !== 'signal') return;
    const struck = this.silent.find((process) => isNoticed(causation, process));
    if (struck === undefined) return;
    this.silent.splice(this.silent.indexOf(struck), 1);
    this.endSilently(struck);
  }

  private useUp(process: Process, event: string): void {
    const index = this.happened.findIndex(
      (causation) => causation.effect.event === event && isNoticed(causation, process),
    );
    if (index >= 0) this.happened.splice(index, 1);
  }

  private fork(parent: Process, from: State): Process {
    const child = this.begin(parent.chart.id, parent.pid);
    child.state = from;
    child.pending = 'CHILD';
    return child;
  }

  private finish(process: Process, state: State): void {
    const { becomes, exitStatus } = state;
    const end = becomes === null ? { status: { code: exitStatus ?? 0 } } : { becomes };
    this.record(process, { kind: 'end', state: state.path, ...end });
    const next = becomes === 'setup' ? 'server' : becomes;
    if (next === 'script') this.silent.push(process);
    else if (next === null) this.note(process, ({ cause }) => cause.action === undefined);
    else {
      Object.assign(process, chartNamed(next), { state: null });
    }
  }

  private endSilently(process: Process): void {
    this.note(process, ({ cause }) => cause.action === undefined);
    process.state = null;
    this.processes.splice(this.processes.indexOf(process), 1);
  }

  private stateAt({ model }: Process, path: string): State {
    const state = model.states.find((one) => one.path === path);
    if (state === undefined) throw new Error(`${model.id} has no state ${path}`);
    return state;
  }

  private record(process: Process, what: What): void {
    const { pid, ppid, born, chart } = process;
    const common = {
      v: 1 as const,
      seq: process.seq++,
      t: this.records.length,
      ...{ pid, ppid, born, actor: chart.id, engine: 'native' as const },
    };
    const ids = { session: pid, group: pid };
    this.records.push(
      what.kind === 'start' ? { ...common, ...ids, ...what } : { ...common, ...what },
    );
  }
}

interface Taken {
  readonly guards: GuardAnswer[];
  readonly actions: string[];
  readonly path: string[];
}

type Own<Of> = Of extends unknown
  ? Omit<Of, 'v' | 'seq' | 't' | 'pid' | 'ppid' | 'born' | 'actor' | 'engine' | 'session' | 'group'>
  : never;
type What = Own<ActorRecord>;

const isNoticed = ({ effect }: Causation, { chart, state }: Process): boolean =>
  effect.chart === chart.id && effect.states.includes(state?.path ?? '');

/** Whether the process can tell that something has happened, be it that it has yet to look what. */
const isFelt = (causation: Causation, process: Process): boolean =>
  isNoticed(causation, process) ||
  (causation.effect.chart === process.chart.id &&
    causation.effect.notice?.states.includes(process.state?.path ?? '') === true);
