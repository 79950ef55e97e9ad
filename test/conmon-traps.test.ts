// Twelve ways in which container monitors have failed. Each runs under ours, which must not fail so,
// and, to show that the test can fail, under Debian's where that one does.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Podman, cannotContain } from './support/containers';
import { Monitored, conmon, debianConmon, type Launch } from './support/monitored';
import { descriptorsOf, isAlive } from './support/processes';
import { Sandbox, kill, outcomeOf } from './support/sandbox';
import { until } from './support/until';

type Start = (options: Launch) => Monitored;
type Trap = (start: Start, sandbox: Sandbox, monitor: string) => Promise<void>;

const needsRoot = process.getuid?.() === 0 ? false : 'needs root, for mounts';

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

function trap(name: string, { debian, skip = false }: Options, body: Trap): void {
  test(name, { skip }, (t) => spring(t, conmon, body));
  const without = existsSync(debianConmon) ? skip : 'needs Debian’s conmon';
  const does = debian === 'does well' ? debian : 'fails';
  test(`… Debian’s ${does}: ${name}`, { skip: without }, async (t) => {
    const sprung = spring(t, debianConmon, body);
    if (debian === 'does well') await sprung;
    else await assert.rejects(sprung, { message: debian });
  });
}

const folderOfContainer = '"$(dirname "$FK_LOG")"';
const afterGo = (then: string): string =>
  `while [ ! -e ${folderOfContainer}/go ]; do sleep 0.02; done; ${then}`;
const go = (container: Monitored): void => appendFileSync(container.path('go'), '');
const soon = 6; // seconds

const monitorPid = (container: Monitored): number => container.child.pid ?? 0;
const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
/** Clock ticks of processor time. */
const ticksOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
const endsSoon = (container: Monitored): Promise<unknown> =>
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

trap(
  '1: a client that never reads does not stop the container',
  { debian: /^waited \d+ s in vain for: the exit file/ },
  async (start) => {
    const container = start({ command: afterGo('seq 1 2000000') });
    await container.attach('stuck');
    const other = await container.attach('output');
    let shown = 0;
    other.stdout?.on('data', (chunk: Buffer) => (shown += chunk.length));
    const ended = new Promise((done) => other.once('close', done));
    go(container);
    await endsSoon(container);
    await ended;
    assert.equal(container.log().at(-1), 'stdout F 2000000');
    assert.equal(shown, 14_888_896);
  },
);

trap('2: clients that come and go leave nothing', { debian: /^descriptors/ }, async (start) => {
  const container = start({ command: 'exec sleep 1000' });
  await container.pid();
  await container.attach('output'); // so that the monitor is warm
  await container.cycle(100);
  const settled = async (): Promise<number> => {
    let last = -1;
    return until('steady descriptors', () => {
      const now = descriptorsOf(monitorPid(container)).size;
      const steady = now === last && now;
      last = now;
      return steady;
    });
  };
  const before = await settled();
  const memory = residentOf(monitorPid(container));
  for (let round = 0; round < 20; ++round) {
    await container.cycle(500);
    assert.ok((await settled()) <= before + 2, 'descriptors');
  }
  assert.ok(residentOf(monitorPid(container)) < memory + 500, 'memory, in kB');
});

trap('3: what a client sends at once arrives whole', { debian: /'32768'/ }, async (start) => {
  for (const size of [1, 32_768, 60_000, 150_000]) {
    const container = start({ command: 'wc -c', words: ['-i'] });
    const client = await container.attach('packet', String(size));
    assert.equal((await outcomeOf(client)).stdout.trim(), String(size));
  }
});

trap('4: a long reason fits into one message', { debian: /\d{5} bytes/ }, async (start) => {
  const reason = `begin "${'\\"\t\x01'.repeat(1500)}" ${'é'.repeat(2000)} the end`;
  const container = start({ env: { FK_FAIL: reason, FK_LINGER: '1000' } });
  await until('its end', () => !isAlive(monitorPid(container)), soon);
  const line = await container.allTold;
  assert.ok(Buffer.byteLength(line) <= 4096, `${Buffer.byteLength(line)} bytes`);
  const { data, message } = JSON.parse(line) as { data: number; message: string };
  assert.equal(data, -1);
  assert.match(message, /^begin ".*the end$/s);
  assert.ok(!message.includes('\ufffd'));
});

test('4: a reason that is no text is valid JSON all the same', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const runtime = sandbox.script(
    'runtime',
    `#!/bin/sh\nprintf 'bad \\377\\303 bytes' >&2\nexit 1\n`,
  );
  const container = new Monitored(sandbox, { words: ['-r', runtime] });
  assert.deepEqual(JSON.parse(await container.allTold), {
    data: -1,
    message: 'bad \ufffd\ufffd bytes',
  });
});

trap(
  '5: a full disk loses no line that can be kept, and tears none',
  { debian: /^the log ends with half a line/, skip: needsRoot },
  async (start, sandbox) => {
    const disk = `${sandbox.folder}/disk`;
    mkdirSync(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]);
    writeFileSync(`${disk}/ballast`, Buffer.alloc(900_000));
    const log = `${disk}/log`;
    const container = start({
      // Lines of 16 bytes, so that every block that is written ends with a whole one.
      command: `seq -f %015.0f 1 5000; touch ${folderOfContainer}/written; ${afterGo('echo after')}`,
      log: `k8s-file:${log}`,
    });
    await until('the container to have written', () => existsSync(container.path('written')), soon);
    await until('the disk to be full', () => statSync(log).size > 90_000, soon);
    // Whatever is there consists of whole lines.
    assert.ok(readFileSync(log, 'utf8').endsWith('\n'), 'the log ends with half a line');
    rmSync(`${disk}/ballast`);
    await until('the rest', () => readFileSync(log, 'utf8').endsWith('05000\n'), soon);
    go(container);
    await endsSoon(container);
    const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    assert.deepEqual(
      lines.map((line) => Number(line.split(' ').at(-1))),
      [...Array.from({ length: 5000 }, (_, index) => index + 1), NaN],
    );
  },
);

trap(
  '6: last words are never lost, and never waited for',
  { debian: 'does well' },
  async (start) => {
    for (let round = 0; round < 15; ++round) {
      const container = start({
        command: 'head -c 100000 /dev/zero; echo; echo last; echo err >&2',
      });
      await container.outcome;
      const log = container.log();
      assert.ok(log.includes('stdout F last') && log.includes('stderr F err'), log.at(-1));
    }
  },
);

test('6: an orphan that writes for ever does not keep the monitor', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const container = new Monitored(sandbox, { command: 'yes & sleep 0.3; exit 3' });
  await endsSoon(container);
  assert.equal(container.exitFile(), '3');
});

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
