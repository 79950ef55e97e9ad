/** Makes a story of records, be they of a real run or of a course. */

import type { Causation } from '../../machines/causality';
import { causality, charts, links, processes as roles } from '../../machines/index';
import { modelOf, type Model, type State } from '../../machines/model';
import type { Process as Role } from '../../machines/topology';
import type {
  ActorRecord,
  EndRecord,
  StartRecord,
  TransitionRecord,
} from '../../runtime/trace/record';
import { conditionsOf, labelOf } from './labels';
import type { End, Lane, Realm, Row, Step, Story } from './story';

/** Title and description of what the records tell; whether a real run has made them. */
export type Heading = Pick<Story, 'title' | 'description' | 'recorded'>;

/** The records in the order of their times, each process's own in the order of their numbers. */
export const storyOf = (heading: Heading, records: readonly ActorRecord[]): Story => {
  const teller = new Teller(heading.recorded, records[0]?.t ?? 0);
  records.forEach((record, index) => {
    const following = records.slice(index + 1).find(({ pid }) => pid === record.pid);
    teller.take(record, following);
  });
  return inOrder({ ...heading, lanes: teller.lanes, rows: teller.rows });
};

/** The lanes in the order of the topology, those of one kind in the order in which they have begun. */
const inOrder = (story: Story): Story => {
  const names: readonly string[] = roles.map(({ name }) => name);
  const order = story.lanes
    .map((_, index) => index)
    .toSorted((one, other) => rank(one) - rank(other));
  function rank(index: number): number {
    return names.indexOf(story.lanes[index]?.name ?? '') * story.lanes.length + index;
  }
  const moved = (lane: number): number => order.indexOf(lane);
  return {
    ...story,
    lanes: order.flatMap((index) => story.lanes[index] ?? []),
    rows: story.rows.map((row) =>
      row.kind === 'link'
        ? { ...row, from: moved(row.from), to: moved(row.to) }
        : { ...row, lane: moved(row.lane) },
    ),
  };
};

interface Process {
  readonly pid: number;
  readonly parent: Process | undefined;
  /** The pid of the client whose call it serves, where that is known. */
  client: number | undefined;
  lane: number;
  model: Model;
  state: State | undefined;
  /** What its lane showed last. */
  step: Step | undefined;
  hasEnded: boolean;
}

/** What may be a cause, once it has happened. */
interface Occurrence {
  readonly causation: Causation;
  readonly by: Process;
  /** What tells of it in the lane. */
  readonly row: Row | undefined;
}

const models = new Map(charts.map((chart) => [chart.id, modelOf(chart)]));

class Teller {
  readonly lanes: Lane[] = [];
  readonly rows: Row[] = [];
  private readonly processes = new Map<number, Process>();
  private readonly occurrences: Occurrence[] = [];
  /** What may happen otherwise is told once for each actor. */
  private readonly told = new Set<string>();
  private t = 0;

  constructor(
    private readonly recorded: boolean,
    private readonly beginning: number,
  ) {}

  take(record: ActorRecord, following: ActorRecord | undefined): void {
    this.t = record.t - this.beginning;
    const model = models.get(record.actor);
    if (model === undefined) return;
    if (record.kind === 'start') this.takeStart(record, model);
    else if (record.kind === 'transition') this.takeTransition(record, following, model);
    else this.takeEnd(record);
  }

  private takeStart(record: StartRecord, model: Model): void {
    const known = this.living(record.pid);
    const process = known ?? this.meet(record, model, roleAtStart(record, model));
    process.model = model;
    if (record.client !== undefined) process.client = record.client;
    if (process.client === undefined && model.id === 'client') process.client = process.pid;
    const { before, forkedBy } = roleNamed(this.laneOf(process).name) ?? {};
    if (forkedBy === 'caller' && record.to === model.initial.target) {
      const { lane } = process;
      this.rows.push({ kind: 'origin', lane, from: forkedBy, text: 'fork/exec', t: this.t });
    }
    if (known !== undefined && before !== undefined) {
      this.show(process, { text: before, documented: true, failure: false, realm: 'application' });
    }
    this.enter(process, record);
  }

