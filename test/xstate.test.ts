// The engine "xstate": calls behave the same with it. All of the suite: npm run test:xstate.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Sandbox, client, projectRoot, type Outcome } from './support/sandbox';

const sandbox = new Sandbox();
after(() => sandbox.end());

test('with XState in charge of every chart the central tests of behaviour pass', async () => {
  const run = await sandbox.run(join(projectRoot, 'scripts/test-xstate'), ['short'], {
    cwd: projectRoot,
  });
  assert.deepEqual([run.stderr, run.code], ['', 0], run.stdout);
  assert.match(run.stdout, /^# pass [1-9]\d/m);
});

test('another engine than these two is refused', async () => {
  const outcome = await sandbox.call(['-U', 'node'], { env: { PREFORK_INTERP_ENGINE: 'steam' } });
  const stderr = 'prefork-interp: PREFORK_INTERP_ENGINE=steam: give native or xstate\n';
  assert.deepEqual(outcome, { stdout: '', stderr, code: 127, signal: null });
});

test('without Node it cannot be had', async () => {
  const env = { PREFORK_INTERP_ENGINE: 'xstate', PATH: '/nowhere' };
  const outcome = await sandbox.call(['-U', 'node'], { env });
  const reason = 'execute node: No such file or directory';
  const stderr = `prefork-interp: PREFORK_INTERP_ENGINE=xstate: ${reason}\n`;
  assert.deepEqual(outcome, { stdout: '', stderr, code: 127, signal: null });
});

test('DEBUG=prefork:* has every part say what it does, and the script’s output is as ever', async () => {
  const script = sandbox.script(
    'hello.js',
    `require('prefork-interp').initialisationComplete();
     console.log(Object.keys(require.cache).length);`,
  );
  const words = ['-U', process.execPath, script];
  const plain = await sandbox.call(['-f', ...words]);
  assert.equal(plain.stderr, '');
  const env = { PREFORK_INTERP_ENGINE: 'xstate', DEBUG: 'prefork:*' };
  const { stdout, stderr } = await sandbox.call(['-f', ...words], { env });
  assert.equal(stdout, plain.stdout);
  const said = stderr.matchAll(/^\S+Z prefork:(\S+) /gm);
  assert.deepEqual([...new Set([...said].map(([, part]) => part))].sort(), [
    'cli',
    'setup',
    ...['client', 'executor', 'monitor', 'server', 'watcher'].map((id) => `xstate:${id}`),
  ]);
});

test('prefork run by hand calls the same server as prefork-interp', async () => {
  const script = sandbox.script(
    'server.js',
    `const server = process.pid;
     require('prefork-interp').initialisationComplete();
     console.log(server, ...process.argv.slice(2));
     process.exitCode = 5;`,
  );
  const words = ['-U', process.execPath, script, 'a b', ''];
  const native = await sandbox.call(words);
  assert.equal(native.code, 5);
  const tool = join(projectRoot, 'build/cli/main.js');
  assert.deepEqual(await sandbox.run(process.execPath, [tool, 'run', ...words]), native);
});

test('what Node changes of its process, no script sees that the client executes', async () => {
  const report = sandbox.script(
    'report.sh',
    `grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; ulimit -n; umask
     for n in 0 1 2 3 4 5 9; do [ -e /proc/self/fd/$n ] && echo "descriptor $n"; done
     cat <&9; env | grep -v -e PREFORK_INTERP_ENGINE -e ^PREFORK_INTERP= -e ^_=`,
  );
  writeFileSync(join(sandbox.folder, 'nine'), 'from descriptor nine\n');
  // HUP and XFSZ ignored, fewer descriptors, one more open, and options that are for other Nodes.
  const caller = `trap '' HUP XFSZ; ulimit -S -n 200; umask 027; exec 9<nine
    NODE_OPTIONS=--no-warnings NODE_V8_COVERAGE= PREFORK_INTERP_ENGINE=$1 PREFORK_INTERP_OFF=$2 exec ${client} -U sh ${report}`;
  // Executed directly; and as a setup, which has none of the caller's other descriptors.
  for (const [off, seen] of [
    ['1', /from descriptor nine/],
    ['0', /descriptor 2\n/],
  ] as const) {
    const by = (engine: string): Promise<Outcome> =>
      sandbox.run('bash', ['-c', caller, 'bash', engine, off]);
    const native = await by('native');
    assert.match(native.stdout + native.stderr, seen);
    assert.deepEqual(await by('xstate'), native);
  }
});
