// A container that is made from a checkpoint: the runtime is told so; the rest is as with any other.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, type Launch } from './support/monitored';
import { Sandbox } from './support/sandbox';

function launch(t: TestContext, options: Launch): Monitored {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return new Monitored(sandbox, { command: 'echo back; exit 3', id: 'some-id', ...options });
}

/** What the runtime has been called with. */
async function wordsFor(t: TestContext, more: readonly string[]): Promise<readonly string[]> {
  const container = launch(t, { words: ['--restore', '/checkpoint', ...more] });
  assert.equal((await container.outcome).code, 3);
  const logged = readFileSync(container.path('runtime-words'), 'utf8').split('\n').slice(1, -2);
  return logged.map((word) => word.replace(container.bundle, 'BUNDLE'));
}

const toRestore = ['restore', '--bundle', 'BUNDLE', '--pid-file', 'BUNDLE/pidfile'];
const fromThere = ['--detach', '--image-path', '/checkpoint', '--work-path', 'BUNDLE'];

const calls: readonly (readonly [words: readonly string[], call: readonly string[]])[] = [
  [[], [...toRestore, ...fromThere]],
  [['--no-pivot'], [...toRestore, '--no-pivot', ...fromThere]],
  [['--no-new-keyring'], [...toRestore, '--no-new-keyring', ...fromThere]],
  [
    ['--no-new-keyring', '--no-pivot', '-s', '--runtime-arg', '--root', '--runtime-arg', '/x'],
    [
      '--systemd-cgroup',
      '--root',
      '/x',
      ...toRestore,
      '--no-pivot',
      '--no-new-keyring',
      ...fromThere,
    ],
  ],
  [
    ['--restore-arg', '--tcp-established', '--runtime-opt=--lsm-profile', '--restore-arg=', '-i'],
    [...toRestore, ...fromThere, '--tcp-established', '--lsm-profile', ''],
  ],
];

for (const [words, call] of calls) {
  test(`the runtime is called to restore, with ${words.join(' ') || 'nothing else'}`, async (t) => {
    assert.deepEqual(await wordsFor(t, words), [...call, 'some-id']);
  });
}

test('a terminal is asked for behind all other words', async (t) => {
  const words = await wordsFor(t, ['-t', '--restore-arg', '--shell-job']);
  const socket = words.at(-2) ?? '';
  assert.match(socket, /^\/.*\/conmon-term\.\w{6}$/);
  assert.ok(!existsSync(socket), 'the console socket is removed');
  assert.deepEqual(words, [
    ...[...toRestore, ...fromThere, '--shell-job', '--console-socket', socket, 'some-id'],
  ]);
});

test('output, status and messages are those of any container', async (t) => {
  const container = launch(t, { words: ['--restore', '/checkpoint'] });
  assert.equal((await container.outcome).code, 3);
  assert.deepEqual(container.log(), ['stdout F back']);
  assert.equal(container.exitFile(), '3');
  assert.match(await container.allTold, /^{"data": \d+}\n$/);
  const older = launch(t, { words: ['--restore', '/checkpoint'], api: 0 });
  assert.match(await older.allTold, /^{"pid": \d+}\n$/);
});

test('a checkpoint that is of no use is told of', async (t) => {
  const broken = { words: ['--restore', '/checkpoint'], env: { FK_FAIL: 'no such image' } };
  assert.equal(await launch(t, broken).allTold, '{"data": -1, "message": "no such image"}\n');
  const older = launch(t, { ...broken, api: 0 });
  assert.equal(await older.allTold, '{"pid": -1, "message": "no such image"}\n');
  assert.equal(older.exitFile(), undefined);
});

test('a process in a container is not restored', async (t) => {
  const container = launch(t, { words: ['--restore', '/checkpoint', '-e'] });
  assert.deepEqual(await container.outcome, {
    stdout: '',
    stderr: "[conmon:e]: Cannot use 'exec' and 'restore' at the same time\n",
    code: 1,
    signal: null,
  });
  assert.ok(!existsSync(container.path('runtime-words')));
});
