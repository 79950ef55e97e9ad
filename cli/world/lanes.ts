// The actors of a call, or of one process, each with all that it did.

import { processes } from '../../machines/topology';
import type { Actor, Call, Gone, Process, Step } from './types';
import { defined } from './defined';

/** An actor on the time line. */
export interface Lane {
  readonly key: string;
  /** The key of its process. */
  readonly process: string;
  readonly pid: number;
  readonly parent: number;
  /** What the process is known as; of an actor beside its own the chart, and its number. */
  readonly role: string;
  readonly chart: string;
  readonly engine: string;
  readonly session?: number;
  readonly group?: number;
  /** In the order of time; of an actor that lives long the latest only. */
  readonly steps: readonly Step[];
  /** How many it has taken altogether. */
  readonly stepCount: number;
  readonly gone?: Gone;
}

const laneOf = (process: Process, actor: Actor): Lane => {
  const { key, pid, parent, session, group } = process;
  const { chart, instance, engine, steps, stepCount } = actor;
  const isOwn = instance === 0;
  const gone = process.gone ?? (isOwn ? undefined : actor.ended && { t: actor.ended.t });
  return {
    key: isOwn ? key : `${key}/${instance}`,
    role: isOwn ? process.role : `${chart} ${instance}`,
    ...{ process: key, pid, parent, chart, engine, steps, stepCount },
    ...defined({ session, group, gone }),
  };
};

/** A process's own actor, and all beside it. */
export const lanesOfProcess = (process: Process): Lane[] => [
  laneOfProcess(process),
  ...process.beside.map((actor) => laneOf(process, actor)),
];

/** The actor that a process is known for: the last one that it has been. */
function laneOfProcess(process: Process): Lane {
  const actor = process.actors.at(-1);
  if (actor === undefined) throw new Error(`process ${process.key} has no actor`);
  return laneOf(process, actor);
}

/** In the order in which a call brings them to life. */
const order: readonly string[] = processes.map(({ name }) => name);

export function lanesOfCall(call: Call, living: ReadonlyMap<number, Process>): Lane[] {
  const started = call.others.some(({ role }) => role === 'server');
  const { server } = call;
  const serving = server !== undefined && !started ? [laneOfServer(server, call.served)] : [];
  const watcher = [...living.values()].find(
    ({ role, socket }) =>
      role === 'watcher' && socket !== undefined && socket === server?.socket && !started,
  );
  const all = [...Object.values(call.parts), ...call.others, ...(watcher ? [watcher] : [])];
  return [...all.filter(({ actors }) => actors.length > 0).map(laneOfProcess), ...serving].sort(
    (one, other) => order.indexOf(one.role) - order.indexOf(other.role),
  );
}

/** What a server did for one call. */
const laneOfServer = (server: Process, served: readonly Step[]): Lane => ({
  ...laneOfProcess(server),
  steps: served,
});
