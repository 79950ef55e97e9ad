// System calls that fail: out of descriptors, of processes, of disk. The script runs all the same.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { isAlive } from './support/processes';
import { Sandbox, client } from './support/sandbox';
import { readyStandby } from './support/standby';
import { assertRunsWithout, introspectingScript } from './support/undisturbed';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

const cannotInject =
  spawnSync('strace', ['-o', '/dev/null', '-e', 'inject=getppid:error=EPERM', 'true']).status !==
    0 && 'strace cannot inject here';

function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

// `when` counts the client's calls on a cold start; Node, which comes after, must be spared.
const failures = [
  ['epoll_create1', 1, 'EMFILE', /open event loop: too many open files/i],
  ['pipe2', 1, 'EMFILE', /open event loop: too many open files/i],
  ['pipe2', 3, 'EMFILE', /open event loop: too many open files/i],
  ['socket', 1, 'EMFILE', /make socket: Too many/],
  ['socket', 2, 'EMFILE', /make socket: Too many/],
  ['socket', 3, 'ENFILE', /make socket: Too many/],
  ['connect', 1, 'EACCES', /connect to socket .*: Permission/],
  ['flock', 1, 'ENOLCK', /take the lock: No locks/],
  ['fchmod', 1, 'EIO', /set mode of socket: Input/],
  ['bind', 1, 'ENOSPC', /bind socket .*: No space/],
  ['statx', 1, 'EIO', /look at socket .*: Input/],
  ['listen', 1, 'EADDRINUSE', /listen on socket .*: Address/],
  ['pipe2', 4, 'EMFILE', /make pipe: Too many/],
  ['pipe2', 5, 'EMFILE', /make pipe: Too many/],
  ['clone', 1, 'EAGAIN', /fork: Resource/],
  ['pidfd_open', 1, 'EMFILE', /watch process .*: Too many/],
  ['socketpair', 1, 'EMFILE', /make socket pair: Too many/],
  ['clone', 2, 'EAGAIN', /fork: Resource/],
] as const;

describe(
  'a client runs the script without a server when this call of it fails',
  { skip: cannotInject },
  () => {
    for (const [call, when, error, reason] of failures) {
      test(`${call} (${when}): ${error}`, async (t) => {
        const sandbox = newSandbox(t);
        const script = sandbox.script('introspect.js', introspectingScript);
        const fault = `inject=${call}:error=${error}:when=${when}`;
        const clientWrapper = ['strace', '-qq', '-o', '/dev/null', '-e', fault];
        await assertRunsWithout({ sandbox, script, clientWrapper }, reason);
        await sandbox.quiet();
        assert.deepEqual(
          sandbox.runFiles().filter((name) => name.startsWith('s')),
          [],
        );
        // Nothing of it lasts.
        const outcome = await sandbox.call(['-U', process.execPath, script]);
        assert.deepEqual([outcome.code, outcome.stderr], [3, 'a complaint\n']);
      });
    }
  },
);

// Perl, because Node itself needs more than these.
test('with few descriptors the script runs, with a server or without', async (t) => {
  const sandbox = newSandbox(t);
  const script = sandbox.script(
    'few.pl',
    `syswrite STDOUT, "out @ARGV\\n" and exit 3 unless $ENV{PREFORK_INTERP};
     require POSIX; require Proc::Prefork::Interp;
     Proc::Prefork::Interp::prefork_initialisation_complete();
     syswrite STDOUT, "out @ARGV\\n"; POSIX::_exit(3);`,
  );
  const seen = new Set<string>();
  for (let most = 5; most <= 24; ++most) {
    const words = [`--nofile=${most}`, client, '-U', 'perl', script, String(most)];
    const outcome = await sandbox.run('prlimit', words);
    assert.match(outcome.stderr, /^(prefork-interp: running the script without a server: .*\n)?$/);
    assert.deepEqual([outcome.stdout, outcome.code], [`out ${most}\n`, 3], `${most}`);
    seen.add(outcome.stderr === '' ? 'served' : 'alone');
    await sandbox.call(['-U', '--kill', 'perl', script]);
  }
  assert.deepEqual([...seen], ['alone', 'served']);
});

test('a server that cannot fork a standby serves its calls', { skip: cannotInject }, async (t) => {
  const sandbox = newSandbox(t);
  const words = ['-U', process.execPath, sandbox.script('waiting.js', waitingScript())];
  const first = WaitingCall.start(sandbox, words);
  const { server } = await first.running();
  await first.finish('');
  await readyStandby(sandbox);
  // The first call takes that one; then each forks its monitor, and a standby cannot be forked.
  const forks = 'clone,clone3,fork,vfork';
  const fault = ['-e', `inject=${forks}:error=EAGAIN:when=1+2`, '-e', `trace=${forks}`];
  const seen = join(sandbox.folder, 'forks');
  const tracer = sandbox.start('strace', ['-o', seen, ...fault, '-p', String(server)]);
  await new Promise((done) => tracer.stderr?.once('data', done)); // «attached»
  for (const [index, input] of ['one', 'two', 'three'].entries()) {
    const call = WaitingCall.start(sandbox, words);
    assert.equal((await call.running()).server, server);
    assert.equal((await call.finish(input)).stdout, `${input}\n`);
    const failed = () => readFileSync(seen, 'utf8').match(/INJECTED/g)?.length ?? 0;
    await until('that it has tried to fork a standby', () => failed() === index + 1);
  }
});

describe('a server that cannot fork a monitor', { skip: cannotInject }, () => {
  for (const [what, when, isReplaced] of [
    ['once', '1', false],
    ['at all', '1+', true],
  ] as const) {
    test(`${what}: the call is served`, async (t) => {
      const sandbox = newSandbox(t);
      const script = sandbox.script('waiting.js', waitingScript('{ standby: false }'));
      const words = ['-U', process.execPath, script];
      const first = WaitingCall.start(sandbox, words);
      const { server } = await first.running();
      await first.finish('');
      // After the first call a server still has to fork for its own sake; not once it has served another.
      const second = WaitingCall.start(sandbox, words);
      assert.equal((await second.running()).server, server);
      await second.finish('');
      const fault = ['-e', `inject=clone,clone3,fork,vfork:error=EAGAIN:when=${when}`];
      const tracer = sandbox.start('strace', ['-o', '/dev/null', ...fault, '-p', String(server)]);
      await new Promise((done) => tracer.stderr?.once('data', done)); // «attached»

      const call = WaitingCall.start(sandbox, words);
      const cast = await call.running();
      assert.equal(cast.server !== server, isReplaced);
      assert.deepEqual(await call.finish('x'), {
        stdout: 'x\n',
        stderr: '',
        code: 0,
        signal: null,
      });
      if (isReplaced) await until('the end of the old server', () => !isAlive(server));
    });
  }
});
