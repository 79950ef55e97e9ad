// Which Nodes the suite runs on.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../support/sandbox';

export interface Node {
  readonly major: number;
  readonly path: string;
  /** Why it cannot be run. */
  readonly absent?: string;
}

/** PREFORK_TEST_NODES names majors, with commas; by default this Node and 22, or 24 if this is 22. */
export function nodes(): Node[] {
  const own = Number.parseInt(process.versions.node, 10);
  const wanted = process.env['PREFORK_TEST_NODES']?.split(',').map(Number) ?? [
    own,
    own === 22 ? 24 : 22,
  ];
  return wanted.map((major) =>
    major === own ? { major, path: process.execPath } : fetched(major),
  );
}

function fetched(major: number): Node {
  const path = join(projectRoot, `build/nodes/${major}/bin/node`);
  const script = join(projectRoot, 'scripts/fetch-nodes');
  const { status, stderr } = spawnSync(script, [String(major)], { encoding: 'utf8' });
  return { major, path, ...(status === 0 ? {} : { absent: `not to be had: ${stderr.trim()}` }) };
}
