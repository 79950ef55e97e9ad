// What goes on between a container, its terminal and who is attached to it.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, lstatSync, mkdirSync, readlinkSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, type Launch } from './support/monitored';
import { Sandbox, outcomeOf } from './support/sandbox';
import { until } from './support/until';

function launch(t: TestContext, options: Launch): Monitored {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return new Monitored(sandbox, options);
}

/** Waits until the container has been asked to go on by this file. */
const afterGo = (then: string): string =>
  `while [ ! -e "$(dirname "$FK_LOG")/go" ]; do sleep 0.02; done; ${then}`;

const go = (container: Monitored): void => appendFileSync(container.path('go'), '');

test('everybody who is attached sees the output, each stream as such', async (t) => {
  const container = launch(t, { command: afterGo('echo out; echo err >&2') });
  const clients = await Promise.all([container.attach('output'), container.attach('output')]);
  const shown = clients.map(outcomeOf);
  go(container);
  for (const { stdout, stderr, code } of await Promise.all(shown)) {
    assert.deepEqual([stdout, stderr, code], ['out\n', 'err\n', 0]);
  }
  await container.outcome;
  assert.ok(!existsSync(container.path('attach')));
});

test('what a client writes is the container’s input, and ends with it', async (t) => {
  const container = launch(t, { command: 'cat; echo end', words: ['-i'] });
  const client = await container.attach();
  const shown = outcomeOf(client);
  const text = 'line\n'.repeat(200_000);
  client.stdin?.end(text);
  const { stdout } = await shown;
  assert.ok(stdout === `${text}end\n`, `${stdout.length} bytes`);
});

test('the input can stay open when a client leaves', async (t) => {
  const container = launch(t, {
    command: 'read one; read two; echo $one $two',
    words: ['-i', '--leave-stdin-open'],
  });
  const first = await container.attach();
  first.stdin?.end('1\n');
  const second = await container.attach();
  const shown = outcomeOf(second);
  second.stdin?.end('2\n');
  assert.match((await shown).stdout, /^1 2\n$/);
});

test('without --stdin there is none', async (t) => {
  const container = launch(t, { command: 'cat; echo end' });
  await container.outcome;
  assert.deepEqual(container.log(), ['stdout F end']);
});

test('the socket directory has a link to the bundle while the container runs', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const sockets = `${sandbox.folder}/sockets`;
  mkdirSync(sockets);
  const container = new Monitored(sandbox, {
    command: afterGo('exit 0'),
    fullAttach: false,
    words: ['--socket-dir-path', sockets],
  });
  await container.pid();
  const link = `${sockets}/${container.id}`;
  assert.equal(readlinkSync(link), container.bundle);
  assert.ok(lstatSync(`${link}/attach`).isSocket());
  assert.equal(lstatSync(`${link}/attach`).mode & 0o777, 0o700);
  go(container);
  await container.outcome;
  assert.throws(() => lstatSync(link), { code: 'ENOENT' });
});

test('a bundle’s path may be longer than a socket’s', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const container = new Monitored(sandbox, {
    command: afterGo('echo seen'),
    id: 'long-'.repeat(30),
  });
  const client = await container.attach('output');
  const shown = outcomeOf(client);
  go(container);
  assert.equal((await shown).stdout, 'seen\n');
});

test('a terminal: line ends, streams and input are those of one', async (t) => {
  const container = launch(t, { command: 'tty; read word; echo "<$word>" >&2', words: ['-t'] });
  const client = await container.attach();
  const shown = outcomeOf(client);
  client.stdin?.write('typed\n');
  const { stdout, stderr } = await shown;
  assert.match(stdout, /typed\r\n/);
  assert.match(stdout, /<typed>\r\n$/);
  assert.equal(stderr, '');
  const log = container.log();
  assert.ok(
    log.some((line) => /^stdout F \/dev\/pts\/\d+\r$/.test(line)),
    log.join('\n'),
  );
  assert.equal(log.at(-1), 'stdout F <typed>\r');
});

test('a terminal has the size that is asked for, before it is there and later', async (t) => {
  const container = launch(t, {
    command: afterGo(
      'until [ "$(stty size)" = "30 90" ]; do sleep 0.02; done; stty size; while [ "$(stty size)" = "30 90" ]; do sleep 0.02; done; stty size',
    ),
    words: ['-t'],
    startPipe: true,
    env: { FK_WAIT: '1' },
  });
  container.release();
  await until('the pipe', () => existsSync(container.path('ctl')));
  const bad = ['1 10', '3 1 1', '1 2000 20', '1 10.5 20', '1 0x10 0x20', 'junk'.repeat(2000)];
  for (const line of bad) appendFileSync(container.path('ctl'), `${line}\n`);
  appendFileSync(container.path('ctl'), '1 0030 90 7\n');
  go(container);
  await until(
    'the first size',
    () => existsSync(container.path('log')) && container.log().length > 0,
  );
  appendFileSync(container.path('winsz'), '40 100\n');
  await container.outcome;
  assert.deepEqual(container.log(), ['stdout F 30 90\r', 'stdout F 40 100\r']);
});

test('a terminal that never comes is told of', async (t) => {
  const container = launch(t, { command: 'exit 0', words: ['-t'], env: { FK_NO_TTY: '1' } });
  assert.equal((await container.outcome).code, 1);
  assert.equal(
    await container.allTold,
    '{"data": -1, "message": "Runtime did not set up terminal"}\n',
  );
});

test('a terminal that nobody has open for a while is not at its end', async (t) => {
  const container = launch(t, {
    // The shell lets go of its terminal, and another process takes it up again.
    command:
      'tty=$(tty); exec </dev/null >/dev/null 2>&1; sleep 0.4; echo back >$tty; sleep 0.2; exit 4',
    words: ['-t'],
  });
  assert.equal((await container.outcome).code, 4);
  assert.deepEqual(container.log(), ['stdout F back\r']);
});

test('a client that reads slowly gets everything', async (t) => {
  const bytes = 3_000_000;
  const container = launch(t, { command: afterGo(`head -c ${bytes} /dev/zero`) });
  const client = await container.attach('slow', '100');
  const shown = lengthOf(client);
  go(container);
  assert.equal(await shown, bytes);
});

test('a pipe at whose other end nobody reads holds the container, not the monitor', async (t) => {
  const container = launch(t, {
    command: afterGo('cat >/dev/null; echo end'),
    words: ['-i'],
  });
  const client = await container.attach();
  client.stdin?.end('x'.repeat(1_000_000));
  const other = await container.attach('output');
  const shown = outcomeOf(other);
  go(container);
  assert.equal((await shown).stdout, 'end\n');
});

async function lengthOf(client: ChildProcess): Promise<number> {
  let length = 0;
  client.stdout?.on('data', (chunk: Buffer) => (length += chunk.length));
  await new Promise((done) => client.once('close', done));
  return length;
}
