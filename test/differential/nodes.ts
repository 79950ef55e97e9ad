// Which Nodes the suite runs on.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../support/sandbox';

export interface Node {
  readonly major: number;
  readonly path: string;
  /** In which ways it is compared. */
  readonly ways: readonly ['ahead'] | readonly ['warm', 'ahead'];
  /** Why it cannot be run. */
  readonly absent?: string;
}

/**
 * PREFORK_TEST_NODES names majors, with commas; by default this Node and 22, or 24 if this is 22, that one without
 * the forks for the call alone.
 */
export function nodes(): Node[] {
  const own = Number.parseInt(process.versions.node, 10);
  const named = process.env['PREFORK_TEST_NODES']?.split(',').map(Number);
  return (named ?? [own, own === 22 ? 24 : 22]).map((major) => {
    const ways = named !== undefined || major === own ? bothWays : (['ahead'] as const);
    return { ways, ...(major === own ? { major, path: process.execPath } : fetched(major)) };
  });
}

const bothWays = ['warm', 'ahead'] as const;

function fetched(major: number): Omit<Node, 'ways'> {
  const path = join(projectRoot, `build/nodes/${major}/bin/node`);
  const script = join(projectRoot, 'scripts/fetch-nodes');
  const { status, stderr } = spawnSync(script, [String(major)], { encoding: 'utf8' });
  return { major, path, ...(status === 0 ? {} : { absent: `not to be had: ${stderr.trim()}` }) };
}
