// What is shown of the world: small whatever has happened, and the same for the page and the terminal.

import { charts } from '../../machines/index';
import { phases } from '../../machines/phases';
import { durationOf, outcomeOf, scriptOf, startOf } from './classes';
import { defined } from './defined';
import { lanesOfCall, laneOfProcess, type Lane } from './lanes';
import { phasesOf, type Span } from './timeline';
import type { Call, CallClass, Outcome, Process, Step } from './types';
import type { World } from './world';

export interface View {
  /** Microseconds, as everywhere. */
  readonly time: number;
  readonly records: number;
  readonly drops: number;
  readonly finished: number;
  readonly processes: readonly ProcessView[];
  readonly running: readonly CallView[];
  readonly classes: readonly ClassView[];
  /** What was asked for in particular. */
  readonly subject?: Subject;
}

export interface ProcessView {
  readonly key: string;
  readonly pid: number;
  readonly parent: number;
  readonly role: string;
  readonly script?: string;
  readonly session?: number;
  readonly group?: number;
  readonly socket?: string;
  readonly call?: string;
  readonly chart: string;
  readonly engine: string;
  readonly state: string;
  readonly since: number;
  readonly last?: Step;
}

export interface CallView {
  readonly key: string;
  readonly pid?: number;
  readonly script: string;
  readonly start: CallClass['start'];
  readonly begun: number;
  /** Where it is over. */
  readonly duration?: number;
  readonly outcome?: Outcome;
  readonly phases: readonly Span<number>[];
}

export interface ClassView {
  readonly key: string;
  readonly script: string;
  readonly outcome: Outcome;
  readonly start: CallClass['start'];
  readonly path: readonly string[];
  readonly isIncomplete: boolean;
  /** The states of the path that are apart from the main way. */
  readonly apart: readonly string[];
  readonly count: number;
  /** Microseconds. */
  readonly median: number;
  readonly p99: number;
  /** The mean time in each phase. */
  readonly phases: readonly number[];
  /** Of the calls that are kept, whichever they are. */
  readonly pids: readonly number[];
  /** Single calls, of a class that is looked into. */
  readonly latest?: readonly CallView[];
  readonly slowest?: readonly CallView[];
}

export interface Subject {
  readonly key: string;
  readonly call?: CallView;
  readonly lanes: readonly Lane[];
}

/** What to show in particular. */
export interface Interest {
  /** A call or a process by its key; without one, whatever call is the latest. */
  readonly subject?: string;
  /** The keys of the classes that are looked into. */
  readonly open: readonly string[];
}

export function viewOf(world: World, interest: Interest): View {
  const { calls } = world;
  const subject = subjectOf(world, interest.subject);
  return {
    time: world.time,
    records: world.records,
    drops: world.drops + calls.classes.missing,
    finished: calls.classes.finished,
    processes: [...world.processes.values()].flatMap(viewOfProcess),
    running: [...calls.running.values()].map(viewOfCall),
    classes: calls.classes.all.map((one) => viewOfClass(one, interest.open.includes(one.key))),
    ...(subject === undefined ? {} : { subject }),
  };
}

function subjectOf(world: World, key: string | undefined): Subject | undefined {
  const { running, classes } = world.calls;
  const call =
    key === undefined
      ? ([...running.values()].at(-1) ?? classes.last)
      : (running.get(key) ?? classes.find(key));
  if (call !== undefined)
    return { key: call.key, call: viewOfCall(call), lanes: lanesOfCall(call, world.processes) };
  const process = [...world.processes.values()].find((one) => one.key === key);
  return process && { key: process.key, lanes: [laneOfProcess(process)] };
}

function viewOfProcess(process: Process): ProcessView[] {
  const actor = process.actors.at(-1);
  if (actor === undefined) return [];
  const { key, pid, parent, role, script, session, group, socket, call } = process;
  const last = actor.steps.at(-1);
  const { chart, engine, state, since } = actor;
  return [
    {
      ...{ key, pid, parent, role, chart, engine, state, since },
      ...defined({ script, session, group, socket, call, last }),
    },
  ];
}

/** Of finished calls, of which nothing changes. */
const finished = new WeakMap<Call, CallView>();

function viewOfCall(call: Call): CallView {
  const known = finished.get(call);
  if (known !== undefined) return known;
  const view = makeViewOfCall(call);
  if (call.ended !== undefined) finished.set(call, view);
  return view;
}

function makeViewOfCall(call: Call): CallView {
  const { key, begun, ended } = call;
  const pid = (call.parts.client ?? call.parts.monitor)?.pid;
  return {
    ...{ key, begun, script: scriptOf(call) ?? '', start: startOf(call), phases: phasesOf(call) },
    ...defined({ pid }),
    ...(ended === undefined ? {} : { duration: durationOf(call), outcome: outcomeOf(call) }),
  };
}

/** `chart state`, of the outermost states. */
const statesApart = new Set(
  charts.flatMap(({ id, states }) =>
    Object.entries(states)
      .filter(([, { meta }]) => meta?.failure === true)
      .map(([state]) => `${id} ${state}`),
  ),
);

function viewOfClass(one: CallClass, isOpen: boolean): ClassView {
  const { key, script, outcome, start, path, isIncomplete, count } = one;
  const sorted = [...one.durations].sort((a, b) => a - b);
  const share = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return {
    ...{ key, script, outcome, start, path, isIncomplete, count },
    apart: path.filter((state) => statesApart.has(state)).map((state) => state.split(' ')[1] ?? ''),
    median: share(0.5),
    p99: share(0.99),
    pids: [...one.latest, ...one.slowest].flatMap((call) => viewOfCall(call).pid ?? []),
    phases: phases.map((_, place) => (one.phaseSums[place] ?? 0) / count),
    ...(isOpen ? { latest: one.latest.map(viewOfCall), slowest: one.slowest.map(viewOfCall) } : {}),
  };
}
