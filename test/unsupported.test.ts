// A Node in which the self-test of the fork fails: calls run all the same, each in a plain process.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Sandbox, client } from './support/sandbox';

const sandbox = new Sandbox();
after(() => sandbox.end());

// Only the child of the self-test asks for an alarm, so that it ends in any case; here, at once.
const killed = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=alarm:signal=KILL'];

const script = sandbox.script(
  'script.cjs',
  `require('prefork-interp').initialisationComplete();
   console.log('arguments', process.argv.slice(2).join());
   process.exitCode = 5;`,
);
const call = (env: Record<string, string>) =>
  sandbox.run('strace', [...killed, client, '-U', 'node', script, 'one', 'two'], {
    env,
  });
const ours = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('strace:'));

test('the script runs, with one line that says why it does so without a server', async () => {
  const { stdout, stderr, code } = await call({});
  assert.deepEqual({ stdout, code }, { stdout: 'arguments one,two\n', code: 5 });
  assert.deepEqual(ours(stderr), [
    `prefork-interp: running the script without a server: this Node does not survive a fork: the child of the self-test died`,
  ]);
  await sandbox.quiet();
  assert.deepEqual(sandbox.runFiles(), []);
});

test('where that is not wanted, it is an error', async () => {
  const { stdout, stderr, code } = await call({ PREFORK_INTERP_STRICT: '1' });
  assert.deepEqual({ stdout, code }, { stdout: '', code: 127 });
  assert.deepEqual(ours(stderr), [
    'prefork-interp: this Node does not survive a fork: the child of the self-test died',
  ]);
  await sandbox.quiet();
  assert.deepEqual(sandbox.runFiles(), []);
});
