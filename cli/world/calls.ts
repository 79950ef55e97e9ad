// Which processes serve which call, and when a call is over.

import { processes as topology } from '../../machines/topology';
import type { StartRecord } from '../../runtime/trace/record';
import { isArrival } from './causes';
import { Classes } from './classes';
import { isComplete } from './completeness';
import { endingOf } from './ending';
import { chartOfRole, roleOfChild } from './roles';
import { twin } from './twin';
import type { Actor, Call, Part, Process, Step } from './types';

/** Microseconds for which what one process says may come after what others have said later. */
const delay = 1_000_000;
/** As many clients are remembered after their calls are over. */
const keptClients = 100;

/** What a server did to serve a child that has not been heard of yet. */
interface Service {
  readonly server: Process;
  readonly steps: readonly Step[];
}

const parts: readonly Part[] = ['client', 'monitor', 'executor'];
const partOf = (chart: string): Part | undefined => parts.find((part) => part === chart);

export class Calls {
  readonly running = new Map<string, Call>();
  readonly classes = new Classes();
  private readonly closing = new Set<Call>();
  private readonly services = new Map<number, Service>();
  /** Of calls whose clients have not said anything, if they ever will: by the clients' pids. */
  private readonly awaited = new Map<number, Call>();
  /** The pids of clients whose calls are over: what is said of those later comes too late. */
  private late: number[] = [];

  /** A process has said which call it is for. */
  identify(process: Process, record: StartRecord, living: ReadonlyMap<number, Process>): void {
    const part = partOf(record.actor);
    if (part === undefined || part === 'client') return;
    const { client = 0 } = record;
    const parent = living.get(process.parent);
    const ofClient = this.of(living.get(client)) ?? this.awaited.get(client);
    if (part === 'executor') {
      const call = ofClient ?? this.of(parent);
      if (call === undefined) return;
      this.join(process, part, call);
      // What the monitor said at its beginning was lost.
      if (parent?.role === 'monitor' && parent.call === undefined)
        this.join(parent, 'monitor', call);
    } else if (ofClient !== undefined || !this.late.includes(client)) {
      const call = ofClient ?? this.begin(process);
      if (ofClient === undefined && client !== 0) this.awaited.set(client, call);
      this.join(process, part, call);
    }
  }

  /** A process turns out to be the child of that one: what a call's client has started is part of it. */
  adopt(process: Process, parent: Process): void {
    const call = this.of(parent);
    const isStarter = call?.parts.client === parent || call?.others.includes(parent) === true;
    if (call === undefined || !isStarter || process.call !== undefined) return;
    if (partOf(process.role) !== undefined) return;
    process.call = call.key;
    call.others.push(process);
  }

  /** A process has taken a step. */
  notice(process: Process, actor: Actor, step: Step): void {
    const part = partOf(process.role);
    if (part === undefined) this.noticeOther(process, actor, step);
    else if (part === 'client' && process.call === undefined && actor.chart === part)
      this.join(process, part, this.callFor(process));
    const status = step.data?.['status'];
    const executor = this.of(process)?.parts.executor;
    if (part === 'monitor' && typeof status === 'number' && executor !== undefined)
      executor.gone = { t: step.t, ...executor.gone, ending: endingOf(status) };
  }

  noticeEnd(process: Process): void {
    const call = this.of(process);
    if (call !== undefined) this.closing.add(call);
    this.services.delete(process.pid);
  }

  /** Lays aside the calls that are over. */
  settle(time: number): void {
    for (const call of this.closing) {
      const { client, monitor } = call.parts;
      const ends = [client, monitor].flatMap((process) => (process ? [process.gone?.t] : []));
      const last = Math.max(...ends.map((t) => t ?? Infinity));
      if (time < last || (!isComplete(call) && time < last + delay)) continue;
      call.ended = client?.gone?.ending === undefined ? last : client.gone.t;
      this.closing.delete(call);
      this.running.delete(call.key);
      if (client !== undefined) this.late = [...this.late.slice(1 - keptClients), client.pid];
      for (const [pid, awaiting] of this.awaited) if (awaiting === call) this.awaited.delete(pid);
      // The server goes on; what is told of the call does not.
      call.others = call.others.map((other) => twin(other, new Map()));
      if (call.server !== undefined) call.server = withoutSteps(call.server);
      this.classes.add(call);
    }
  }

