// The caller sees the script end exactly as it would without us: each of very many times.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Sandbox, client, engine } from './support/sandbox';

const times = engine === 'native' ? 1000 : 20;

// Counts by the shell, which knows how its children ended: 128 + N for signal N.
const tally = `for ((i = 0; i < ${times}; ++i)); do "$@" 2>>messages; echo $?; done 2>/dev/null | sort | uniq -c`;

const deaths: Readonly<
  Record<string, readonly [statement: string, seen: number, message: string]>
> = {
  'falls off its end with an exit code': ['process.exitCode = 42;', 42, ''],
  'is terminated': [`process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 10_000);`, 143, ''],
  'is killed': [`process.kill(process.pid, 'SIGKILL');`, 137, ''],
  'has a segmentation fault': [
    `process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 10_000);`,
    127,
    'prefork-interp: invocation failed due to signal 11 SIGSEGV',
  ],
};

describe(`of ${times} calls each ends as the script does`, { concurrency: 2 }, () => {
  for (const [name, [statement, seen, message]] of Object.entries(deaths)) {
    test(`when it ${name}`, async () => {
      const sandbox = new Sandbox();
      try {
        const script = sandbox.script(
          'script.mjs',
          `import { initialisationComplete } from 'prefork-interp';
           initialisationComplete();
           ${statement}`,
        );
        const words = ['-c', `ulimit -c 0; ${tally}`, 'tally', client, '-U', 'node', script];
        const { stdout, stderr } = await sandbox.run('bash', words);
        assert.equal(stdout.trim(), `${times} ${seen}`);
        assert.equal(stderr, '');
        const { stdout: messages } = await sandbox.run('sh', ['-c', 'sort messages | uniq -c']);
        assert.equal(messages.trim(), message === '' ? '' : `${times} ${message}`);
      } finally {
        await sandbox.end();
      }
    });
  }
});

describe('a single call', () => {
  const sandbox = new Sandbox();
  let script = '';
  before(() => {
    script = sandbox.script(
      'ends.cjs',
      `require('prefork-interp').initialisationComplete();
       eval(process.argv[2]);`,
    );
  });
  after(() => sandbox.end());

  const both = async (statement: string): Promise<void> => {
    const plain = await sandbox.run('node', [script, statement]);
    const served = await sandbox.call(['-U', 'node', script, statement]);
    assert.deepEqual(served, plain);
  };
  const cases: Readonly<Record<string, string>> = {
    'process.exit': 'process.exit(7)',
    'an exit handler that changes the code': `process.on('exit', () => { process.exitCode = 9; })`,
    'an uncaught exception': `throw new RangeError('thrown')`,
    'an exception in a timer': `setTimeout(() => { throw new Error('late'); }, 1)`,
    'an unhandled rejection': `Promise.reject(new Error('rejected'))`,
    'SIGINT at its default': `process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 10_000)`,
    'SIGHUP at its default': `process.kill(process.pid, 'SIGHUP'); setTimeout(() => {}, 10_000)`,
    'a handler of SIGINT': `process.on('SIGINT', () => process.exit(5)); process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 10_000)`,
    'output and error output': `console.log('out'); console.error('err'); process.exitCode = 3`,
    'a megabyte on a pipe, then the end': `process.stdout.write('x'.repeat(1 << 20)); process.exitCode = 4`,
    'garbage, then a natural end': `for (let i = 0, kept = []; i < 300; ++i) kept.push(new Array(10_000).fill(i)); process.exitCode = 6`,
  };
  for (const [name, statement] of Object.entries(cases)) {
    test(`${name}: as under plain Node`, () => both(statement));
  }

  test('a top-level await that never settles: as under plain Node', async () => {
    const module = sandbox.script(
      'never.mjs',
      `import { initialisationComplete } from 'prefork-interp';
       initialisationComplete();
       await new Promise(() => {});`,
    );
    const plain = await sandbox.run('node', [module]);
    assert.equal(plain.code, 13);
    assert.deepEqual(await sandbox.call(['-U', 'node', module]), plain);
  });

  test('a core dump is told', async () => {
    // Where the kernel hands cores to a program, or cannot write one, it says whether one was made.
    const words = [
      '-c',
      'ulimit -c unlimited && exec "$@"',
      'sh',
      client,
      '-f',
      '-U',
      'node',
      script,
    ];
    const { stderr, code } = await sandbox.run('sh', [
      ...words,
      `process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 10_000)`,
    ]);
    assert.match(
      stderr,
      /^prefork-interp: invocation failed due to signal 11 SIGSEGV( \(core dumped\))?\n$/,
    );
    assert.equal(code, 127);
  });
});
