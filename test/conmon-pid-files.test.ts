// The files in which a monitor and its container leave their pids.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Monitored, conmon, fakeRuntime } from './support/monitored';
import { kill } from './support/sandbox';
import { newSandbox } from './support/traces';

test('the monitor’s pid is in its file when the caller may go on', async (t) => {
  const container = new Monitored(newSandbox(t), { command: 'exec sleep 1000', daemon: true });
  assert.equal((await container.outcome).code, 0);
  const text = readFileSync(container.path('monitor-pid'), 'utf8');
  assert.match(text, /^[1-9]\d*$/);
  kill(await container.pid(), 'SIGKILL');
  await container.gone(Number(text));
});

test('in the foreground there is no such file', async (t) => {
  const container = new Monitored(newSandbox(t), {
    command: 'exit 3',
    words: ['--conmon-pidfile', 'monitor-pid'],
  });
  assert.equal((await container.outcome).code, 3);
  assert.ok(!existsSync(join(container.sandbox.folder, 'monitor-pid')));
});

for (const [words, name] of [
  [[], 'pidfile-some-id'],
  [['-p', 'a'], 'a'],
  [['--container-pidfile', 'b'], 'b'],
  [['--pidfile', 'c'], 'c'],
] as const) {
  test(`the container’s pid is in ${name} with ${words.join(' ') || 'nothing said'}`, async (t) => {
    const sandbox = newSandbox(t);
    const common = ['-c', 'some-id', '-u', 'u', '-r', fakeRuntime, '-l', 'log', '--full-attach'];
    const { code } = await sandbox.run(conmon, [...common, '--sync', ...words], {
      env: { FK_CMD: 'echo $$; exit 3' },
    });
    assert.equal(code, 3);
    const [, pid] =
      / stdout F (\d+)\n/.exec(readFileSync(join(sandbox.folder, 'log'), 'utf8')) ?? [];
    assert.equal(readFileSync(join(sandbox.folder, name), 'utf8'), pid);
  });
}
