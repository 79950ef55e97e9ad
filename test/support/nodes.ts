// The Nodes that a promise about all of them is tested on: this one, and others that are given.

import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { projectRoot } from './sandbox';

export interface NodeUnderTest {
  readonly path: string;
  /** As process.version says it. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
}

/** This Node first; then those of PREFORK_TEST_NODES (paths, as in PATH), or else of build/nodes. */
export function nodesUnderTest(): readonly NodeUnderTest[] {
  const given = process.env['PREFORK_TEST_NODES'];
  const others = given === undefined ? nodesOfBuild() : given.split(delimiter).filter(Boolean);
  return [process.execPath, ...others].map((path) => {
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
    return { path, version, major, minor };
  });
}

function nodesOfBuild(): string[] {
  const folder = join(projectRoot, 'build/nodes');
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder).map((name) => join(folder, name, 'bin/node'));
  return paths.filter((path) => existsSync(path));
}
