/** The topology at certain times: the two that the documented diagrams tell of. */

import {
  holdings,
  links,
  processes,
  type End,
  type Holding,
  type Link,
  type Process,
  type ProcessName,
} from './topology';

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

/** While the script runs. */
export const duringService: Topology = {
  processes: processes.filter(({ passing }) => passing !== true),
  connections: links,
  holdings,
};

/** The same when the client has been killed: what it had from its caller is still the caller's. */
export const afterClientKilled: Topology = {
  processes: duringService.processes.filter(({ name }) => name !== 'client'),
  connections: links.map((link) => ({
    ...link,
    ends: [withoutClient(link, link.ends[0]), withoutClient(link, link.ends[1])],
  })),
  holdings: holdings.filter(({ process }) => process !== 'client'),
};

function withoutClient({ kind }: Link, end: End): Side | null {
  if (end.process !== 'client') return end;
  return kind === 'passed' ? { ...end, process: 'caller' } : null;
}
