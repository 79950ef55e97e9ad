/** What the drawings of parentage and descriptors show: processes, and what runs between them. */

import { afterClientKilled, betweenCalls, duringService } from '../../machines/index';
import type { Side, Topology } from '../../machines/moments';
import type { Link } from '../../machines/links';
import type { Process } from '../../machines/topology';
import type { ActorRecord, StartRecord } from '../../runtime/trace/record';

export interface Node {
  /** Its own among the nodes. */
  readonly id: string;
  /** As the topology names it; the caller is none of ours. */
  readonly name: string;
  readonly pid: number | null;
  /** The id of its parent; null: nobody of ours. */
  readonly parent: string | null;
  readonly leads: 'session' | 'group' | null;
  readonly realm: Process['runsIn'] | 'caller';
  /** What else it holds open. */
  readonly holds: readonly string[];
}

export interface Wire {
  readonly label: string;
  readonly kind: Link['kind'];
  /** Who makes, writes or gives; and who gets it. An end at null is closed, or a path. */
  readonly from: Port | null;
  readonly to: Port | null;
}

export interface Port {
  readonly node: string;
  /** The numbers of its descriptors, where they are always the same, and what it does. */
  readonly text: string;
}

export interface TopologyView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly nodes: readonly Node[];
  readonly wires: readonly Wire[];
}

const viewOf = (
  name: string,
  title: string,
  description: string,
  topology: Topology,
): TopologyView => {
  const caller: Node = {
    ...{ id: 'caller', name: 'caller', pid: null, parent: null, leads: null },
    ...{ realm: 'caller', holds: [] },
  };
  const nodes = topology.processes.map((process): Node => {
    const { forkedBy, daemon, leads = null, runsIn: realm } = process;
    const parent = daemon === true ? null : forkedBy;
    return {
      id: process.name,
      name: process.name,
      pid: null,
      parent,
      leads,
      realm,
      holds: heldBy(process, topology),
    };
  });
  const wires = topology.connections.map(({ label, kind, ends: [from, to] }): Wire => {
    if (kind !== 'inotify')
      return { label, kind, from: portOf(from, label), to: portOf(to, label) };
    // What is watched is a path, which nobody holds: `inotify sockpath`.
    const [means = '', path = ''] = label.split(' ');
    return { label: path, kind, from: null, to: portOf(to, means) };
  });
  const isThere =
    nodes.some(({ parent }) => parent === caller.id) ||
    wires.some(({ from, to }) => from?.node === caller.id || to?.node === caller.id);
  return { name, title, description, nodes: [...(isThere ? [caller] : []), ...nodes], wires };
};

const portOf = (side: Side | null, label: string): Port | null => {
  if (side === null) return null;
  const numbers = side.descriptors?.join(' ');
  return { node: side.process, text: numbers ?? label };
};

const words = {
  null: 'null',
  standardError: 'caller’s 2',
  childEnd: 'end of the',
  signals: 'signals',
  programFiles: 'program’s files',
  syslog: 'syslog',
  loop: '',
} as const;

/** In short; innards of event loops are left out. */
const heldBy = ({ name }: Process, { holdings }: Topology): readonly string[] =>
  holdings
    .filter(({ process, what }) => process === name && what !== 'loop')
    .map(({ what, descriptors = [], of, call }) =>
      [
        descriptors.length === 0 ? '' : `${descriptors.join(' ')}:`,
        words[what],
        of ?? '',
        call === undefined ? '' : `(${call} call)`,
      ]
        .filter((word) => word !== '')
        .join(' '),
    );

export const topologies: readonly TopologyView[] = [
  viewOf(
    'topology',
    'While the script runs',
    'Who has forked whom, who leads a session or a process group, and what runs between whom.',
    duringService,
  ),
  viewOf(
    'topology-client-killed',
    'When the client has been killed',
    'The same while the monitor ends the call: its other end is closed, the streams are the caller’s.',
    afterClientKilled,
  ),
  viewOf(
    'topology-between-calls',
    'Between two calls',
    'Forked ahead of the next call, of which they become monitor and executor: standby and understudy.',
    betweenCalls,
  ),
];

/** The processes of the last call in a run that has come to its script; undefined: there is none. */
export const topologyOfRun = (records: readonly ActorRecord[]): TopologyView | undefined => {
  const [during] = topologies;
  const executor = records.findLast(
    (record) => record.kind === 'end' && record.actor === 'executor' && record.becomes === 'script',
  );
  if (during === undefined || executor === undefined) return undefined;
  const before = records.slice(0, records.indexOf(executor));
  const startOf = (actor: string, pid?: number): StartRecord | undefined =>
    before.findLast(
      (record): record is StartRecord =>
        record.kind === 'start' && record.actor === actor && (pid ?? record.pid) === record.pid,
    );
  const monitor = startOf('monitor', executor.ppid);
  // Not the process that it is a daemon of. It may be so slow that it is heard later.
  const isWatcher = (record: ActorRecord): boolean =>
    record.actor === 'watcher' && record.kind === 'transition' && record.event !== 'PARENT';
  const watcher = before.findLast(isWatcher) ?? records.find(isWatcher);
  const pids: Readonly<Record<string, number | undefined>> = {
    executor: executor.pid,
    monitor: executor.ppid,
    server: monitor?.ppid,
    client: monitor?.client,
    watcher: watcher?.pid,
    caller: startOf('client', monitor?.client)?.ppid,
  };
  return {
    ...during,
    title: 'The last call while its script ran',
    nodes: during.nodes.map((node) => ({ ...node, pid: pids[node.name] ?? null })),
  };
};