  private takeTransition(
    record: TransitionRecord,
    following: ActorRecord | undefined,
    model: Model,
  ): void {
    const known = this.living(record.pid);
    const process = known ?? this.comeToKnow(record, model);
    process.state ??= stateAt(model, record.from);
    this.tellCauses(process, record, following);
    const { state, step } = process;
    const to = stateAt(model, record.to);
    if (state !== undefined && step !== undefined && to !== undefined) {
      this.tellConditions(process, step, conditionsOf(model, state, record.event, to));
    }
    if (record.event === 'PARENT') this.takeFork(process, record, model);
    this.enter(process, record, following);
  }

  private takeEnd(record: EndRecord): void {
    const process = this.living(record.pid);
    if (process === undefined || record.becomes !== undefined) return;
    const { status } = record;
    const text =
      status === undefined
        ? ''
        : 'code' in status
          ? `exits with ${status.code}`
          : `dies of signal ${status.signal}`;
    const end = this.end(process, text);
    this.occur(
      process,
      ({ states, action }) => action === undefined && states.includes(record.state),
      end,
    );
  }

  // Processes and their lanes

  private living(pid: number): Process | undefined {
    const process = this.processes.get(pid);
    return process?.hasEnded === true ? undefined : process;
  }

  /** A process whose first record is that of its fork, or whose beginning nobody has recorded. */
  private comeToKnow(record: TransitionRecord, model: Model): Process {
    const { pid, event, from } = record;
    if (event !== 'CHILD') return this.meet(record, model, roleOf(model.id, from));
    const parent = this.parentOf(record, model);
    if (parent === undefined) return this.meet(record, model, roleOfChild(record, model));
    return this.takeFork(parent, { ...record, data: { child: pid } }, model);
  }

  /** Who forks, and has not told of it yet; by number where it is still there for the child to see. */
  private parentOf({ ppid, from }: TransitionRecord, { id }: Model): Process | undefined {
    const forking = [...this.processes.values()].filter(
      ({ model, state, hasEnded }) => !hasEnded && model.id === id && state?.path === from,
    );
    return forking.find(({ pid }) => pid === ppid) ?? forking.at(-1);
  }

  /** The child, which parent and child tell of, whoever comes first. */
  private takeFork(parent: Process, record: TransitionRecord, model: Model): Process {
    const pid = Number(record.data?.['child']);
    const known = this.processes.get(pid);
    if (known?.parent === parent) return known;
    const state = childOf(model, record.from);
    const child = this.meet({ pid, ppid: parent.pid }, model, roleOfChild(record, model), parent);
    if (parent.lane === child.lane) return child;
    const executes = state?.becomes === 'setup';
    const text = executes ? 'fork/exec' : 'fork';
    this.link(parent.lane, child.lane, 'fork', text, parent.step);
    if (state !== undefined) this.enterState(child, state);
    return child;
  }

  /** Without a role the process goes on in the lane of its parent, which makes way for it. */
  private meet(
    { pid, ppid }: Pick<ActorRecord, 'pid' | 'ppid'>,
    model: Model,
    role: Role | undefined,
    parent = this.processes.get(ppid),
  ): Process {
    const process: Process = {
      ...{ pid, parent, model, client: parent?.client },
      ...{ lane: -1, state: undefined, step: undefined, hasEnded: false },
    };
    this.processes.set(pid, process);
    if (role === undefined && parent !== undefined) {
      process.lane = parent.lane;
      return process;
    }
    const { name, leads = null, runsIn: realm } = role ?? { name: model.id, runsIn: 'program' };
    const left = this.lanes.findIndex((lane, index) => lane.name === name && !this.isLived(index));
    process.lane = left < 0 ? this.lanes.push({ name, leads, realm }) - 1 : left;
    return process;
  }

