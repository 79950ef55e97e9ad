// The state of the world, from the records of a trace: one after the other in, without any I/O.

import {
  isActorRecord,
  type ActorRecord,
  type Ending,
  type GoneLine,
  type RecordingLine,
  type StartRecord,
  type TransitionRecord,
} from '../../runtime/trace/record';
import { Calls } from './calls';
import { endToldBy } from './causes';
import { endingOf } from './ending';
import { chartOfRole, isRole, roleAtStart, roleInMidLife, roleOfChild } from './roles';
import { twin } from './twin';
import type { Actor, Gone, Process, Step } from './types';

/** Microseconds between what parent and child say of a fork. */
const longestFork = 5_000_000;

/** An actor's steps beyond these are forgotten, the oldest first, when there are half as many more. */
const keptSteps = 200;

export class World {
  /** The latest time that anybody has told. */
  time = 0;
  records = 0;
  /** Records that were lost. */
  drops = 0;
  readonly calls = new Calls();
  /** The living, by pid. */
  readonly processes = new Map<number, Process>();
  /** By number processes that have been forked and have not said anything yet. */
  private readonly forks = new Map<number, Fork>();

  /** Processes that came to be before this time may have said things that nobody heard. */
  constructor(readonly since: number) {}

  /** Takes in a line of a recording or what a datagram holds; returns how many were lost before it. */
  apply(line: RecordingLine): number {
    if (line.kind === 'gone') this.takeGone(line);
    if (!isActorRecord(line)) return 0;
    this.time = Math.max(this.time, line.t);
    this.records += 1;
    const { process, lost } = this.speakerOf(line);
    if (line.kind === 'end') this.end(process, line.t, line.status, line.becomes);
    else this.step(process, line, lost);
    this.calls.settle(this.time);
    return lost;
  }

  /** Time has passed without a record. */
  advance(time: number): void {
    this.time = Math.max(this.time, time);
    this.calls.settle(this.time);
  }

  /** Somebody knows that this process is no more. */
  bury(process: Process, gone: Gone): void {
    process.gone = { ...gone, ...process.gone };
    if (this.processes.get(process.pid) === process) this.processes.delete(process.pid);
    this.calls.noticeEnd(process);
  }

  /** Independent of what becomes of this one. */
  copy(): World {
    const copy = new World(this.since);
    copy.time = this.time;
    copy.records = this.records;
    copy.drops = this.drops;
    const twins = new Map<Process, Process>();
    for (const [pid, { parent, t }] of this.forks)
      copy.forks.set(pid, { parent: twin(parent, twins), t });
    for (const [pid, process] of this.processes) copy.processes.set(pid, twin(process, twins));
    this.calls.copyTo(copy.calls, (process) => twin(process, twins));
    return copy;
  }

  private takeGone({ pid, born, t }: GoneLine): void {
    const process = this.processes.get(pid);
    if (process?.born === born) this.bury(process, { t });
    this.advance(t);
  }

  private speakerOf(record: ActorRecord): { process: Process; lost: number } {
    const known = this.processes.get(record.pid);
    const process = isSame(known, record) ? known : this.meet(record, known);
    // After an exec() it counts anew.
    const expected = process.born === record.born ? process.nextSeq : 0;
    const lost = Math.max(0, record.seq - expected);
    process.born = record.born;
    process.nextSeq = record.seq + 1;
    this.drops += lost;
    return { process, lost };
  }

  private meet(record: ActorRecord, predecessor: Process | undefined): Process {
    // Its pid is another's now.
    if (predecessor !== undefined) this.bury(predecessor, { t: record.born });
    const fork = this.forks.get(record.pid);
    this.forks.delete(record.pid);
    const isForked = fork !== undefined && isBirth(record, fork.t);
    const parent = isForked ? fork.parent : this.processes.get(record.ppid);
    const process: Process = {
      key: `${record.pid}.${record.born}`,
      pid: record.pid,
      // Whose parent ends at once is another's child before it says its first word.
      parent: parent?.pid ?? record.ppid,
      born: record.born,
      role: record.kind === 'start' ? roleAtStart(record.actor) : roleInMidLife(record.actor),
      actors: [],
      nextSeq: record.born < this.since ? record.seq : 0,
    };
    inherit(process, parent);
    this.processes.set(record.pid, process);
    return process;
  }

  private step(process: Process, record: StartRecord | TransitionRecord, lost: number): void {
    const step = stepOf(record, lost);
    const actor = this.actorOf(process, record);
    actor.steps.push(step);
    actor.stepCount += 1;
    if (actor.steps.length > keptSteps * 1.5) actor.steps = actor.steps.slice(-keptSteps);
    if (step.path.length > 0 || step.to !== actor.state) actor.since = step.t;
    actor.state = step.to;
    if (record.kind === 'start') this.identify(process, record);
    else this.relate(process, record);
    this.calls.notice(process, actor, step);
  }

