// Many calls at once: on no server yet, on one that has reached its limit, on one that is to go.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isAlive } from './support/processes';
import { Sandbox, client, firstOutput, kill, outcomeOf } from './support/sandbox';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

const lineCount = (text: string): number => text.split('\n').length - 1;
const wordsFor = (script: string): string[] => ['-U', process.execPath, script];

/** The greatest number of calls that ran at the same time, from the waiting script's reports. */
function mostAtOnce(sandbox: Sandbox): number {
  let now = 0;
  let most = 0;
  const reports = join(sandbox.folder, 'calls');
  for (const mark of existsSync(reports) ? readFileSync(reports, 'utf8') : '') {
    now += mark === '+' ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

test('a hundred first calls at once start one server and each gets its own answer', async (t) => {
  const sandbox = newSandbox(t);
  const script = sandbox.script(
    'echo.js',
    `const { initialisationComplete } = require('prefork-interp');
     const { appendFileSync, readFileSync } = require('node:fs');
     appendFileSync('initialised', process.pid + '\\n');
     initialisationComplete();
     const words = [...process.argv.slice(2), process.env.OWN, readFileSync(0, 'utf8')];
     console.log(words.join(' '));
     console.error('complaint ' + process.argv[2]);
     process.exitCode = process.argv[2] % 100;`,
  );
  // One shell a call, to keep its answers apart.
  const call = [
    `echo "input $1" | OWN="own $1" "$2" -U "$3" "$4" "$1" >out."$1" 2>err."$1"`,
    'echo $? >code."$1"',
  ].join('\n');
  const outcome = await sandbox.run('sh', [
    '-c',
    'seq 100 | xargs -P 100 -I % sh -c "$0" sh % "$@"',
    call,
    client,
    process.execPath,
    script,
  ]);
  assert.deepEqual(outcome, { stdout: '', stderr: '', code: 0, signal: null });
  const read = (name: string): string => readFileSync(join(sandbox.folder, name), 'utf8');
  for (let n = 1; n <= 100; ++n) {
    assert.equal(read(`err.${n}`), `complaint ${n}\n`);
    assert.equal(read(`out.${n}`), `${n} own ${n} input ${n}\n\n`);
    assert.equal(read(`code.${n}`), `${n % 100}\n`);
  }
  assert.equal(lineCount(read('initialised')), 1);
  assert.equal(sandbox.runFiles().length, 2);
});

test('calls beyond the limit wait for their turn and all come to it', async (t) => {
  const sandbox = newSandbox(t);
  const script = sandbox.script('limited.js', waitingScript('{ maxServers: 2 }'));
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const waiting = new Map(
    names.map((name) => [name, WaitingCall.start(sandbox, [...wordsFor(script), name])]),
  );
  await until('as many calls as may be', () => mostAtOnce(sandbox) === 2);
  while (waiting.size > 0) {
    // Whichever runs may end: that makes room for the next.
    const [name, call] = await Promise.race(
      [...waiting].map(async (entry) => (await entry[1].running(), entry)),
    );
    waiting.delete(name);
    assert.deepEqual(await call.finish('done'), {
      stdout: `${name} done\n`,
      stderr: '',
      code: 0,
      signal: null,
    });
  }
  assert.equal(mostAtOnce(sandbox), 2);
  assert.equal(lineCount(readFileSync(join(sandbox.folder, 'initialised'), 'utf8')), 1);
});

test('without a limit as many run at once as call', async (t) => {
  const sandbox = newSandbox(t);
  const script = sandbox.script('unlimited.js', waitingScript('{ maxServers: -1 }'));
  const calls = Array.from({ length: 10 }, () => WaitingCall.start(sandbox, wordsFor(script)));
  await Promise.all(calls.map((call) => call.running()));
  await Promise.all(calls.map((call) => call.finish('')));
  assert.equal(mostAtOnce(sandbox), 10);
});

interface Replacement {
  readonly what: string;
  /** Sends the server away while it has calls to finish. */
  readonly act: (sandbox: Sandbox, script: string, server: number) => Promise<void>;
}

const replacements: readonly Replacement[] = [
  {
    what: 'a fresh start',
    act: async (sandbox, script, server) => {
      const fresh = WaitingCall.start(sandbox, ['-f', ...wordsFor(script)]);
      assert.notEqual((await fresh.running()).server, server);
      assert.equal((await fresh.finish('fresh')).stdout, 'fresh\n');
    },
  },
  {
    what: '--kill',
    act: async (sandbox, script) => {
      const killed = await sandbox.call(['--kill', ...wordsFor(script)]);
      assert.deepEqual(killed, { stdout: '', stderr: '', code: 0, signal: null });
      assert.deepEqual(sandbox.runFiles(), []);
    },
  },
  {
    what: 'a request to the server to terminate',
    act: async (sandbox, _script, server) => {
      kill(server, 'SIGTERM');
      // From here on it takes no calls.
      await until('the end of the socket', () => sandbox.runFiles().length === 0);
    },
  },
];

for (const { what, act } of replacements) {
  test(`calls that run finish as they would, whatever ends the server: ${what}`, async (t) => {
    const sandbox = newSandbox(t);
    const script = sandbox.script('waiting.js', waitingScript());
    const calls = ['3', '0', '7'].map((status) => ({
      status,
      call: WaitingCall.start(sandbox, [...wordsFor(script), 'call', status], {
        env: { STATUS: status },
      }),
    }));
    const casts = await Promise.all(calls.map(({ call }) => call.running()));
    const [server = 0, ...others] = new Set(casts.map((cast) => cast.server));
    assert.deepEqual(others, []);

    await act(sandbox, script, server);
    const next = WaitingCall.start(sandbox, wordsFor(script));
    assert.notEqual((await next.running()).server, server);
    assert.ok(casts.every(({ executor }) => isAlive(executor)));

    for (const { status, call } of calls) {
      assert.deepEqual(await call.finish('late'), {
        stdout: `call ${status} late\n`,
        stderr: '',
        code: Number(status),
        signal: null,
      });
    }
    assert.equal((await next.finish('next')).stdout, 'next\n');
    await until('the end of the first server', () => !isAlive(server));
    await sandbox.call(['--kill', ...wordsFor(script)]);
    await sandbox.quiet();
    assert.deepEqual(sandbox.runFiles(), []);
  });
}

test('a caller that had to wait for the lock hands signals on as any other does', async (t) => {
  const sandbox = newSandbox(t);
  const script = sandbox.script(
    'slow.js',
    `const { existsSync, writeFileSync } = require('node:fs');
     writeFileSync('begun', '');
     const tick = new Int32Array(new SharedArrayBuffer(4));
     while (!existsSync('gate')) Atomics.wait(tick, 0, 0, 5);
     require('prefork-interp').initialisationComplete();
     process.on('SIGTERM', () => process.exit(41));
     setInterval(() => {}, 1000);
     console.log('running');`,
  );
  const first = sandbox.start(client, wordsFor(script));
  await until('the lock to be held', () => existsSync(join(sandbox.folder, 'begun')));
  const second = sandbox.start(client, ['-f', ...wordsFor(script)]);
  const waiting = `-> FLOCK  ADVISORY  WRITE ${second.pid ?? 0} `;
  await until('a caller that waits for it', () =>
    readFileSync('/proc/locks', 'utf8').includes(waiting),
  );
  writeFileSync(join(sandbox.folder, 'gate'), '');
  for (const caller of [first, second]) {
    const outcome = outcomeOf(caller);
    await firstOutput(caller);
    kill(caller.pid ?? 0, 'SIGTERM');
    assert.deepEqual(await outcome, { stdout: 'running\n', stderr: '', code: 41, signal: null });
  }
});