  /** Whether a process is alive in the lane. */
  private isLived(lane: number): boolean {
    return [...this.processes.values()].some((one) => one.lane === lane && !one.hasEnded);
  }

  private laneOf({ lane }: Process): Lane {
    const found = this.lanes[lane];
    if (found === undefined) throw new Error(`there is no lane ${lane}`);
    return found;
  }

  // Steps

  private enter(
    process: Process,
    record: StartRecord | TransitionRecord,
    following?: ActorRecord,
  ): void {
    const { model } = process;
    const states = record.path.flatMap((path) => stateAt(model, path) ?? []);
    for (const state of states) this.enterState(process, state);
    const places = [...(record.kind === 'transition' ? [record.from] : []), ...record.path];
    this.occur(process, (cause) => {
      const { action, outcome } = cause;
      if (action === undefined || !record.actions.includes(action)) return false;
      const said = following?.kind === 'transition' ? following.event : undefined;
      if (outcome !== undefined && said !== outcome) return false;
      return cause.states.some((path) => places.includes(path));
    });
  }

  private enterState(process: Process, state: State): void {
    const { text, documented } = labelOf(process.model, state);
    const isSame = process.step?.text === text && process.state !== undefined;
    process.state = state;
    const isEnd = state.final && state.becomes === null;
    if (isEnd || isSame) return;
    const { failure, becomes } = state;
    this.show(process, { text, documented, failure, realm: this.realmOf(process, becomes) });
  }

  private realmOf(process: Process, becomes: string | null): Realm {
    const { name, realm } = this.laneOf(process);
    const startsInApplication = roleNamed(name)?.before !== undefined && becomes === name;
    return becomes === 'script' || startsInApplication ? 'application' : realm;
  }

  private show(
    process: Process,
    step: Pick<Step, 'text' | 'documented' | 'failure' | 'realm'>,
  ): void {
    const { lane } = process;
    const before = process.step?.realm;
    const pid = this.recorded && process.step === undefined ? process.pid : null;
    const isBoundary = before !== undefined && before !== 'kernel' && step.realm !== 'kernel';
    if (isBoundary && before !== step.realm) {
      this.rows.push({ kind: 'boundary', lane, realm: step.realm, t: this.t });
    }
    const row: Step = { kind: 'step', lane, ...step, pid, t: this.t, conditions: [] };
    this.rows.push(row);
    process.step = row;
  }

  private tellConditions(process: Process, step: Step, conditions: Step['conditions']): void {
    const { name } = this.laneOf(process);
    const untold = conditions.filter(
      ({ text, taken }) => taken || !this.told.has(`${name} ${text}`),
    );
    for (const { text } of untold) this.told.add(`${name} ${text}`);
    if (untold.length > 1) step.conditions = untold;
  }

  private end(process: Process, text: string): End {
    const { lane } = process;
    process.hasEnded = true;
    const row: End = { kind: 'end', lane, text, goesOn: this.isLived(lane), t: this.t };
    this.rows.push(row);
    return row;
  }

  // Causes and effects

  private occur(
    process: Process,
    isMeant: (cause: Causation['cause']) => boolean,
    end?: End,
  ): void {
    for (const causation of causality) {
      const { cause, effect, by } = causation;
      if (cause.chart !== process.model.id || !isMeant(cause)) continue;
      this.occurrences.push({ causation, by: process, row: end ?? process.step });
      if (by !== 'signal') continue;
      const struck = this.ofChart(effect.chart, effect.states, process).at(-1);
      const text = (cause.action ?? '').replace('Group', '');
      if (struck !== undefined) this.link(process.lane, struck.lane, by, text, process.step);
    }
  }