  /** The process of the same call that runs that chart. */
  partnerOf(process: Process, chart: string): Process | undefined {
    const part = partOf(chart);
    return part === undefined ? undefined : this.of(process)?.parts[part];
  }

  copyTo(other: Calls, twinOf: (process: Process) => Process): void {
    for (const [key, call] of this.running) {
      const entries = Object.entries(call.parts).map(([part, process]) => [part, twinOf(process)]);
      const copy: Call = {
        ...call,
        parts: Object.fromEntries(entries) as Call['parts'],
        others: call.others.map(twinOf),
        ...(call.server === undefined ? {} : { server: twinOf(call.server) }),
        served: [...call.served],
      };
      other.running.set(key, copy);
      if (this.closing.has(call)) other.closing.add(copy);
    }
    for (const [pid, { server, steps }] of this.services)
      other.services.set(pid, { server: twinOf(server), steps });
    for (const [pid, { key }] of this.awaited) {
      const copy = other.running.get(key);
      if (copy !== undefined) other.awaited.set(pid, copy);
    }
    other.late = this.late;
    this.classes.copyTo(other.classes);
  }

  private of(process: Process | undefined): Call | undefined {
    return process?.call === undefined ? undefined : this.running.get(process.call);
  }

  /** Of a client: one that its monitor has told of already, or a new one. */
  private callFor(client: Process): Call {
    const awaiting = this.awaited.get(client.pid);
    this.awaited.delete(client.pid);
    return awaiting ?? this.begin(client);
  }

  private join(process: Process, part: Part, call: Call): void {
    process.call = call.key;
    call.parts[part] = process;
    // Its monitor may have been heard before its client.
    call.begun = Math.min(call.begun, process.actors.at(-1)?.steps[0]?.t ?? call.begun);
    const service = this.services.get(process.pid);
    if (service !== undefined && part === 'monitor') attribute(call, service);
  }

  private begin(process: Process): Call {
    const begun = process.actors.at(-1)?.steps[0]?.t ?? process.born;
    const call: Call = { key: process.key, begun, parts: {}, others: [], served: [] };
    this.running.set(call.key, call);
    return call;
  }

  /** A process that is no part of a call itself: started by one, or serving them. */
  private noticeOther(process: Process, actor: Actor, step: Step): void {
    if (process.call === undefined && actor.stepCount === 1) {
      for (const { parts, others } of this.running.values()) {
        const parent = [parts.client, ...others].find((one) => one?.pid === process.parent);
        if (parent !== undefined) this.adopt(process, parent);
      }
    }
    this.noticeService(process, actor, step);
  }

  /** A server has forked a monitor, or made one of its standby, or seen one end. */
  private noticeService(server: Process, actor: Actor, step: Step): void {
    const pid = step.data?.['child'];
    if (typeof pid !== 'number' || actor.chart !== chartOfServer) return;
    const isBeginning = step.data?.['status'] === undefined;
    const isFork = step.event === 'PARENT' && step.from !== null;
    if (isBeginning && (!isFork || roleOfChild(actor.chart, step.from) === monitorRole)) {
      const first = actor.steps.findLastIndex(({ event }) => isArrival(actor.chart, event));
      const service = { server, steps: actor.steps.slice(Math.max(0, first)) };
      this.services.set(pid, service);
    }
    for (const call of this.running.values()) {
      if (call.parts.monitor?.pid !== pid) continue;
      const service = this.services.get(pid);
      if (isBeginning && service !== undefined) attribute(call, service);
      else if (!isBeginning) call.served.push(step);
    }
  }
}

const monitorInTopology = topology.find(({ chart }) => chart === 'monitor');
const monitorRole = monitorInTopology?.name;
const chartOfServer = chartOfRole(monitorInTopology?.forkedBy ?? '');

/** As it is now; what it did for a call is kept with that. */
const withoutSteps = (server: Process): Process => ({
  ...server,
  actors: server.actors.map((actor) => ({ ...actor, steps: [] })),
});

const attribute = (call: Call, { server, steps }: Service): void => {
  call.server = server;
  call.served = [...steps];
};
