// What a container monitor must not fail at, tried out under ours and under Debian's.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, conmon, debianConmon, type Launch } from './monitored';
import { isAlive } from './processes';
import { Sandbox } from './sandbox';
import { until } from './until';

export type Start = (options: Launch) => Monitored;
export type Trap = (start: Start, sandbox: Sandbox, monitor: string) => Promise<void>;

export const needsRoot = process.getuid?.() === 0 ? false : 'needs root, for mounts';

async function spring(t: TestContext, monitor: string, trap: Trap): Promise<void> {
  const sandbox = new Sandbox();
  const mounts = (): string[] =>
    readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((mount) => mount.startsWith(`${sandbox.folder}/`));
  t.after(async () => {
    for (const mount of mounts()) spawnSync('umount', ['-l', mount]);
    await sandbox.end();
  });
  await trap((options) => new Monitored(sandbox, { monitor, ...options }), sandbox, monitor);
}

interface Options {
  /** Whether Debian's monitor falls into it: what the test then says. */
  readonly debian: RegExp | 'does well';
  readonly skip?: string | false;
}

export function trap(name: string, { debian, skip = false }: Options, body: Trap): void {
  test(name, { skip }, (t) => spring(t, conmon, body));
  const without = existsSync(debianConmon) ? skip : 'needs Debian’s conmon';
  const does = debian === 'does well' ? debian : 'fails';
  test(`… Debian’s ${does}: ${name}`, { skip: without }, async (t) => {
    const sprung = spring(t, debianConmon, body);
    if (debian === 'does well') await sprung;
    else await assert.rejects(sprung, { message: debian });
  });
}

export const folderOfContainer = '"$(dirname "$FK_LOG")"';
export const afterGo = (then: string): string =>
  `while [ ! -e ${folderOfContainer}/go ]; do sleep 0.02; done; ${then}`;
export const go = (container: Monitored): void => appendFileSync(container.path('go'), '');
export const soon = 6; // seconds

export const monitorPid = (container: Monitored): number => container.child.pid ?? 0;
export const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
/** Clock ticks of processor time. */
export const ticksOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
export const endsSoon = (container: Monitored): Promise<unknown> =>
  until(
    'the exit file',
    () => {
      const has = isAlive(monitorPid(container));
      const file = container.exitFile();
      assert.ok(has || file !== undefined, 'the monitor has ended without an exit file');
      return file;
    },
    soon,
  );
