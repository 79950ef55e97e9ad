// Which Nodes the suite runs on.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../support/sandbox';

export interface Node {
  readonly major: number;
  readonly path: string;
  /** In which ways it is compared. */
  readonly ways: readonly ('warm' | 'ahead')[];
  /** Why it cannot be run. */
  readonly absent?: string;
}

/**
 * PREFORK_TEST_NODES names majors, with commas, each to be compared in both ways. By default it is this Node, by
 * processes forked ahead, and 22, or 24 if this is 22, by those forked for the call.
 */
export function nodes(): Node[] {
  const own = Number.parseInt(process.versions.node, 10);
  const named = process.env['PREFORK_TEST_NODES']?.split(',').map(Number);
  return (named ?? [own, own === 22 ? 24 : 22]).map((major) => {
    const way = major === own ? ('ahead' as const) : ('warm' as const);
    const ways = named === undefined ? [way] : (['warm', 'ahead'] as const);
    return { ways, ...(major === own ? { major, path: process.execPath } : fetched(major)) };
  });
}

function fetched(major: number): Omit<Node, 'ways'> {
  const path = join(projectRoot, `build/nodes/${major}/bin/node`);
  const script = join(projectRoot, 'scripts/fetch-nodes');
  const { status, stderr } = spawnSync(script, [String(major)], { encoding: 'utf8' });
  return { major, path, ...(status === 0 ? {} : { absent: `not to be had: ${stderr.trim()}` }) };
}
