// What a server forks ahead of its next call: that it serves, and that nobody can tell.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive } from './support/processes';
import { kill, type Sandbox } from './support/sandbox';
import { readyStandby } from './support/standby';
import { newSandbox } from './support/traces';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

const wordsFor = (sandbox: Sandbox, text = waitingScript()): readonly string[] => [
  '-U',
  process.execPath,
  sandbox.script('script.js', text),
];

async function callOnce(sandbox: Sandbox, words: readonly string[]): Promise<void> {
  const first = WaitingCall.start(sandbox, words);
  await first.running();
  await first.finish('');
}

test('standby and understudy become monitor and executor; others follow', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(sandbox);
  await callOnce(sandbox, words);
  for (const input of ['one', 'two']) {
    const { server, standby, understudy } = await readyStandby(sandbox);
    const call = WaitingCall.start(sandbox, [...words, 'argument']);
    assert.deepEqual(await call.running(), {
      server: server.pid,
      monitor: standby.pid,
      executor: understudy.pid,
    });
    assert.equal((await call.finish(input)).stdout, `argument ${input}\n`);
  }
});

test('of two calls at a time one is handed over, and one forked for', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(sandbox);
  await callOnce(sandbox, words);
  const { server, standby } = await readyStandby(sandbox);
  const one = WaitingCall.start(sandbox, words);
  const { monitor } = await one.running();
  assert.equal(monitor, standby.pid);
  const other = WaitingCall.start(sandbox, words);
  const cast = await other.running();
  assert.equal(cast.server, server.pid);
  assert.notEqual(cast.monitor, monitor);
  assert.equal((await one.finish('one')).stdout, 'one\n');
  assert.equal((await other.finish('other')).stdout, 'other\n');
});

test('a call that lasts does not keep the next one from its standby', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(sandbox);
  const long = WaitingCall.start(sandbox, words);
  const { monitor, server } = await long.running();
  const children = () => sandbox.processes().filter(({ parent }) => parent === server);
  await until('a standby', () => children().some(({ pid }) => pid !== monitor));
  await long.finish('');
});

test('none, if that is wished', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(sandbox, waitingScript('{ standby: false, idleTimeout: 0.6 }'));
  // After the first call a server forks for its own sake; not once it has served another.
  await callOnce(sandbox, words);
  const call = WaitingCall.start(sandbox, words);
  const { server } = await call.running();
  await call.finish('');
  const children = () => sandbox.processes().filter(({ parent }) => parent === server);
  await until('the end of the monitors', () => children().length === 0);
  const more = new Set<number>();
  await until('the end of the server', () => {
    for (const { pid } of children()) more.add(pid);
    return !isAlive(server);
  });
  assert.deepEqual([...more], []);
});

for (const role of ['standby', 'understudy'] as const) {
  test(`a ${role} that is killed is not replaced until a call has come`, async (t) => {
    const sandbox = newSandbox(t);
    const words = wordsFor(sandbox);
    await callOnce(sandbox, words);
    const before = await readyStandby(sandbox);
    kill(before[role].pid, 'SIGKILL');
    await until('the end of both', () =>
      [before.standby, before.understudy].every(({ pid }) => !isAlive(pid)),
    );
    const call = WaitingCall.start(sandbox, words);
    assert.equal((await call.running()).server, before.server.pid);
    assert.equal((await call.finish('input')).stdout, 'input\n');
    const now = await readyStandby(sandbox);
    assert.equal(now.server.pid, before.server.pid);
    assert.notEqual(now.standby.pid, before.standby.pid);
  });
}

test('signals that come before the call are none of it', async (t) => {
  const sandbox = newSandbox(t);
  const handlers = `for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGTERM', 'SIGCONT'])
    process.on(signal, () => console.log(signal));`;
  const words = wordsFor(sandbox, `${handlers}\n${waitingScript()}`);
  await callOnce(sandbox, words);
  const { understudy } = await readyStandby(sandbox);
  for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGCONT'] as const) {
    kill(understudy.pid, signal);
  }
  const call = WaitingCall.start(sandbox, words);
  assert.equal((await call.running()).executor, understudy.pid);
  assert.deepEqual(await call.finish('input'), {
    stdout: 'input\n',
    stderr: '',
    code: 0,
    signal: null,
  });
});

test('a signal to the call comes to what has been an understudy', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(sandbox);
  await callOnce(sandbox, words);
  await readyStandby(sandbox);
  const call = WaitingCall.start(sandbox, words);
  await call.running();
  kill(call.client, 'SIGTERM');
  assert.equal((await call.outcome()).signal, 'SIGTERM');
});

test('an environment larger than any buffer arrives whole', async (t) => {
  const sandbox = newSandbox(t);
  const words = wordsFor(
    sandbox,
    `const { initialisationComplete } = require('prefork-interp');
     initialisationComplete();
     const names = Object.keys(process.env).filter((name) => name.startsWith('LARGE_'));
     console.log(names.length, names.every((name) => process.env[name] === name.repeat(10_000)));`,
  );
  const names = Array.from({ length: 12 }, (_, index) => `LARGE_${index}`);
  const env = Object.fromEntries(names.map((name) => [name, name.repeat(10_000)]));
  await sandbox.call(words);
  await readyStandby(sandbox);
  assert.equal((await sandbox.call(words, { env })).stdout, '12 true\n');
});

test('a program that has changed is not served by who was forked before', async (t) => {
  const sandbox = newSandbox(t);
  const program = (answer: string): string =>
    `require('prefork-interp').initialisationComplete(); console.log('${answer}');`;
  const words = wordsFor(sandbox, program('old'));
  await sandbox.call(words);
  const { standby, understudy } = await readyStandby(sandbox);
  writeFileSync(join(sandbox.folder, 'script.js'), program('new'));
  assert.equal((await sandbox.call(words)).stdout, 'new\n');
  await until('the end of both', () => [standby, understudy].every(({ pid }) => !isAlive(pid)));
});

for (const [how, end] of [
  ['told to terminate', (server: number) => kill(server, 'SIGTERM')],
  ['killed', (server: number) => kill(server, 'SIGKILL')],
] as const) {
  test(`with a server that is ${how} all end`, async (t) => {
    const sandbox = newSandbox(t);
    await callOnce(sandbox, wordsFor(sandbox));
    const { server } = await readyStandby(sandbox);
    end(server.pid);
    await until('the end of all', () => sandbox.processes().length === 0);
    assert.deepEqual(sandbox.runFiles(), []);
  });
}

for (const role of ['standby', 'understudy'] as const) {
  test(`a ${role} that somebody has stopped does not hold up the end of a server`, async (t) => {
    const sandbox = newSandbox(t);
    const words = wordsFor(sandbox);
    await callOnce(sandbox, words);
    const all = await readyStandby(sandbox);
    kill(all[role].pid, 'SIGSTOP');
    assert.equal((await sandbox.call(['--kill', ...words])).code, 0);
    await until('the end of all', () => sandbox.processes().length === 0);
  });
}
