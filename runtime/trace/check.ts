// Whether a recording can be true: each transition is one that XState computes from the chart, and each
// process goes on where it stopped.

import type { Chart } from '../../machines/chart';
import { charts, containerCharts } from '../../machines/index';
import { modelOf, type State } from '../../machines/model';
import { GuardError, Oracle, type Expectation } from './oracle';
import { readLine, RecordError } from './read';
import {
  isActorRecord,
  type ActorRecord,
  type DropsLine,
  type EndRecord,
  type RecordingLine,
  type StartRecord,
  type TransitionRecord,
} from './record';

/** The first line that is wrong, counted from 1, and why. */
export interface Objection {
  readonly line: number;
  readonly reason: string;
}

/** Why a line cannot be true. */
class Untrue extends Error {
  override readonly name = 'Untrue';
}

/** A process as far as its records have told. */
interface Process {
  lastSeq: number;
  lastTime: number;
  /** How many records the recording says were lost since the last one. */
  lost: number;
  /** Its own actor, and by their numbers those beside it. */
  readonly runs: Map<number, Run>;
}

/** One of its actors, and what came of it. */
interface Run {
  actor: string | undefined;
  /** The leaf state; undefined where the actor is not known, or has ended. */
  state: string | undefined;
  /** The chart's role for which the last actor made way; '' where nothing can come any more. */
  becomes: string | undefined;
}

/** Takes a recording line by line. */
export class RecordingCheck {
  private readonly actors: ReadonlyMap<string, Actor>;
  private readonly processes = new Map<string, Process>();
  private lines = 0;
  /** How many records of actors have been found true. */
  records = 0;

  /** @param known the charts that the actors' ids name */
  constructor(known: readonly Chart[] = [...charts, ...containerCharts]) {
    this.actors = new Map(known.map((chart) => [chart.id, new Actor(chart)]));
  }

  /** How many processes have been seen. */
  get processCount(): number {
    return this.processes.size;
  }

  /** What is wrong with the next line; undefined: nothing. After the first that is, nothing counts. */
  take(text: string): Objection | undefined {
    this.lines += 1;
    try {
      this.takeLine(readLine(text));
      return undefined;
    } catch (error) {
      const isKnown = error instanceof RecordError || error instanceof Untrue;
      if (!isKnown) throw error;
      return { line: this.lines, reason: error.message };
    }
  }

  private takeLine(line: RecordingLine): void {
    if ((this.lines === 1) !== (line.kind === 'recording')) {
      throw new Untrue("the first line, and no other, must be of the kind 'recording'");
    }
    if (line.kind === 'drops') this.takeDrops(line);
    if (!isActorRecord(line)) return;
    this.takeRecord(line);
    this.records += 1;
  }

  private takeDrops(line: DropsLine): void {
    const process = this.processes.get(keyOf(line));
    if (process !== undefined) process.lost += line.count;
  }

  private takeRecord(record: ActorRecord): void {
    const actor = this.actors.get(record.actor);
    if (actor === undefined) throw new Untrue(`there is no chart '${record.actor}'`);
    const run = runOf(this.processOf(record), record.instance ?? 0);
    switch (record.kind) {
      case 'start':
        checkBeginning(record, run);
        actor.checkStart(record);
        break;
      case 'transition':
        checkContinuation(record, record.from, run);
        actor.checkTransition(record);
        break;
      case 'end':
        checkContinuation(record, record.state, run);
        actor.checkEnd(record);
    }
    run.actor = record.actor;
    run.state = record.kind === 'end' ? undefined : record.to;
    run.becomes = record.kind === 'end' ? (record.becomes ?? '') : undefined;
  }

  /** The record's process, with nothing known of its state where records are missing. */
  private processOf(record: ActorRecord): Process {
    const key = keyOf(record);
    const known = this.processes.get(key);
    const process = known ?? {
      lastSeq: record.seq - 1,
      lastTime: record.t,
      lost: 0,
      runs: new Map(),
    };
    if (known === undefined) this.processes.set(key, process);
    const missing = record.seq - process.lastSeq - 1;
    if (missing !== process.lost) {
      throw new Untrue(
        `${who(record)}: record ${record.seq} follows record ${process.lastSeq}, and the recording ` +
          `tells of ${process.lost} lost between them`,
      );
    }
    if (record.t < process.lastTime) throw new Untrue(`${who(record)}: time runs backwards`);
    if (missing > 0) forgetRuns(process);
    process.lastSeq = record.seq;
    process.lastTime = record.t;
    process.lost = 0;
    return process;
  }
}

