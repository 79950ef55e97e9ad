// What processes tell of their charts: all of it, and nothing that XState would not compute.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAlive } from './support/processes';
import { engine, kill } from './support/sandbox';
import { readyStandby } from './support/standby';
import {
  assertTrue,
  countEach,
  countOf,
  ends,
  greeted,
  hello,
  helloWithoutStandby,
  listen,
  newSandbox,
  starts,
  statesOf,
} from './support/traces';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

describe('a recording', () => {
  test('of a first call, a warm one and the end has every process from birth to end', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const script = sandbox.script('hello.js', helloWithoutStandby);
    const words = ['-U', process.execPath, script];
    assert.deepEqual(await sandbox.call(words), greeted);
    assert.deepEqual(await sandbox.call(words), greeted);
    await sandbox.call(['--kill', ...words]);
    await sandbox.quiet();
    const records = assertTrue(await recorder.stop());
    assert.ok(records.every((record) => record.engine === engine));

    // In this order they come to life.
    const actors = new Set(starts(records).map(({ actor }) => actor));
    assert.deepEqual([...actors], ['client', 'watcher', 'server', 'monitor', 'executor']);
    const counts = [...actors].map((actor) => countOf(records, actor));
    assert.deepEqual(counts, [3, 1, 1, 2, 2]);
    const [firstClient] = starts(records);
    for (const record of starts(records)) {
      assert.ok(record.socket?.startsWith(`${sandbox.runDirectory}/s`), record.actor);
      if (record.actor !== 'watcher') assert.equal(record.script, script, record.actor);
    }
    const [monitor] = starts(records).filter(({ actor }) => actor === 'monitor');
    assert.equal(monitor?.client, firstClient?.pid);

    const endings = ends(records).map(({ actor, state, becomes, status }) =>
      [actor, state, becomes ?? JSON.stringify(status)].join(' '),
    );
    assert.deepEqual(
      new Map(countEach(endings)),
      new Map([
        ['client becomingWatcher watcher', 1],
        ['watcher handedOver {"code":0}', 1],
        ['client becomingSetup setup', 1],
        ['server handedOver {"code":0}', 1],
        ['server becomingMonitor monitor', 2],
        ['monitor becomingExecutor executor', 2],
        ['executor executingService script', 2],
        ['monitor finished {"code":0}', 2],
        ['client ended {"code":0}', 2],
        ['client succeeded {"code":0}', 1],
        ['watcher ended {"code":0}', 1],
        ['server ended {"code":0}', 1],
      ]),
    );
  });

  test('of a call that has been handed over has who waited, and what they became', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const words = ['-U', process.execPath, sandbox.script('hello.js', hello)];
    await sandbox.call(words);
    const { server, standby, understudy } = await readyStandby(sandbox);
    const before = { server: server.pid, standby: standby.pid, understudy: understudy.pid };
    assert.deepEqual(await sandbox.call(words), greeted);
    const next = await readyStandby(sandbox);
    await sandbox.call(['--kill', ...words]);
    await sandbox.quiet();
    const records = assertTrue(await recorder.stop());

    const lifeOf = (pid: number): string[] =>
      ends(records)
        .filter((record) => record.pid === pid)
        .map(({ actor, state, becomes }) => [actor, state, becomes ?? ''].join(' ').trim());
    assert.deepEqual(lifeOf(before.standby), [
      'server becomingStandby standby',
      'standby becomingMonitor monitor',
      'monitor finished',
    ]);
    assert.deepEqual(lifeOf(before.understudy), [
      'standby becomingUnderstudy understudy',
      'understudy becomingExecutor executor',
      'executor executingService script',
    ]);
    // Killed by the other, it says nothing any more.
    assert.deepEqual(lifeOf(next.standby.pid).at(-1), 'standby dismissed');
    assert.deepEqual(lifeOf(next.understudy.pid), ['standby becomingUnderstudy understudy']);
    const served = starts(records).filter(({ pid }) => Object.values(before).includes(pid));
    assert.deepEqual(
      served.filter((record) => record.client !== undefined).map(({ actor }) => actor),
      ['monitor', 'executor'],
    );
  });

  const deaths = {
    'a status of its own': { words: ['7'], status: { code: 7 } },
    'a signal that is raised again': { words: ['die', 'SIGTERM'], status: { signal: 15 } },
    'a signal that is told of': { words: ['die', 'SIGALRM'], status: { code: 127 } },
  };
  for (const [what, { words, status }] of Object.entries(deaths)) {
    test(`of a script that ends by ${what} tells it`, async (t) => {
      const sandbox = newSandbox(t);
      const recorder = listen(t, sandbox);
      const script = sandbox.script('hello.js', hello);
      await sandbox.call(['-U', process.execPath, script, ...words]);
      const records = assertTrue(await recorder.stop());
      const ending = ends(records).find(
        ({ actor, becomes }) => actor === 'client' && becomes === undefined,
      );
      assert.deepEqual(ending?.status, status);
    });
  }

  test('of a script that fails to initialise tells how its first process ended', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const script = sandbox.script('throws.js', `process.exit(9);`);
    assert.equal((await sandbox.call(['-U', process.execPath, script])).code, 9);
    const records = assertTrue(await recorder.stop());
    assert.deepEqual(statesOf(records, 'client').slice(-3), [
      'withdrawingFailedSetup',
      'endingAsChild',
      'ended',
    ]);
    const failed = records.find(
      (record) => record.kind === 'transition' && record.event === 'SETUP_FAILED',
    );
    assert.deepEqual(failed?.kind === 'transition' && failed.data, { status: 9 << 8 });
  });

  test('of a call without a server ends where the client makes way for the script', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const script = sandbox.script('hello.js', hello);
    const words = ['-U', '-g', 'x'.repeat(90), process.execPath, script];
    const refused = await sandbox.call(words);
    assert.equal(refused.code, 127);
    const records = assertTrue(await recorder.stop());
    assert.equal(ends(records).at(-1)?.state, 'failed');
  });

  test('of a killed client has no end of it, and the escalation of its monitor', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const script = sandbox.script('waiting.js', waitingScript());
    const call = WaitingCall.start(sandbox, ['-U', process.execPath, script]);
    const { monitor } = await call.running();
    kill(call.client, 'SIGKILL');
    await call.outcome();
    await until('the end of the monitor', () => !isAlive(monitor));
    const records = assertTrue(await recorder.stop());
    assert.ok(!ends(records).some(({ pid }) => pid === call.client));
    assert.ok(statesOf(records, 'monitor').includes('interrupting'));
  });
});
