/** Which process holds which descriptors after each step of a course or a run. */

import {
  inherited,
  plumbing,
  type Change,
  type OpenFile,
  type Placed,
} from '../../machines/plumbing';
import { processes as roles } from '../../machines/index';
import type { Model } from '../../machines/model';
import type { ActorRecord } from '../../runtime/trace/record';
import { Cast, modelNamed, stateAt, type Process } from './cast';
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

interface Own {
  name: string;
  table: Table;
}

class Plumber {
  readonly rows: PlumbingRow[] = [];
  readonly seen = new Map<string, Table>();
  private readonly cast = new Cast<Own>(({ role, parent, model }) => ({
    name: role?.name ?? parent?.own.name ?? model.id,
    table: parent?.own.table ?? { placed: inherited, others: [] },
  }));

  constructor(private readonly known: Known) {}

  take(record: ActorRecord): void {
    const model = modelNamed(record.actor);
    if (model === undefined) return;
    const { process, isNew } = this.cast.hear(record, model);
    process.model = model;
    if (record.kind === 'end') {
      process.hasEnded = record.becomes === undefined;
      const role = roles.find(({ name }) => name === record.becomes);
      if (role !== undefined) process.own.name = role.name;
      return;
    }
    if (isNew && process.parent === undefined) this.meet(process, record);
    if (record.kind === 'transition' && record.event === 'PARENT') {
      this.cast.hearOfChild(process, record);
    }
    for (const path of record.path) this.enter(process, path);
  }

  /** One that has been there before, unless it begins with what its caller has given it. */
  private meet(process: Process<Own>, record: Exclude<ActorRecord, { kind: 'end' }>): void {
    const { model, own } = process;
    const place = record.kind === 'transition' ? record.from : record.to;
    own.table = this.known.get(`${model.id} ${place}`) ?? own.table;
    this.tell(process, place, null);
  }

  private enter(process: Process<Own>, path: string): void {
    const { model, own, pid } = process;
    const before = own.table;
    for (const change of changesIn(model, path)) own.table = changed(own.table, change);
    process.state = stateAt(model, path);
    this.seen.set(`${model.id} ${path}`, own.table);
    const isKnown = this.rows.some((row) => row.pid === pid && row.process === own.name);
    if (isKnown && isSame(before, own.table)) return;
    this.tell(process, path, this.rows.some((row) => row.pid === pid) ? before : null);
  }

  private tell({ model, own, pid }: Process<Own>, path: string, before: Table | null): void {
    const state = stateAt(model, path);
    if (state === undefined) return;
    const step = labelOf(model, state).text;
    this.rows.push({ process: own.name, pid, step, table: own.table, before });
  }
}

const changesIn = ({ id }: Model, path: string): readonly Change[] =>
  plumbing.filter(({ chart, states }) => chart === id && states.includes(path));

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
