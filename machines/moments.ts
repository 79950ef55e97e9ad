/** The topology at certain times: the two that the documented diagrams tell of, and between calls. */

import { holdings, type Holding } from './holdings';
import { links, type End, type Link } from './links';
import { processes, type Process, type ProcessName } from './topology';

/** What is there at one time. */
export interface Topology {
  readonly processes: readonly Process[];
  readonly connections: readonly Connection[];
  readonly holdings: readonly Holding[];
}

/** A link as it is at that time: an end whose process has gone is null, or its parent's. */
export interface Connection extends Omit<Link, 'ends'> {
  readonly ends: readonly [Side | null, Side | null];
}

export type Side = Omit<End, 'process'> & { readonly process: ProcessName | 'caller' };

const isAhead = (name: ProcessName | undefined): boolean =>
  processes.some((process) => process.name === name && process.aheadOf !== undefined);

const isOfService = ({ ends }: Link): boolean => !ends.some(({ process }) => isAhead(process));

/** While the script runs. */
export const duringService: Topology = {
  processes: processes.filter(({ name, passing }) => passing !== true && !isAhead(name)),
  connections: links.filter(isOfService),
  holdings: holdings.filter(({ process, of }) => !isAhead(process) && !isAhead(of)),
};

/** The same when the client has been killed: what it had from its caller is still the caller's. */
export const afterClientKilled: Topology = {
  processes: duringService.processes.filter(({ name }) => name !== 'client'),
  connections: links.filter(isOfService).map((link) => ({
    ...link,
    ends: [withoutClient(link, link.ends[0]), withoutClient(link, link.ends[1])],
  })),
  holdings: duringService.holdings.filter(({ process }) => process !== 'client'),
};

const stays = (name: ProcessName): boolean =>
  name === 'watcher' || name === 'server' || isAhead(name);

/** Between two calls, where the server keeps a standby. */
export const betweenCalls: Topology = {
  processes: processes.filter(({ name }) => stays(name)),
  connections: links.map(withoutCall).filter(({ kind, ends }) => {
    const there = ends.filter((end) => end !== null);
    return (
      there.length === 2 || (there.length === 1 && (kind === 'listener' || kind === 'inotify'))
    );
  }),
  holdings: holdings.filter(
    ({ process, of = 'watcher', call }) => stays(process) && stays(of) && call !== 'first',
  ),
};

function withoutCall({ ends: [one, other], ...link }: Link): Connection {
  const ifThere = (end: End): Side | null => (stays(end.process) ? end : null);
  return { ...link, ends: [ifThere(one), ifThere(other)] };
}

function withoutClient({ kind }: Link, end: End): Side | null {
  if (end.process !== 'client') return end;
  return kind === 'passed' ? { ...end, process: 'caller' } : null;
}
