// Where the machinery cannot work, the script runs as if it were not there, and one line says why.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { Sandbox, client, firstOutput, outcomeOf } from './support/sandbox';
import {
  assertRunsWithout,
  clientWords,
  introspectingScript,
  runAttempt,
  type Attempt,
} from './support/undisturbed';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

function newAttempt(t: TestContext): Attempt & { readonly sandbox: Sandbox } {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return { sandbox, script: sandbox.script('introspect.js', introspectingScript) };
}

describe('a run directory that cannot be used', () => {
  const places: Record<string, readonly [(path: string) => void, RegExp]> = {
    'open to others': [(path) => (mkdirSync(path), chmodSync(path, 0o755)), /open to group/],
    'a file': [(path) => writeFileSync(path, ''), /not a directory/],
    'a dangling link': [(path) => symlinkSync('nowhere', path), /No such file or directory/],
  };
  for (const [what, [arrange, reason]] of Object.entries(places)) {
    test(what, async (t) => {
      const attempt = newAttempt(t);
      arrange(attempt.sandbox.runDirectory);
      await assertRunsWithout(attempt, reason);
    });
  }

  test("somebody else's", async (t) => {
    const attempt = newAttempt(t);
    if (isRoot) {
      mkdirSync(attempt.sandbox.runDirectory, { mode: 0o700 });
      chownSync(attempt.sandbox.runDirectory, nobody, nobody);
      await assertRunsWithout(attempt, /belongs to user 65534, not to user 0/);
    } else {
      await assertRunsWithout(
        { ...attempt, env: { PREFORK_INTERP_RUN_DIR: '/' } },
        /belongs to user 0/,
      );
    }
  });

  test('not to be written to', async (t) => {
    const attempt = newAttempt(t);
    mkdirSync(attempt.sandbox.runDirectory, { mode: 0o500 });
    // Nothing is closed to root.
    const wrapper = isRoot
      ? ['setpriv', `--reuid=${nobody}`, '--clear-groups', '--inh-caps=-all']
      : [];
    if (isRoot) {
      chmodSync(attempt.sandbox.folder, 0o755);
      chownSync(attempt.sandbox.runDirectory, nobody, nobody);
    }
    await assertRunsWithout({ ...attempt, wrapper }, /lock.*: Permission denied/);
  });

  test('too long for the path of a socket', async (t) => {
    const attempt = newAttempt(t);
    const long = join(attempt.sandbox.folder, 'x'.repeat(90));
    await assertRunsWithout({ ...attempt, env: { PREFORK_INTERP_RUN_DIR: long } }, /is too long/);
  });

  test('relative', async (t) => {
    const attempt = newAttempt(t);
    await assertRunsWithout({ ...attempt, env: { PREFORK_INTERP_RUN_DIR: 'run' } }, /is relative/);
  });

  for (const [inodes, step] of [
    [1, 'open lock file'],
    [2, 'bind socket'],
  ] as const) {
    test(`on a full disk: ${step}`, { skip: !isRoot && 'needs root to mount' }, async (t) => {
      const attempt = newAttempt(t);
      mkdirSync(attempt.sandbox.runDirectory);
      const mount = `mount -t tmpfs -o mode=700,nr_inodes=${inodes} none "$0" && exec "$@"`;
      const wrapper = ['unshare', '--mount', 'sh', '-c', mount, attempt.sandbox.runDirectory];
      await assertRunsWithout({ ...attempt, wrapper }, new RegExp(`${step}.*No space left`));
    });
  }

  test('is no reason to run the script when a server is to be killed', async (t) => {
    const attempt = { ...newAttempt(t), clientOptions: ['--kill'] };
    writeFileSync(attempt.sandbox.runDirectory, '');
    const outcome = await runAttempt(attempt, [client, ...clientWords(attempt)]);
    assert.deepEqual(
      { ...outcome, stderr: '' },
      { stdout: '', stderr: '', code: 127, signal: null },
    );
    assert.match(outcome.stderr, /^prefork-interp: .*is not a directory.*\n$/);
  });
});

