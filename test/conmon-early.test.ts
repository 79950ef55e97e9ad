// The early version's behaviour, with runc and without podman: no --cuuid, in the foreground, its own
// form of log lines, its files in the current directory.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Readable } from 'node:stream';
import { cannotContain, writeBundle } from './support/containers';
import { conmon, readIfThere, timestamp } from './support/monitored';
import { Sandbox, outcomeOf, type Outcome } from './support/sandbox';
import { until } from './support/until';

interface Early {
  readonly outcome: Promise<Outcome>;
  readonly told: () => string;
}

describe('as the early version', { skip: cannotContain }, () => {
  const sandbox = new Sandbox();
  const at = (name: string): string => join(sandbox.folder, name);
  const runc = (...words: readonly string[]): Promise<Outcome> =>
    sandbox.run('runc', ['--root', at('state'), ...words]);
  const ids: string[] = [];
  after(async () => {
    for (const id of ids) await runc('delete', '--force', id);
    await sandbox.end();
  });

  /** Starts the monitor in a folder of its own, with its sync pipe. */
  const monitor = (id: string, words: readonly string[]): Early => {
    mkdirSync(at(id), { recursive: true });
    const child = sandbox.start(
      conmon,
      // The runtime is a piece of shell: a command with options.
      ['-c', id, '-r', `runc --root ${at('state')}`, '-l', 'log', '-p', 'pidfile', ...words],
      { cwd: at(id), env: { _OCI_SYNCPIPE: '3' }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
    );
    let told = '';
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (told += chunk.toString()));
    return { outcome: outcomeOf(child), told: () => told };
  };

  /** Makes a container and starts it. */
  const create = async (
    id: string,
    command: string,
    options: { terminal?: boolean; memory?: number } = {},
  ): Promise<Early> => {
    ids.push(id);
    writeBundle(sandbox.folder, ['sh', '-c', command], options);
    const words = ['-b', sandbox.folder, ...(options.terminal === true ? ['-t'] : [])];
    const early = monitor(id, words);
    await until('the container’s pid', () => /^{"pid": \d+}\n$/.test(early.told()));
    const started = await runc('start', id);
    assert.equal(started.code, 0, started.stderr);
    return early;
  };

  const logOf = (id: string): string => readFileSync(join(at(id), 'log'), 'utf8');

  test('create: pid, log without tags, the exit file', async () => {
    const early = await create('plain', 'echo out; sleep 0.2; echo err >&2; exit 3');
    assert.equal((await early.outcome).code, 0);
    const pid = readFileSync(join(at('plain'), 'pidfile'), 'utf8');
    assert.equal(early.told(), `{"pid": ${pid}}\n`);
    const lines = logOf('plain').split('\n').slice(0, -1);
    assert.deepEqual(
      lines.map((line) => line.replace(timestamp, '')),
      ['stdout out', 'stderr err'],
    );
    assert.equal(readFileSync(join(at('plain'), 'exit'), 'utf8'), '3');
    assert.ok(!existsSync(join(sandbox.folder, 'attach')));
  });

  test('a line may come in pieces; the other stream ends it', async () => {
    const early = await create(
      'pieces',
      'printf a; sleep 0.2; printf b; sleep 0.2; echo X >&2; sleep 0.2; echo c',
    );
    await early.outcome;
    const lines = logOf('pieces').split('\n').slice(0, -1);
    assert.deepEqual(
      lines.map((line) => line.replace(timestamp, '')),
      ['stdout ab', 'stderr X', 'stdout c'],
    );
  });

  test('output counts until nobody is left who could write', async () => {
    const id = 'orphan';
    mkdirSync(at(id));
    // In a container all processes end with the first; so here it is the runtime that leaves one.
    const runtime = sandbox.script(
      'runtime',
      '#!/bin/sh\nwhile [ "$1" != --pid-file ]; do shift; done\n' +
        '(sleep 0.5; echo late) & sh -c "sleep 0.2; echo early; exit 1" &\necho $! >"$2"\n',
    );
    const child = sandbox.run(conmon, ['-c', id, '-r', runtime, '-l', 'log', '-p', 'pidfile'], {
      cwd: at(id),
    });
    assert.equal((await child).code, 0);
    const lines = logOf(id).split('\n').slice(0, -1);
    assert.deepEqual(
      lines.map((line) => line.replace(timestamp, '')),
      ['stdout early', 'stdout late'],
    );
    assert.equal(readFileSync(join(at(id), 'exit'), 'utf8'), '1');
  });

  test('create with a terminal', async () => {
    const early = await create('terminal', 'tty; echo err >&2; exit 2', { terminal: true });
    assert.equal((await early.outcome).code, 0);
    assert.match(
      logOf('terminal').replaceAll(new RegExp(timestamp.source, 'gm'), ''),
      /^stdout \/dev\/pts\/\d+\r\nstdout err\r\n$/,
    );
    assert.equal(readFileSync(join(at('terminal'), 'exit'), 'utf8'), '2');
  });

  test('exec: the status, and nothing else, is told', async () => {
    const early = await create('busy', 'while :; do sleep 0.05; done');
    const specification = at('process.json');
    writeFileSync(
      specification,
      JSON.stringify({
        user: { uid: 0, gid: 0 },
        args: ['sh', '-c', 'echo in exec; exit 9'],
        env: ['PATH=/bin'],
        cwd: '/',
      }),
    );
    const words = ['-e', '--exec-process-spec', specification];
    // Beside the container: its log and pid file have the same names.
    mkdirSync(join(at('busy'), 'exec'));
    const child = sandbox.start(
      conmon,
      ['-c', 'busy', '-r', `runc --root ${at('state')}`, '-l', 'log', '-p', 'pidfile', ...words],
      {
        cwd: join(at('busy'), 'exec'),
        env: { _OCI_SYNCPIPE: '3' },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    let told = '';
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => (told += chunk.toString()));
    assert.equal((await outcomeOf(child)).code, 0);
    assert.equal(told, '{"exit_code": 9}\n');
    assert.match(readFileSync(join(at('busy'), 'exec/log'), 'utf8'), / stdout in exec\n$/);
    assert.equal(readIfThere(join(at('busy'), 'exec/exit')), undefined);
    await runc('kill', 'busy', 'KILL');
    await early.outcome;
  });

  test('a runtime that fails: its words reach the caller', async () => {
    const early = monitor('broken', ['-b', at('no-such-bundle')]);
    const { code, stderr } = await early.outcome;
    assert.equal(code, 1);
    assert.match(stderr, /^\[conmon:e\]: Failed to create container: exit status \d+\n$/);
    const message = JSON.parse(early.told()) as Record<string, unknown>;
    assert.equal(message['pid'], -1);
    assert.match(String(message['message']), /no-such-bundle/);
  });

  test('a container that runs out of memory', async () => {
    const early = await create('greedy', 'x=a; while :; do x=$x$x; done', { memory: 20_000_000 });
    await early.outcome;
    assert.equal(readIfThere(join(at('greedy'), 'oom')), '');
    assert.equal(readFileSync(join(at('greedy'), 'exit'), 'utf8'), '137');
  });
});
