// Whoever listens to the trace: comes and goes at any time, and is no burden to any call.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { listenerSocket } from '../runtime/trace/record';
import { isAlive } from './support/processes';
import { Recorder } from './support/recorder';
import { client, engine, kill } from './support/sandbox';
import {
  assertTrue,
  countOf,
  greeted,
  hello,
  listen,
  lossesIn,
  newSandbox,
  statesOf,
} from './support/traces';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

describe('a listener', () => {
  const prepare = (t: TestContext) => {
    const sandbox = newSandbox(t);
    const words = ['-U', process.execPath, sandbox.script('hello.js', hello)];
    const greet = async () => assert.deepEqual(await sandbox.call(words), greeted);
    return { sandbox, greet };
  };

  test('that comes late hears of servers that have long been there, and may come and go', async (t) => {
    const { sandbox, greet } = prepare(t);
    await greet();
    for (const round of ['first', 'second']) {
      const recorder = listen(t, sandbox);
      await greet();
      await until('the server to hear of the end of the call', () =>
        recorder
          .records()
          .some((record) => record.kind === 'transition' && record.event === 'MONITOR_EXITED'),
      );
      const records = assertTrue(await recorder.stop());
      // Whichever of the two there was time for.
      const ways = ['serving.forkingMonitor', 'serving.handingOver'];
      assert.ok(
        statesOf(records, 'server').some((state) => ways.includes(state)),
        round,
      );
      assert.equal(countOf(records, 'server'), 0);
      assert.deepEqual(
        ['client', 'monitor', 'executor'].map((actor) => countOf(records, actor)),
        [1, 1, 1],
      );
      await greet();
    }
  });

  test('that comes while a call runs hears what comes next of it', async (t) => {
    const { sandbox } = prepare(t);
    const script = sandbox.script('waiting.js', waitingScript());
    const call = WaitingCall.start(sandbox, ['-U', process.execPath, script]);
    await call.running();
    const recorder = listen(t, sandbox);
    assert.equal((await call.finish('')).code, 0);
    const records = assertTrue(await recorder.stop());
    assert.deepEqual(statesOf(records, 'client'), ['endingAsChild', 'ended']);
    assert.ok(statesOf(records, 'monitor').includes('sendingStatus'));
  });

  test('that never reads keeps nobody waiting, and learns afterwards how much it has missed', async (t) => {
    const { sandbox, greet } = prepare(t);
    await greet();
    const recorder = listen(t, sandbox);
    kill(recorder.pid, 'SIGSTOP');
    for (let calls = 0; calls < 30; ++calls) await greet();
    kill(recorder.pid, 'SIGCONT');
    await until('a record that shows the gap', async () => {
      await greet();
      return lossesIn(recorder.records()) > 10;
    });
    assertTrue(await recorder.stop());
  });

  test('that is killed is not missed, and its socket no hindrance to the next', async (t) => {
    const { sandbox, greet } = prepare(t);
    const recorder = listen(t, sandbox);
    await greet();
    kill(recorder.pid, 'SIGKILL');
    await until('the end of the listener', () => !isAlive(recorder.pid));
    for (let calls = 0; calls < 3; ++calls) await greet();
  });

  test('leaves no descriptor in the script', async (t) => {
    const sandbox = newSandbox(t);
    const script = sandbox.script(
      'descriptors.js',
      `require('prefork-interp').initialisationComplete();
       const { readdirSync, readlinkSync } = require('node:fs');
       const target = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } };
       console.log(readdirSync('/proc/self/fd').map(target).filter((name) => name.startsWith('socket:')).length);`,
    );
    const words = ['-U', process.execPath, script];
    const without = await sandbox.call(words);
    await sandbox.call(['--kill', ...words]);
    listen(t, sandbox);
    assert.deepEqual(await sandbox.call(words), without);
    assert.deepEqual(await sandbox.call(words), without);
  });
});

describe('what a client spends on listeners', { skip: engine !== 'native' }, () => {
  /** The system calls of a warm client that have to do with them. */
  const spent = async (
    t: TestContext,
    prepare: (path: string) => void | Promise<void>,
  ): Promise<string[]> => {
    const sandbox = newSandbox(t);
    const words = ['-U', process.execPath, sandbox.script('hello.js', hello)];
    await sandbox.call(words);
    await prepare(join(sandbox.runDirectory, listenerSocket));
    const file = join(sandbox.folder, 'strace');
    const outcome = await sandbox.run('strace', ['-o', file, client, ...words]);
    assert.deepEqual(outcome, greeted);
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /inspect\.sock|SOCK_DGRAM|^send/.test(line))
      .map((line) => line.replace(/^(\w+)\(.*\) = (-1 )?(\w+).*$/, '$1 $3'));
  };

  test('where there is none, is one failed look each time it comes to rest', async (t) => {
    const calls = await spent(t, () => undefined);
    const looks = calls.filter((call) => /^(new)?fstatat|^stat/.test(call));
    assert.ok(looks.length > 0 && looks.length <= 3, calls.join());
    assert.ok(
      looks.every((call) => call.endsWith(' ENOENT')),
      calls.join(),
    );
    assert.ok(!calls.some((call) => call.startsWith('socket')), calls.join());
  });

  test('where one has died, is one failed connection, and no more than looks after it', async (t) => {
    const calls = await spent(t, async (path) => {
      const { pid } = Recorder.start(dirname(path));
      kill(pid, 'SIGKILL');
      await until('its death', () => !isAlive(pid));
    });
    assert.equal(calls.filter((call) => call === 'connect ECONNREFUSED').length, 1, calls.join());
    assert.equal(calls.filter((call) => call.startsWith('socket')).length, 1, calls.join());
  });

  test('where a file is in its place, is a look', async (t) => {
    const calls = await spent(t, (path) => writeFileSync(path, ''));
    assert.ok(!calls.some((call) => /^(socket|connect)/.test(call)), calls.join());
  });
});
