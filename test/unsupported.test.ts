// A Node in which the self-test of the fork fails: calls run all the same, each in a plain process.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Sandbox, client } from './support/sandbox';

const sandbox = new Sandbox();
after(() => sandbox.end());

// Node reads its memory map three times while it starts; the fourth time is the self-test's, which
// must know what to include in the fork. The path follows the traced process.
const failing = ['-f', '-qq', '-o', '/dev/null', '-P', '/proc/self/maps'];
const fourth = ['-e', 'inject=openat:error=EMFILE:when=4'];

const script = sandbox.script(
  'script.cjs',
  `require('prefork-interp').initialisationComplete();
   console.log('arguments', process.argv.slice(2).join());
   process.exitCode = 5;`,
);
const call = (env: Record<string, string>) =>
  sandbox.run('strace', [...failing, ...fourth, client, '-U', 'node', script, 'one', 'two'], {
    env,
  });
const ours = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('strace:'));

test('the script runs, with one line that says why it does so without a server', async () => {
  const { stdout, stderr, code } = await call({});
  assert.deepEqual({ stdout, code }, { stdout: 'arguments one,two\n', code: 5 });
  assert.deepEqual(ours(stderr), [
    `prefork-interp: running the script without a server: the self-test's fork: /proc/self/maps: Too many open files`,
  ]);
  await sandbox.quiet();
  assert.deepEqual(sandbox.runFiles(), []);
});

test('where that is not wanted, it is the script’s error', async () => {
  const { stdout, stderr, code } = await call({ PREFORK_INTERP_STRICT: '1' });
  assert.deepEqual({ stdout, code }, { stdout: '', code: 1 });
  assert.match(stderr, /PreforkError: initialisationComplete\(\): the self-test's fork/);
  await sandbox.quiet();
  assert.deepEqual(sandbox.runFiles(), []);
});
