// A container's life under its monitor, from the start of the runtime to the exit command.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, conmon, timestamp, type Launch } from './support/monitored';
import { processInfo, waitsForEvents } from './support/processes';
import { Sandbox, kill } from './support/sandbox';
import { until } from './support/until';

function launch(t: TestContext, options: Launch): Monitored {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return new Monitored(sandbox, options);
}

test('output is logged, the exit status is written down and passed on', async (t) => {
  const container = launch(t, { command: 'echo out; echo err >&2; printf part; exit 3' });
  const { code } = await container.outcome;
  assert.equal(code, 3);
  assert.equal(container.exitFile(), '3');
  assert.deepEqual([...container.log()].sort(), ['stderr F err', 'stdout F out', 'stdout P part']);
  assert.match(readFileSync(container.path('log'), 'utf8'), timestamp);
  assert.equal(statSync(container.path('log')).mode & 0o777, 0o640);
  assert.match(await container.allTold, /^{"data": \d+}\n$/);
});

test('a container killed by a signal has the status of a shell', async (t) => {
  const container = launch(t, { command: 'kill -9 $$' });
  assert.equal((await container.outcome).code, 137);
  assert.equal(container.exitFile(), '137');
});

test('the caller may go on as soon as the monitor is on its way', async (t) => {
  const container = launch(t, { command: 'exec sleep 100', daemon: true, startPipe: true });
  // Nothing happens before the caller's word.
  await until('the monitor', () => container.sandbox.processes().length > 0);
  assert.equal(container.told, '');
  assert.ok(!existsSync(container.path('runtime-words')));
  container.release();
  assert.deepEqual(await container.outcome, { stdout: '', stderr: '', code: 0, signal: null });
  const monitor = Number(readFileSync(container.path('monitor-pid'), 'utf8'));
  const pid = await container.pid();
  const info = processInfo(monitor);
  assert.deepEqual([info?.session, info?.parent], [monitor, 1]);
  assert.equal(processInfo(pid)?.parent, monitor);
  kill(pid, 'SIGKILL');
  await container.gone(monitor);
  assert.equal(container.exitFile(), '137');
});

test('the runtime is called with the words that it expects, in their order', async (t) => {
  const words = async (more: readonly string[]): Promise<string[]> => {
    const container = launch(t, { command: 'exit 0', words: more, id: 'some-id' });
    await container.outcome;
    const logged = readFileSync(container.path('runtime-words'), 'utf8').split('\n').slice(1, -2);
    return logged.map((word) => word.replace(container.bundle, 'BUNDLE'));
  };
  const runtime = ['--runtime-arg', '--log=x', '--runtime-opt', '--opt'];
  assert.deepEqual(await words([...runtime, '-s', '--no-pivot', '--no-new-keyring']), [
    ...['--systemd-cgroup', '--log=x', 'create', '--bundle', 'BUNDLE', '--pid-file'],
    ...['BUNDLE/pidfile', '--no-pivot', '--no-new-keyring', '--opt', 'some-id'],
  ]);
  assert.deepEqual(await words([...runtime, '-s', '-e', '--exec-process-spec', 'spec']), [
    ...['--log=x', 'exec', '--pid-file', 'BUNDLE/pidfile', '--process', 'spec', '--detach'],
    ...['--opt', 'some-id'],
  ]);
  const [path, ...rest] = (await words(['-t'])).reverse().slice(1);
  assert.match(path ?? '', /^\/.*\/conmon-term\.\w{6}$/);
  assert.equal(rest[0], '--console-socket');
  assert.ok(!existsSync(path ?? ''), 'the console socket is removed');
});

test('signals go to the container, or to the runtime while it works', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
    const name = signal.slice(3);
    const container = new Monitored(sandbox, {
      command: `trap 'echo got ${name}; exit 5' ${name}; echo ready; while :; do sleep 0.05; done`,
    });
    await until('the trap', () => existsSync(container.path('log')) && container.log().length > 0);
    kill(container.child.pid ?? 0, signal);
    assert.equal((await container.outcome).code, 5);
    assert.ok(container.log().includes(`stdout F got ${name}`));
  }
  const working = new Monitored(sandbox, { command: 'exit 0', env: { FK_WAIT: '100' } });
  await until('the runtime', () => existsSync(working.path('runtime-words')));
  kill(working.child.pid ?? 0, 'SIGTERM');
  assert.equal((await working.outcome).code, 1);
  assert.equal(await working.allTold, '{"data": -1}\n');
});

