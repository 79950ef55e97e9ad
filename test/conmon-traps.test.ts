// Half of the ways in which container monitors have failed: clients, messages, disks, last words.
// Each runs under ours, which must not fail so, and, to show that the test can fail, under Debian's
// where that one does.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Monitored } from './support/monitored';
import { descriptorsOf, isAlive } from './support/processes';
import { Sandbox, outcomeOf } from './support/sandbox';
import {
  afterGo,
  endsSoon,
  folderOfContainer,
  go,
  monitorPid,
  needsRoot,
  residentOf,
  soon,
  trap,
} from './support/trap';
import { until } from './support/until';

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