/** Looks at a whole recording. */
export function checkRecording(lines: Iterable<string>): Objection | undefined {
  const check = new RecordingCheck();
  for (const line of lines) {
    const objection = check.take(line);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** What they did in the records that were lost nobody knows; only the process's own end is one. */
function forgetRuns({ runs }: Process): void {
  for (const [instance, run] of runs) if (instance > 0 || run.becomes !== '') runs.delete(instance);
}

function runOf({ runs }: Process, instance: number): Run {
  const run = runs.get(instance) ?? { actor: undefined, state: undefined, becomes: undefined };
  runs.set(instance, run);
  return run;
}

const keyOf = ({ pid, born }: { readonly pid: number; readonly born: number }): string =>
  `${pid} ${born}`;

const who = ({ actor, pid }: ActorRecord): string => `${actor} ${pid}`;

function checkBeginning(record: StartRecord, { actor, state, becomes }: Run): void {
  if (becomes === '') throw new Untrue(`${who(record)}: starts after the end of its process`);
  if (state !== undefined) {
    throw new Untrue(`${who(record)}: starts while the ${String(actor)} is in ${state}`);
  }
  const isChart = charts.some(({ id }) => id === becomes);
  if (isChart && becomes !== record.actor) {
    throw new Untrue(`${who(record)}: starts in a process that becomes the ${String(becomes)}`);
  }
}

function checkContinuation(
  record: ActorRecord,
  from: string,
  { actor, state, becomes }: Run,
): void {
  if (becomes !== undefined) {
    throw new Untrue(`${who(record)}: goes on, but has ended before`);
  }
  if (actor === undefined) return;
  if (actor !== record.actor) {
    throw new Untrue(`${who(record)}: goes on, but the process runs the ${actor}`);
  }
  if (state !== from) {
    throw new Untrue(
      `${who(record)}: is in ${from}, but the record before left it in ${state ?? ''}`,
    );
  }
}

/** The checks of one actor against its chart. */
class Actor {
  private readonly oracle: Oracle;
  private readonly finals: ReadonlyMap<string, State>;

  constructor(chart: Chart) {
    this.oracle = new Oracle(chart);
    const finals = modelOf(chart).states.filter(({ final }) => final);
    this.finals = new Map(finals.map((state) => [state.path, state]));
  }

  checkStart(record: StartRecord): void {
    const place = `${who(record)}: start`;
    compare(place, record, () => this.oracle.start(record.guards));
  }

  checkTransition(record: TransitionRecord): void {
    const { from, event, guards } = record;
    const place = `${who(record)}: ${event} in ${from}`;
    if (!this.oracle.has(from)) throw new Untrue(`${place}: the chart has no such state`);
    compare(place, record, () => this.oracle.transition(from, event, guards));
  }

  checkEnd(record: EndRecord): void {
    const place = `${who(record)}: end in ${record.state}`;
    const state = this.finals.get(record.state);
    if (state === undefined) throw new Untrue(`${place}: this is no final state`);
    const { becomes, exitStatus } = state;
    if ((record.becomes ?? null) !== becomes) {
      throw new Untrue(`${place}: the process becomes ${becomes ?? 'nothing'} there`);
    }
    if (becomes !== null || record.instance !== undefined) return;
    if (record.status === undefined) throw new Untrue(`${place}: says not how the process ends`);
    const code = 'code' in record.status ? record.status.code : undefined;
    if (exitStatus !== null && code !== exitStatus) {
      throw new Untrue(`${place}: the process exits with ${exitStatus} there`);
    }
  }
}

function compare(
  place: string,
  record: StartRecord | TransitionRecord,
  compute: () => Expectation,
): void {
  try {
    const expected = compute();
    for (const name of ['actions', 'path', 'to'] as const) {
      const [found, computed] = [record[name], expected[name]].map(worded);
      if (found !== computed) {
        throw new Untrue(
          `${place}: '${name}' is ${found ?? ''}; XState computes ${computed ?? ''}`,
        );
      }
    }
  } catch (error) {
    if (error instanceof GuardError) throw new Untrue(`${place}: ${error.message}`);
    throw error;
  }
}

const worded = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : `[${value.join(', ')}]`;
