// Where the figures come from.

import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { projectRoot } from '../test/support/sandbox';

export type Machine = ReturnType<typeof describeMachine>;

export function describeMachine() {
  const revision = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return {
    date: new Date().toISOString(),
    revision: revision.status === 0 ? revision.stdout.trim() : 'unknown',
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    /** Variables that make every Node slower to start. */
    nodeVariables: ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'].filter((name) => name in process.env),
    /** Over one, five and fifteen minutes: what else the machine had to do. */
    load: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
