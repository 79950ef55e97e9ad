// The other ways in which container monitors have failed: ends, signals, limits, surroundings.
// Each runs under ours, which must not fail so, and, to show that the test can fail, under Debian's
// where that one does.

import assert from 'node:assert/strict';
import { appendFileSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { Podman, cannotContain } from './support/containers';
import { kill } from './support/sandbox';
import { afterGo, endsSoon, go, monitorPid, ticksOf, trap } from './support/trap';
import { until } from './support/until';

trap(
  '7: each place that is told of the end is told of it',
  { debian: /^the monitor has ended without an exit file/ },
  async (start, sandbox) => {
    const container = start({
      command: 'exit 3',
      words: ['--persist-dir', `${sandbox.folder}/no-such-folder`],
    });
    await endsSoon(container);
    assert.equal(container.exitFile(), '3');
    assert.deepEqual(readdirSync(container.path('exits')), [container.id]);
  },
);

trap(
  '7: a hang-up does not end the monitor',
  { debian: /^the monitor has ended without an exit file/ },
  async (start) => {
    const container = start({ command: afterGo('exit 3') });
    await container.pid();
    kill(monitorPid(container), 'SIGHUP');
    kill(monitorPid(container), 'SIGUSR1');
    go(container);
    await endsSoon(container);
  },
);

trap(
  '8: the ends of others are not taken for the container’s',
  { debian: 'does well' },
  async (start) => {
    const container = start({
      command: '(sleep 0.1; exit 9)& (exit 8)& (setsid sh -c "exit 7")& sleep 0.3; exit 3',
    });
    await endsSoon(container);
    assert.equal(container.exitFile(), '3');
  },
);

trap('9: what a log holds already counts', { debian: /1\d{4} bytes/ }, async (start) => {
  const container = start({ command: afterGo('seq 1 50'), words: ['--log-size-max', '10000'] });
  await container.pid();
  kill(await container.pid(), 'SIGKILL');
  await container.outcome;
  appendFileSync(container.path('log'), `${'x'.repeat(9_000)}\n`);
  const again = start({
    command: 'seq 1 50',
    id: container.id,
    words: ['--log-size-max', '10000'],
  });
  await again.outcome;
  assert.ok(
    statSync(again.path('log')).size <= 10_000,
    `${statSync(again.path('log')).size} bytes`,
  );
});

trap(
  '10: a process that never came to be is no success',
  { debian: /^Unexpected end of JSON input/ },
  async (start) => {
    const container = start({
      command: 'exit 0',
      words: ['-e', '--exec-process-spec', 'spec'],
      env: { FK_NO_PID: '1' },
    });
    await container.outcome;
    const { data } = JSON.parse(await container.allTold) as { data: number };
    assert.equal(data, -1);
  },
);

trap('11: nothing to do means to sleep', { debian: 'does well' }, async (start) => {
  // A terminal that nobody has open, a pipe whose writers have gone, a client that has half left.
  const container = start({
    command: 'exec </dev/null >/dev/null 2>&1; exec sleep 1000',
    words: ['-t', '-i'],
  });
  await container.pid();
  const client = await container.attach();
  client.stdin?.end();
  appendFileSync(container.path('ctl'), 'junk\n');
  const before = ticksOf(monitorPid(container));
  const end = Date.now() + 1000;
  await until('a second to pass', () => Date.now() > end);
  assert.ok(ticksOf(monitorPid(container)) - before < 10, 'a tenth of a second, of one');
});

trap(
  '12: no link stays in the socket directory',
  { debian: /^Missing expected exception/ },
  async (start, sandbox) => {
    const sockets = `${sandbox.folder}/sockets`;
    mkdirSync(sockets);
    const container = start({
      command: 'exit 0',
      fullAttach: false,
      words: ['--socket-dir-path', sockets],
    });
    await endsSoon(container);
    await container.outcome;
    assert.throws(() => lstatSync(`${sockets}/${container.id}`), { code: 'ENOENT' });
  },
);

trap(
  '12: a folder for readiness messages is made if it is missing',
  { debian: /^the monitor has ended without an exit file/ },
  async (start, sandbox) => {
    const container = start({
      command: 'exit 3',
      words: ['--sdnotify-socket', `${sandbox.folder}/host`],
    });
    await endsSoon(container);
    assert.equal(container.exitFile(), '3');
  },
);

trap(
  '12: a long name for temporary files is no obstacle',
  { debian: /^the monitor has ended without an exit file/ },
  async (start, sandbox) => {
    const folder = `${sandbox.folder}/${'long-'.repeat(30)}`;
    mkdirSync(folder);
    const container = start({ command: 'exit 3', words: ['-t'], env: { TMPDIR: folder } });
    await endsSoon(container);
    assert.equal(container.exitFile(), '3');
  },
);

trap(
  '12: the mark of a lack of memory is where podman looks for it',
  { debian: /\+ 'false'/, skip: cannotContain },
  async (_start, sandbox, monitor) => {
    const podman = new Podman(sandbox, monitor);
    await podman.importImage();
    try {
      const command = ['sh', '-c', 'x=a; while :; do x=$x$x; done'];
      await podman.run(['--name', 'greedy', '--memory', '20m'], command);
      assert.equal(await podman.inspect('greedy', '{{.State.OOMKilled}}'), 'true');
    } finally {
      await podman.removeAll();
    }
  },
);
