// Who is whose child.

import type { ProcessView } from './view';

export interface Branch {
  readonly process: ProcessView;
  readonly depth: number;
  /** Whether it is the last child of its parent. */
  readonly isLast: boolean;
}

/** First by what they belong to, servers before callers; then by age. */
const order = ['server', 'watcher', 'setup', 'client'];

/** The processes as a tree from top to bottom; whose parent is none of them stands at its left. */
export function treeOf(processes: readonly ProcessView[]): Branch[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  const roots = processes.filter(({ parent }) => !pids.has(parent));
  const rank = ({ role }: ProcessView): number => order.indexOf(role);
  const family = ({ socket = '~' }: ProcessView): string => socket;
  const sorted = roots.toSorted(
    (one, other) => family(one).localeCompare(family(other)) || rank(one) - rank(other),
  );
  const below = (siblings: readonly ProcessView[], depth: number): Branch[] =>
    siblings.flatMap((process, index) => [
      { process, depth, isLast: index === siblings.length - 1 },
      ...below(
        processes.filter(({ parent }) => parent === process.pid),
        depth + 1,
      ),
    ]);
  return below(sorted, 0);
}