  private actorOf(process: Process, record: StartRecord | TransitionRecord): Actor {
    const current = process.actors.at(-1);
    const isNew = record.kind === 'start' || current?.chart !== record.actor;
    if (!isNew) return current;
    const actor: Actor = {
      chart: record.actor,
      engine: record.engine,
      steps: [],
      stepCount: 0,
      state: record.to,
      since: record.t,
    };
    process.actors.push(actor);
    return actor;
  }

  private identify(process: Process, record: StartRecord): void {
    process.session = record.session;
    process.group = record.group;
    if (record.socket !== undefined) process.socket = record.socket;
    if (record.script !== undefined) process.script = record.script;
    if (chartOfRole(process.role) !== record.actor) process.role = roleAtStart(record.actor);
    // A server that is met in mid-life has told neither.
    const parent = this.processes.get(process.parent);
    if (parent !== undefined && !isCaller(parent)) inherit(parent, process, ['socket', 'script']);
    this.calls.identify(process, record, this.processes);
  }

  /** What the event tells of other processes. */
  private relate(process: Process, record: TransitionRecord): void {
    if (record.event === 'CHILD' && process.actors.length === 1)
      process.role = roleOfChild(record.actor, record.from) ?? process.role;
    // Who leads a session leads its first group, too.
    if (record.event === 'SESSION_LED') process.session = process.group = process.pid;
    if (record.event === 'GROUP_LED') process.group = process.pid;
    const child = record.data?.['child'];
    if (record.event === 'PARENT' && typeof child === 'number')
      this.adopt(child, { parent: process, t: record.t });
    const end = endToldBy(record.actor, record.from, record.event);
    const ended = end && this.related(process, end.chart, child);
    if (ended === undefined) return;
    const status = record.data?.['status'];
    this.bury(ended, {
      t: record.t,
      ...(typeof status === 'number' ? { ending: endingOf(status) } : {}),
      ...(end?.isSudden === true ? { isSudden: true } : {}),
    });
  }

  private adopt(pid: number, fork: Fork): void {
    const child = this.processes.get(pid);
    const { parent, t } = fork;
    if (child === undefined || !isBirth(child, t)) this.forks.set(pid, fork);
    else if (child.parent !== parent.pid) {
      child.parent = parent.pid;
      inherit(child, parent);
      this.calls.adopt(child, parent);
    }
  }

  private related(process: Process, chart: string, pid: unknown): Process | undefined {
    if (typeof pid === 'number') return this.processes.get(pid);
    const inCall = this.calls.partnerOf(process, chart);
    if (inCall !== undefined) return inCall;
    const isServing = !isCaller(process) && process.socket !== undefined;
    return [...this.processes.values()].find(
      (other) =>
        other.actors.at(-1)?.chart === chart &&
        (isServing ? other.socket === process.socket : other.parent === process.pid),
    );
  }

  private end(process: Process, t: number, ending?: Ending, becomes?: string): void {
    const actor = process.actors.at(-1);
    if (actor !== undefined) actor.ended = { t, ...(becomes === undefined ? {} : { becomes }) };
    if (becomes === undefined) this.bury(process, { t, ...(ending && { ending }) });
    else if (isRole(becomes)) process.role = becomes;
  }
}

interface Fork {
  readonly parent: Process;
  readonly t: number;
}

/** Whether it is that process that was forked then, and not another that has its number. */
const isBirth = ({ born }: { readonly born: number }, t: number): boolean =>
  Math.abs(born - t) < longestFork;

/** Whether the record is of a process that is known: also one that has executed another program since. */
const isSame = (known: Process | undefined, record: ActorRecord): known is Process =>
  known !== undefined && (known.born === record.born || isNextOf(known, record));

const isNextOf = ({ actors }: Process, { kind, actor }: ActorRecord): boolean => {
  const becomes = actors.at(-1)?.ended?.becomes;
  return kind === 'start' && becomes !== undefined && chartOfRole(becomes) === actor;
};

/** A client has the server's socket in common with its servers of all times. */
const isCaller = ({ role }: Process): boolean => role === 'client';

/** What it has from the other as long as it says nothing else itself. */
const inherit = (
  process: Process,
  other: Process | undefined,
  what: readonly (keyof Process)[] = ['socket', 'script', 'session', 'group'],
): void => {
  for (const name of what) {
    if (process[name] === undefined && other?.[name] !== undefined)
      Object.assign(process, { [name]: other[name] });
  }
};

const stepOf = (record: StartRecord | TransitionRecord, lost: number): Step => ({
  t: record.t,
  event: record.kind === 'start' ? null : record.event,
  from: record.kind === 'start' ? null : record.from,
  to: record.to,
  path: record.path,
  guards: record.guards,
  actions: record.actions,
  ...(record.kind === 'start' || record.data === undefined ? {} : { data: record.data }),
  ...(lost === 0 ? {} : { lost }),
});