describe('a wait that PREFORK_INTERP_TIMEOUT bounds', () => {
  const bounded = (t: TestContext): Attempt & { readonly sandbox: Sandbox } => ({
    ...newAttempt(t),
    clientOptions: ['-g', 'mine'],
    env: { PREFORK_INTERP_TIMEOUT: '0.2' },
  });

  test('for a peer that accepts and never greets', async (t) => {
    const attempt = bounded(t);
    mkdirSync(attempt.sandbox.runDirectory, { mode: 0o700 });
    const peer = createServer().listen(join(attempt.sandbox.runDirectory, 'smine'));
    peer.on('connection', (connection) => connection.on('error', () => undefined));
    t.after(() => peer.close());
    await assertRunsWithout(attempt, /wait for the greeting of a server: Connection timed out/);
  });

  test('for a peer that does not even accept, however many wait', async (t) => {
    const attempt = bounded(t);
    mkdirSync(attempt.sandbox.runDirectory, { mode: 0o700 });
    const deaf = `use strict; use Socket qw(:DEFAULT SOCK_NONBLOCK); $| = 1;
      sub address { sockaddr_un($ARGV[0]) }
      socket(my $peer, AF_UNIX, SOCK_STREAM, 0) or die;
      bind($peer, address) && listen($peer, 1) or die;
      my @callers;
      for (;;) {
        socket(my $caller, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0) or die;
        last if !connect($caller, address);
        push @callers, $caller;
      }
      print "full: $!\\n";
      <STDIN>;`;
    const path = join(attempt.sandbox.runDirectory, 'smine');
    const peer = attempt.sandbox.start('perl', ['-e', deaf, path], { stdio: 'pipe' });
    const said = await firstOutput(peer);
    assert.match(said, /full: Resource temporarily unavailable/);
    await assertRunsWithout(attempt, /wait for the greeting of a server: Connection timed out/);
  });

  test('for a lock that somebody else holds', async (t) => {
    const attempt = bounded(t);
    mkdirSync(attempt.sandbox.runDirectory, { mode: 0o700 });
    const hold = [join(attempt.sandbox.runDirectory, 'lmine'), 'sh', '-c', 'echo held; cat'];
    const holder = attempt.sandbox.start('flock', hold, { stdio: 'pipe' });
    await firstOutput(holder);
    await assertRunsWithout(attempt, /Connection timed out/);
    // Without the bound the caller waits, and is served as soon as the lock is free.
    const patient = { ...attempt, env: {} };
    const outcome = runAttempt(patient, [client, ...clientWords(patient)]);
    holder.stdin?.end();
    await outcomeOf(holder);
    assert.equal((await outcome).stderr, 'a complaint\n');
  });

  test('for a server that has reached its limit', async (t) => {
    const attempt = bounded(t);
    const serverOfOne = introspectingScript.replace(
      'initialisationComplete();',
      `initialisationComplete({ maxServers: 1 });
       require('node:fs').appendFileSync('begun', '+');`,
    );
    const full = { ...attempt, script: attempt.sandbox.script('one.js', serverOfOne) };
    const words = ['-U', ...(full.clientOptions ?? []), process.execPath, full.script];
    const first = attempt.sandbox.start(client, words, { stdio: 'pipe' });
    // It waits for its input from here on.
    await until('the first call', () => existsSync(join(attempt.sandbox.folder, 'begun')));
    await assertRunsWithout(full, /wait for the greeting of a server: Connection timed out/);
    const outcome = outcomeOf(first);
    first.stdin?.end();
    assert.equal((await outcome).code, 3);
  });
});

test('PREFORK_INTERP_OFF runs the script directly, without a word', async (t) => {
  const attempt = { ...newAttempt(t), env: { PREFORK_INTERP_OFF: '1' } };
  const words = clientWords(attempt);
  const plain = await runAttempt(attempt, words.slice(1));
  for (const strict of [undefined, '1']) {
    const more = { PREFORK_INTERP_STRICT: strict };
    const reference =
      strict === undefined ? plain : await runAttempt(attempt, words.slice(1), more);
    assert.deepEqual(await runAttempt(attempt, [client, ...words], more), reference);
  }
  assert.deepEqual(attempt.sandbox.runFiles(), []);
  assert.deepEqual(attempt.sandbox.processes(), []);
});

describe('a caller without a standard stream', () => {
  for (const [what, redirection] of [
    ['input', '<&-'],
    ['output', '>&-'],
    ['error', '2>&-'],
    ['all three', '<&- >&- 2>&-'],
  ] as const) {
    test(`${what}: ${redirection}`, async (t) => {
      const { sandbox } = newAttempt(t);
      const script = sandbox.script(
        'say.js',
        `const { initialisationComplete } = require('prefork-interp');
         const { fstatSync, readFileSync, writeFileSync } = require('node:fs');
         initialisationComplete();
         process.stdout.write('out:' + readFileSync(0, 'utf8') + '\\n');
         process.stderr.write('error\\n');
         writeFileSync(process.argv[2], [0, 1, 2].map((fd) => fstatSync(fd).rdev).join());
         process.exitCode = 5;`,
      );
      const run = async (words: readonly string[]) =>
        sandbox.run('sh', ['-c', `exec "$@" ${redirection}`, 'sh', ...words], { input: 'in' });
      const seen = async (...prefix: string[]) => ({
        outcome: await run([...prefix, process.execPath, script, 'streams']),
        streams: await sandbox.run('cat', ['streams']),
      });
      const plain = await seen();
      assert.equal(plain.outcome.code, 5);
      assert.deepEqual(await seen(client, '-U'), plain, 'the first call');
      assert.deepEqual(await seen(client, '-U'), plain, 'a later one');
    });
  }
});

test('a server that cannot be had for the second call has no part in it', async (t) => {
  const { sandbox } = newAttempt(t);
  const script = sandbox.script('waiting.js', waitingScript());
  const running = WaitingCall.start(sandbox, ['-U', process.execPath, script]);
  await running.running();
  chmodSync(sandbox.runDirectory, 0o755);
  const env = { PREFORK_INTERP_TIMEOUT: '20' };
  const other = await sandbox.call(['-U', process.execPath, script], { env });
  assert.match(other.stderr, /^prefork-interp: running .* open to group.*\n$/);
  chmodSync(sandbox.runDirectory, 0o700);
  assert.equal((await running.finish('x')).stdout, 'x\n');
});
