/** Which process holds which descriptors after each step of a course or a run. */

import { charts, processes as roles } from '../../machines/index';
import { modelOf, type Model, type State } from '../../machines/model';
import {
  inherited,
  plumbing,
  type Change,
  type OpenFile,
  type Placed,
} from '../../machines/plumbing';
import type { ActorRecord, TransitionRecord } from '../../runtime/trace/record';
import { recordsOf } from './course';
import { courses } from './courses';
import { labelOf } from './labels';

/** What a process holds: at the numbers 0, 1 and 2, and at others. */
export interface Table {
  readonly placed: Placed;
  readonly others: readonly OpenFile[];
}

/** What a process holds after a step that has changed it. */
export interface PlumbingRow {
  /** As the topology names it. */
  readonly process: string;
  readonly pid: number;
  readonly step: string;
  readonly table: Table;
  /** What it held before; null: it has just begun. */
  readonly before: Table | null;
}

export const plumbingOf = (records: readonly ActorRecord[]): readonly PlumbingRow[] => {
  const plumber = new Plumber(knownTables());
  for (const record of records) plumber.take(record);
  return plumber.rows;
};

/** By chart and state what a process holds that has been there before the records begin. */
type Known = ReadonlyMap<string, Table>;

let known: Known | undefined;

const knownTables = (): Known => {
  if (known !== undefined) return known;
  const first = new Plumber(new Map());
  for (const record of recordsNamed('first-call')) first.take(record);
  const later = new Plumber(first.seen);
  for (const record of recordsNamed('later-call')) later.take(record);
  return (known = new Map([...first.seen, ...later.seen]));
};

const recordsNamed = (name: string): readonly ActorRecord[] => {
  const course = courses.find((one) => one.name === name);
  return course === undefined ? [] : recordsOf(course);
};

interface Process {
  readonly pid: number;
  readonly parent: Process | undefined;
  name: string;
  /** Chart and leaf state. */
  place: string;
  table: Table;
  hasEnded: boolean;
}

const models = new Map(charts.map((chart) => [chart.id, modelOf(chart)]));

class Plumber {
  readonly rows: PlumbingRow[] = [];
  readonly seen = new Map<string, Table>();
  private readonly processes = new Map<number, Process>();

  constructor(private readonly known: Known) {}

  take(record: ActorRecord): void {
    const model = models.get(record.actor);
    if (model === undefined) return;
    if (record.kind === 'end') {
      const process = this.processes.get(record.pid);
      if (process !== undefined && record.becomes === undefined) process.hasEnded = true;
      return;
    }
    const process = this.living(record.pid) ?? this.meet(record, model);
    if (record.kind === 'transition' && record.event === 'PARENT')
      this.fork(process, record, model);
    for (const path of record.path) this.enter(process, record.pid, model, path);
  }

  private living(pid: number): Process | undefined {
    const process = this.processes.get(pid);
    return process?.hasEnded === true ? undefined : process;
  }

  private meet(record: Exclude<ActorRecord, { kind: 'end' }>, model: Model): Process {
    const { pid, to } = record;
    if (record.kind === 'transition' && record.event === 'CHILD') {
      const parent = this.parentOf(record);
      if (parent !== undefined) return this.beginChild(pid, parent, record, model);
    }
    const from = record.kind === 'transition' ? record.from : to;
    const name = roles.findLast(({ chart }) => chart === model.id)?.name ?? model.id;
    const table = this.known.get(`${model.id} ${from}`) ?? { placed: inherited, others: [] };
    const process = this.begin(pid, name, table, undefined);
    const state = stateAt(model, to);
    if (state !== undefined) this.tell(process, pid, labelOf(model, state).text, null);
    return process;
  }

  /** Who forks, and has not told of it yet; by number where it is still there for the child to see. */
  private parentOf({ actor, from, ppid }: TransitionRecord): Process | undefined {
    const forking = [...this.processes.values()].filter(
      ({ place, hasEnded }) => !hasEnded && place === `${actor} ${from}`,
    );
    return forking.find(({ pid }) => pid === ppid) ?? forking.at(-1);
  }

  private fork(parent: Process, record: TransitionRecord, model: Model): void {
    const pid = Number(record.data?.['child']);
    if (this.processes.get(pid)?.parent !== parent) this.beginChild(pid, parent, record, model);
  }

  private beginChild(
    pid: number,
    parent: Process,
    record: TransitionRecord,
    model: Model,
  ): Process {
    return this.begin(pid, nameOfChild(record, model, parent), parent.table, parent);
  }

  private begin(pid: number, name: string, table: Table, parent: Process | undefined): Process {
    const process = { pid, parent, name, table, place: '', hasEnded: false };
    this.processes.set(pid, process);
    return process;
  }

  private enter(process: Process, pid: number, model: Model, path: string): void {
    const state = stateAt(model, path);
    const before = process.table;
    for (const change of plumbing) {
      if (change.chart === model.id && change.states.includes(path)) {
        process.table = changed(process.table, change);
      }
    }
    process.place = `${model.id} ${path}`;
    this.seen.set(process.place, process.table);
    const isNew = !this.rows.some((row) => row.pid === pid && row.process === process.name);
    if (state === undefined || (!isNew && isSame(before, process.table))) return;
    const last = this.rows.findLast((row) => row.pid === pid);
    this.tell(process, pid, labelOf(model, state).text, last === undefined ? null : before);
  }

  private tell({ name, table }: Process, pid: number, step: string, before: Table | null): void {
    this.rows.push({ process: name, pid, step, table, before });
  }
}

const nameOfChild = ({ from }: TransitionRecord, model: Model, parent: Process): string => {
  const target = stateAt(model, from)?.on.get('CHILD')?.[0]?.target;
  const becomes = typeof target === 'string' ? stateAt(model, target)?.becomes : null;
  const forked = roles.find(
    ({ origin }) => origin?.chart === model.id && origin.states.includes(from),
  );
  return becomes ?? forked?.name ?? parent.name;
};

const stateAt = (model: Model, path: string): State | undefined =>
  model.states.find((state) => state.path === path);

const changed = (table: Table, { opens = [], closes = [], places }: Change): Table => {
  const others = table.others.filter((file) => !closes.includes(file));
  return {
    placed: places === undefined ? table.placed : place(table.placed, places),
    others: [...others, ...opens.filter((file) => !others.includes(file))],
  };
};

const place = (before: Placed, places: NonNullable<Change['places']>): Placed => [
  places[0] ?? before[0],
  places[1] ?? before[1],
  places[2] ?? before[2],
];

const isSame = (one: Table, other: Table): boolean =>
  one.placed.join() === other.placed.join() &&
  one.others.toSorted().join() === other.others.toSorted().join();
