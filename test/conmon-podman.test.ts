// Under podman, in the place of Debian's conmon: everything that podman asks of a monitor.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { Podman, cannotContain } from './support/containers';
import { Sandbox, outcomeOf } from './support/sandbox';
import { until } from './support/until';

describe('under podman', { skip: cannotContain }, () => {
  const podman = new Podman(new Sandbox());
  before(() => podman.importImage());
  after(() => podman.end());

  /** A name that no other container has; it is removed after the test that asked for it. */
  let count = 0;
  const newName = (): string => `box-${++count}`;

  const shell = (text: string): readonly string[] => ['sh', '-c', text];
  const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

  test('run: output, error output, status and input are those of the command', async () => {
    const run = await podman.run(['--rm'], shell('echo out; echo err >&2; exit 7'));
    assert.deepEqual(run, { stdout: 'out\n', stderr: 'err\n', code: 7, signal: null });
    const fed = await podman.run(['--rm', '-i'], ['cat'], { input: 'fed\n' });
    assert.deepEqual(fed, { stdout: 'fed\n', stderr: '', code: 0, signal: null });
  });

  test('run -d: wait and logs', async () => {
    const name = newName();
    const started = await podman.run(['-d', '--name', name], shell('echo one; echo two; exit 4'));
    assert.equal(started.code, 0, started.stderr);
    assert.equal((await podman.podman(['wait', name])).stdout, '4\n');
    assert.equal((await podman.podman(['logs', name])).stdout, 'one\ntwo\n');
  });

  test('200,000 lines arrive and are logged, each of them', async () => {
    const name = newName();
    const numbers = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('');
    const { stdout } = await podman.run(['--name', name], ['seq', '1', '200000']);
    assert.equal(sum(stdout), sum(numbers));
    assert.equal(sum((await podman.podman(['logs', name])).stdout), sum(numbers));
  });

  test('run -t: a terminal', async () => {
    const { stdout } = await podman.run(['--rm', '-t'], shell('tty; echo err >&2'));
    assert.match(stdout, /^\/dev\/pts\/\d+\r\nerr\r\n$/);
  });

  test('run -it: a terminal of the caller’s size, and its keys', async () => {
    const line = podman.runLine(
      ['--rm', '-it'],
      ['sh', '-c', 'stty size; read word; echo got $word'],
    );
    const child = podman.sandbox.start(
      'script',
      ['-qec', `stty rows 33 cols 77; ${line}`, '/dev/null'],
      {
        stdio: 'pipe',
      },
    );
    let screen = '';
    child.stdout?.on('data', (chunk: Buffer) => (screen += chunk.toString()));
    const ended = outcomeOf(child);
    await until('the size', () => screen.includes('33 77'));
    child.stdin?.write('keys\r');
    assert.equal((await ended).code, 0);
    assert.match(screen, /got keys/);
  });

  test('exec: status, input, terminal, in the background, a command that is missing', async () => {
    const name = newName();
    await podman.run(['-d', '--name', name], ['sleep', '1000']);
    const exec = (words: readonly string[], input?: string) =>
      podman.podman(['exec', ...words], input === undefined ? {} : { input });
    assert.deepEqual(await exec([name, 'sh', '-c', 'echo out; echo err >&2; exit 9']), {
      ...{ stdout: 'out\n', stderr: 'err\n', code: 9, signal: null },
    });
    assert.equal((await exec(['-i', name, 'cat'], 'fed\n')).stdout, 'fed\n');
    assert.match((await exec(['-t', name, 'tty'])).stdout, /^\/dev\/pts\/\d+\r\n$/);
    assert.equal((await exec(['-d', name, 'touch', '/tmp/made'])).code, 0);
    await until('the file', async () => (await exec([name, 'ls', '/tmp'])).stdout === 'made\n');
    const missing = await exec([name, 'no-such-command']);
    assert.equal(missing.code, 127);
    assert.match(missing.stderr, /no-such-command.*executable file not found/);
    const large = await exec([name, 'seq', '1', '100000']);
    assert.equal(large.stdout.split('\n').length, 100_001);
  });

  test('attach: input and output of a container that runs', async () => {
    const name = newName();
    await podman.run(['-d', '-i', '--name', name], shell('read word; echo got $word; exit 5'));
    const attached = await podman.podman(['attach', name], { input: 'typed\n' });
    assert.match(attached.stdout, /^got typed\n/); // podman adds a line of its own
    assert.equal((await podman.podman(['wait', name])).stdout, '5\n');
  });

  test('stop, start, kill, restart', async () => {
    const name = newName();
    const state = (): Promise<string> =>
      podman.inspect(name, '{{.State.Status}} {{.State.ExitCode}}');
    const command = shell('trap "exit 3" TERM; while :; do sleep 0.05; done');
    await podman.run(['-d', '--name', name], command);
    assert.equal((await podman.podman(['stop', '-t', '10', name])).code, 0);
    assert.equal(await state(), 'exited 3');
    assert.equal((await podman.podman(['start', name])).code, 0);
    assert.match(await state(), /^running/);
    await podman.podman(['kill', name]);
    await until('its end', async () => (await state()) === 'exited 137');
    assert.equal((await podman.podman(['restart', '-t', '0', name])).code, 0);
    assert.match(await state(), /^running/);
  });

  test('--timeout', async () => {
    const { code } = await podman.run(['--rm', '--timeout', '1'], ['sleep', '1000']);
    assert.equal(code, 255);
  });

  test('--log-opt max-size', async () => {
    const name = newName();
    await podman.run(['--name', name, '--log-opt', 'max-size=10k'], ['seq', '1', '3000']);
    const path = await podman.inspect(name, '{{.HostConfig.LogConfig.Path}}');
    assert.ok(statSync(path).size <= 10_000);
    assert.match((await podman.podman(['logs', name])).stdout, /\n3000\n$/);
  });

  test('--log-driver none and passthrough', async () => {
    assert.equal((await podman.run(['--rm', '--log-driver', 'none'], ['echo', 'x'])).stdout, 'x\n');
    const passed = await podman.run(
      ['--rm', '--log-driver', 'passthrough'],
      shell('echo x; exit 3'),
    );
    assert.deepEqual([passed.stdout, passed.code], ['x\n', 3]);
  });

  test('a container that runs out of memory', async () => {
    const name = newName();
    const command = shell('x=a; while :; do x=$x$x; done');
    const { code } = await podman.run(['--name', name, '--memory', '20m'], command);
    assert.equal(code, 137);
    assert.equal(await podman.inspect(name, '{{.State.OOMKilled}}'), 'true');
  });

  test('a container that cannot be created', async () => {
    const { stderr, code } = await podman.run(['--rm'], ['no-such-command']);
    assert.equal(code, 127);
    assert.match(stderr, /runc create failed: .*"no-such-command": executable file not found/);
  });

  test('nothing is left behind', async () => {
    await podman.removeAll();
    await podman.sandbox.quiet();
    const left = readdirSync(`${podman.sandbox.folder}/scratch/exits`);
    assert.deepEqual(left, []);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('conmon-term.')),
      [],
    );
  });
});