test('a container has its time, and no more', async (t) => {
  const container = launch(t, {
    command: 'echo begun; sleep 100; echo never',
    words: ['-e', '--exec-process-spec', 'spec', '--timeout', '1'],
  });
  const pid = await container.pid();
  assert.equal((await container.outcome).code, 255);
  assert.match(await container.allTold, /\n{"data": -1, "message": "command timed out"}\n$/);
  assert.equal(container.exitFile(), '-1');
  assert.deepEqual(container.log(), ['stdout F begun']);
  await container.gone(pid);
});

test('the exit command runs when everything else is done', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const tidy = sandbox.script(
    'tidy',
    '#!/bin/sh\ncd "$(dirname "$FK_LOG")"\ncat exits/*\nls >left\nls -l /proc/self/fd >descriptors\n',
  );
  const container = new Monitored(sandbox, {
    command: 'exit 6',
    words: ['--exit-command', tidy, '--exit-delay', '1'],
  });
  const told = container.allTold.then(() => existsSync(container.path('left')));
  await container.outcome;
  assert.equal(await told, false, 'the caller is not kept waiting for it');
  const left = readFileSync(container.path('left'), 'utf8').trim().split('\n');
  assert.deepEqual(left, ['exits', 'left', 'log', 'pidfile', 'runtime-words']);
  const descriptors = readFileSync(container.path('descriptors'), 'utf8');
  assert.equal(descriptors.match(/ -> /g)?.length, 4, descriptors); // three, and the listing itself
});

test('orphans are reaped, and are not waited for', async (t) => {
  const container = launch(t, {
    command: '(sleep 100; echo late)& (exit 3)& (sleep 0.1; exit 4)& echo early; sleep 0.3; exit 1',
  });
  assert.equal((await container.outcome).code, 1);
  assert.deepEqual(container.log(), ['stdout F early']);
});

test('the container inherits what it should, and nothing of the monitor’s', async (t) => {
  const container = launch(t, {
    command:
      'ls -l /proc/self/fd | grep -c -- "->"; grep -E "^Sig(Ign|Blk)" /proc/self/status; echo $LISTEN_PID',
    words: ['--replace-listen-pid'],
    env: { LISTEN_PID: '1' },
  });
  await container.outcome;
  const [count, blocked, ignored, listener] = container.log().map((line) => line.slice(9));
  // 0, 1, 2, the descriptor of the listing, and the one that Node gives every child's fifth place.
  assert.ok(Number(count) <= 6, count);
  assert.match(blocked ?? '', /0000000000000000$/);
  assert.match(ignored ?? '', /0000000000000000$/);
  assert.match(listener ?? '', /^\d{2,}$/);
});

test('the end of a container that is nobody’s child here is noticed all the same', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const other = sandbox.start('sleep', ['1000']);
  const runtime = sandbox.script(
    'runtime',
    `#!/bin/sh\nwhile [ "$1" != --pid-file ]; do shift; done\necho ${other.pid} >"$2"\n`,
  );
  const container = new Monitored(sandbox, { words: ['-r', runtime] });
  assert.equal(await container.pid(), other.pid);
  kill(other.pid ?? 0, 'SIGKILL');
  await container.outcome;
  assert.equal(container.exitFile(), '0'); // how it ended only its parent knows
});

test('LISTEN_PID is the runtime’s where it was the monitor’s, and else as it was', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const command = 'echo $LISTEN_PID';
  const monitor = sandbox.script('monitor', `#!/bin/sh\nLISTEN_PID=$$ exec ${conmon} "$@"\n`);
  const own = new Monitored(sandbox, { monitor, command });
  await own.outcome;
  const listener = Number(own.log()[0]?.slice('stdout F '.length));
  // The runtime is the monitor's child; the container, which says so, is the runtime's.
  assert.ok(listener > 0 && listener !== own.child.pid && listener !== (await own.pid()));
  const another = new Monitored(sandbox, { command, env: { LISTEN_PID: '1' } });
  await another.outcome;
  assert.deepEqual(another.log(), ['stdout F 1']);
});

test('who ends a monitor that still waits for its caller ends it at once', async (t) => {
  const container = launch(t, { command: 'exit 3', startPipe: true });
  const { pid = 0 } = container.child;
  await until(
    'the monitor to wait',
    () => existsSync(container.path('log')) && waitsForEvents(pid),
  );
  kill(pid, 'SIGTERM');
  assert.equal((await container.outcome).code, 1);
  assert.ok(!existsSync(container.path('runtime-words')));
  assert.equal(container.exitFile(), undefined);
});
