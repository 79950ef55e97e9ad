// What a call leaves when its caller has been told of its end: nothing that is in anybody's way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Sandbox, client } from './support/sandbox';

const sandbox = new Sandbox();
let script = '';
before(() => {
  script = sandbox.script(
    'ends.mjs',
    `import { initialisationComplete } from 'prefork-interp';
     import { createServer } from 'node:net';
     initialisationComplete();
     createServer().listen({ path: '\\0' + process.argv[2] }, () => process.exit());`,
  );
});
after(() => sandbox.end());

test('a name that it listened at is free', async () => {
  const again = 'for ((i = 0; i < 200; ++i)); do "$@" || exit; done';
  const name = `prefork-test-${process.pid}`;
  const { stderr, code } = await sandbox.run('bash', [
    ...['-c', again, 'again', client, '-U', 'node', script, name],
  ]);
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
});

test('no process is left to whoever reaps orphans', async () => {
  // Process 1 of its own namespace, Node reaps nobody but whom it has started itself.
  const count = sandbox.script(
    'count.cjs',
    `const { spawnSync } = require('node:child_process');
     const { readdirSync, readFileSync } = require('node:fs');
     const [command, ...words] = process.argv.slice(2);
     for (let calls = 0; calls < 20; ++calls) {
       const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
       if (status !== 0) throw new Error(stderr);
     }
     const gone = () => readdirSync('/proc').filter((name) => {
       try {
         return /^\\d+$/.test(name) && /\\) Z 1 /.test(readFileSync('/proc/' + name + '/stat', 'latin1'));
       } catch {
         return false;
       }
     });
     console.log(process.pid, gone().length);`,
  );
  const rights = process.getuid?.() === 0 ? [] : ['-Ur'];
  const { stdout, stderr } = await sandbox.run('unshare', [
    ...[...rights, '-pf', '--mount-proc', 'node', count, client, '-U', 'node', script, 'orphans'],
  ]);
  assert.deepEqual({ stdout, stderr }, { stdout: '1 0\n', stderr: '' });
});
