// What a call leaves when its caller has been told of its end: nothing that is in anybody's way.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Sandbox, client } from './support/sandbox';

let sandbox: Sandbox;
let script = '';
beforeEach(() => {
  sandbox = new Sandbox();
  script = sandbox.script(
    'ends.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     import { createServer } from 'node:net';
     initialisationComplete();
     createServer().listen({ path: '\\0' + process.argv[2] }, () => process.exit());`,
  );
});
afterEach(() => sandbox.end());

test('a name that it listened at is free', async () => {
  const again = 'for ((i = 0; i < 200; ++i)); do "$@" || exit; done';
  const name = `prefork-test-${process.pid}`;
  const { stderr, code } = await sandbox.run('bash', [
    ...['-c', again, 'again', client, '-U', 'node', script, name],
  ]);
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
});

test('no process of it is left to whoever reaps orphans', async () => {
  // Process 1 of its own namespace, Node reaps nobody but whom it has started itself.
  const count = sandbox.script(
    'count.cjs',
    `const { spawnSync } = require('node:child_process');
     const { readdirSync, readFileSync } = require('node:fs');
     const [command, ...words] = process.argv.slice(2);
     const call = () => {
       const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
       if (status !== 0) throw new Error(stderr);
     };
     const orphans = () => readdirSync('/proc').filter((name) => {
       try {
         return /^\\d+$/.test(name) && /\\) Z 1 /.test(readFileSync('/proc/' + name + '/stat', 'latin1'));
       } catch {
         return false;
       }
     }).length;
     // A server that starts leaves the process of its self-test.
     for (let calls = 0; calls < 3; ++calls) call();
     const before = orphans();
     for (let calls = 0; calls < 20; ++calls) call();
     console.log(process.pid, orphans() - before);`,
  );
  const rights = process.getuid?.() === 0 ? [] : ['-Ur'];
  const { stdout, stderr } = await sandbox.run('unshare', [
    ...[...rights, '-pf', '--mount-proc', 'node', count, client, '-U', 'node', script, 'orphans'],
  ]);
  assert.deepEqual({ stdout, stderr }, { stdout: '1 0\n', stderr: '' });
});