  private tellCauses(
    process: Process,
    record: TransitionRecord,
    following: ActorRecord | undefined,
  ): void {
    const said = following?.kind === 'transition' ? following.event : undefined;
    for (const causation of causality) {
      const { effect, by, link } = causation;
      if (effect.chart !== process.model.id || by === 'fork') continue;
      const { event, states, notice } = effect;
      const isNotice =
        notice?.event === record.event && notice.states.includes(record.from) && said === event;
      const isEffect =
        notice === undefined && event === record.event && states.includes(record.from);
      if (!isNotice && !isEffect) continue;
      const cause = this.causeOf(causation, process);
      const label = links.find(({ name }) => name === link)?.label ?? 'exit';
      if (cause === undefined) continue;
      this.link(cause.by.lane, process.lane, by, label, cause.row);
      if (causation.cause.through !== undefined) this.endSilently(cause.by, causation);
    }
  }

  /** The latest process that has done it for this one; one that ends silently has done it only now. */
  private causeOf(causation: Causation, effect: Process): Occurrence | undefined {
    const { cause } = causation;
    if (cause.through !== undefined) {
      const by = this.ofChart(cause.chart, cause.states, effect).at(-1);
      if (by === undefined) return undefined;
      for (const { by: realm, step } of cause.through) {
        this.show(by, { text: step, documented: true, failure: false, realm });
      }
      return { causation, by, row: by.step };
    }
    const index = this.occurrences.findLastIndex(
      (one) => one.causation === causation && areRelated(one.by, effect),
    );
    return index < 0 ? undefined : this.occurrences.splice(index, 1)[0];
  }

  /** The processes that are in one of these states, and that have to do with that one. */
  private ofChart(chart: string, states: readonly string[], process: Process): readonly Process[] {
    return [...this.processes.values()].filter(
      (one) =>
        one.model.id === chart &&
        !one.hasEnded &&
        states.includes(one.state?.path ?? '') &&
        areRelated(one, process),
    );
  }

  /** Once its parent knows, or at once where nobody waits for it. */
  private endSilently(process: Process, { by, cause }: Causation): void {
    if (by === 'exit') this.end(process, 'reaped');
    else if (cause.chart === 'client') this.end(process, '');
  }

  private link(
    from: number,
    to: number,
    by: Causation['by'],
    text: string,
    cause: Row | undefined,
  ): void {
    const since = cause === undefined ? this.rows.length : this.rows.lastIndexOf(cause) + 1;
    const isTold = this.rows
      .slice(since)
      .some(
        (row) => row.kind === 'link' && row.from === from && row.to === to && row.text === text,
      );
    if (isTold) return;
    // What has no times of its own is told where it begins.
    const place = this.recorded ? this.rows.length : since;
    this.rows.splice(place, 0, { kind: 'link', from, to, by, text, t: this.t });
  }
}

const stateAt = (model: Model, path: string): State | undefined =>
  model.states.find((state) => state.path === path);

const roleNamed = (name: string): Role | undefined => roles.find((role) => role.name === name);

/** Of two roles with one chart the second begins by a fork within it. */
const roleOf = (chart: string, path: string): Role | undefined => {
  const possible = roles.filter((role) => role.chart === chart);
  const isFirst = path === models.get(chart)?.initial.target;
  return isFirst ? possible[0] : possible.at(-1);
};

const roleAtStart = ({ path, to }: StartRecord, { id }: Model): Role | undefined =>
  roleOf(id, path[0] ?? to);

/** Where the child of a fork goes. */
const childOf = (model: Model, from: string): State | undefined => {
  const target = stateAt(model, from)?.on.get('CHILD')?.[0]?.target;
  return target === undefined || target === null ? undefined : stateAt(model, target);
};

const roleOfChild = ({ from }: TransitionRecord, model: Model): Role | undefined => {
  const becomes = childOf(model, from)?.becomes;
  if (becomes !== null && becomes !== undefined) return roleNamed(becomes);
  return roles.find(({ origin }) => origin?.chart === model.id && origin.states.includes(from));
};

const areRelated = (one: Process, other: Process): boolean =>
  one.parent === other ||
  other.parent === one ||
  one.client === undefined ||
  other.client === undefined ||
  one.client === other.client;
