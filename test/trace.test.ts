// What processes tell of their charts: all of it, to whoever listens, and never at a call's expense.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import Ajv from 'ajv/dist/2020';
import { checkRecording } from '../runtime/trace/check';
import {
  largestDatagram,
  listenerSocket,
  type ActorRecord,
  type EndRecord,
  type StartRecord,
} from '../runtime/trace/record';
import { DropCounter } from '../runtime/trace/recording';
import { isAlive } from './support/processes';
import { Recorder } from './support/recorder';
import { Sandbox, client, engine, kill, projectRoot } from './support/sandbox';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

const schema = JSON.parse(
  readFileSync(join(projectRoot, 'runtime/trace/record.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

function listen(t: TestContext, sandbox: Sandbox): Recorder {
  const recorder = Recorder.start(sandbox.runDirectory);
  t.after(() => kill(recorder.pid, 'SIGKILL'));
  return recorder;
}

/** Asserts that a recording is well formed and can be true; returns its records. */
function assertTrue(lines: readonly string[]): readonly ActorRecord[] {
  for (const line of lines) {
    assert.ok(validate(JSON.parse(line)), `${line}: ${JSON.stringify(validate.errors)}`);
    assert.ok(Buffer.byteLength(line) <= largestDatagram);
  }
  assert.equal(checkRecording(lines), undefined);
  return lines.slice(1).map((line) => JSON.parse(line) as ActorRecord);
}

const ends = (records: readonly ActorRecord[]): readonly EndRecord[] =>
  records.filter((record) => record.kind === 'end');
const starts = (records: readonly ActorRecord[]): readonly StartRecord[] =>
  records.filter((record) => record.kind === 'start');
const statesOf = (records: readonly ActorRecord[], actor: string): readonly string[] =>
  records.flatMap((record) =>
    record.actor === actor && record.kind !== 'end' ? [...record.path] : [],
  );
const countOf = (records: readonly ActorRecord[], actor: string): number =>
  starts(records).filter((record) => record.actor === actor).length;

const countEach = (names: readonly string[]): readonly (readonly [string, number])[] =>
  names.map((name) => [name, names.filter((other) => other === name).length]);

const lossesIn = (records: readonly ActorRecord[]): number => {
  const counter = new DropCounter();
  for (const record of records) counter.before(record);
  return counter.total;
};

const hello = `require('prefork-interp').initialisationComplete();
  console.log('hello');
  if (process.argv[2] === 'die') process.kill(process.pid, process.argv[3]);
  process.exitCode = Number(process.argv[2] ?? 0);`;
const greeted = { stdout: 'hello\n', stderr: '', code: 0, signal: null };

describe('a recording', () => {
  test('of a first call, a warm one and the end has every process from birth to end', async (t) => {
    const sandbox = newSandbox(t);
    const recorder = listen(t, sandbox);
    const script = sandbox.script('hello.js', hello);
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
    assert.deepEqual(new Map(countEach(endings)), new Map([
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
    ]));
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
      assert.ok(statesOf(records, 'server').includes('serving.forkingMonitor'), round);
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
    assert.ok(looks.every((call) => call.endsWith(' ENOENT')), calls.join());
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
