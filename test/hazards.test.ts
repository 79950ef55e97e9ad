// What cannot be forked is refused by its name, what calls would share is warned of, and nothing hangs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { nodesUnderTest } from './support/nodes';
import { Sandbox, client } from './support/sandbox';
import type { Outcome } from './support/sandbox';

const load = `const { initialisationComplete } = require('prefork-interp');`;
const complete = `initialisationComplete(); console.log('the call'); process.exitCode = 3;`;
const endless = `'setInterval(() => {}, 1000)', { eval: true }`;
const loader = 'data:text/javascript,export%20const%20name=1';

interface Case {
  /** The script up to the call of initialisationComplete(). */
  readonly setup: string;
  readonly message: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const refused: Record<string, Case> = {
  'a Worker': {
    setup: `${load} const { Worker } = require('node:worker_threads');
      function start() { new Worker(${endless}); }
      start();`,
    message:
      /: a Worker, started at start \(\S+\.cjs:2:\d+\)\n.*\[cause\]: Error: the Worker was started here\n/s,
  },
  'a Worker that would not keep the process': {
    setup: `${load} new (require('node:worker_threads').Worker)(${endless}).unref();`,
    message: /: a Worker, started at \S+/,
  },
  'as many early Workers as libuv has threads': {
    setup: `const { Worker } = require('node:worker_threads');
      for (let count = 0; count < 4; ++count) new Worker(${endless});
      ${load}`,
    message: /: a Worker, it seems, started before this library was loaded \(4\)\n/,
  },
  'a loader': {
    setup: `${load} require('node:module').register('${loader}');`,
    message: /: the thread of a module\.register\(\) loader, started at \S+ \(\S+\.cjs:1:\d+\)\n/,
  },
  'an early loader': {
    setup: load,
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,import{register}from'node:module';register('${loader}')`,
    },
    message:
      /: the thread of a module\.register\(\) loader \(--import=data:text\/javascript,import\S+\)\n/,
  },
  'an inspector that the script opens': {
    setup: `${load} require('node:inspector').open(0);`,
    message: /: the inspector \(ws:\/\/127\.0\.0\.1:\d+\/\S+\)\n/,
  },
  'an inspector from the start': {
    setup: load,
    env: { NODE_OPTIONS: '--inspect=0' },
    message: /: the inspector \(ws:\/\/127\.0\.0\.1:\d+\/\S+\)\n/,
  },
  'work that lasts': {
    setup: `${load} require('node:crypto').pbkdf2('', '', 2 ** 31 - 1, 8, 'sha1', () => {});`,
    message: /: libuv's thread pool is still at work after 1000 ms \(1 unfinished\); wait for/,
  },
  'a file that nobody writes': {
    setup: `require('node:fs').readFile('fifo', () => {}); ${load}`,
    message: /: libuv's thread pool is still at work after 1000 ms \(1 unfinished[,)]/,
  },
};

const warned: Record<string, Case & { readonly output?: string }> = {
  servers: {
    setup: `${load} const { createServer } = require('node:net');
      createServer().listen('local'); createServer().listen(0);
      setTimeout(() => process.exit(), 1);`,
    message: /: a server on local; a server on :::\d+; a timer\n$/,
  },
  timers: {
    setup: `${load} setTimeout(() => console.log('one'), 1); setTimeout(() => console.log('two'), 1);`,
    message: /: a timer \(2\)\n$/,
    output: 'the call\none\ntwo\n',
  },
  // Nobody would tell the call of this child's end.
  'a child process': {
    setup: `${load} require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' });`,
    message: /: child process \d+ \(sleep\)\n$/,
  },
  watchers: {
    setup: `${load} const fs = require('node:fs'); fs.watch('.').on('change', () => {}); fs.watchFile('x', () => {});
      setTimeout(() => process.exit(), 1).unref();`,
    message: /: a watcher of files; a watcher of a file\n$/,
  },
  'an unread file': {
    setup: `${load} require('node:fs').readFile('package.json', () => console.log('read'));`,
    message: /: (a file operation|an operation in a thread)\n$/,
    output: 'the call\nread\n',
  },
  'unread results of other work': {
    setup: `${load} require('node:zlib').gzip('', () => console.log('packed'));`,
    message: /: an operation in a thread\n$/,
    output: 'the call\npacked\n',
  },
  'streams that were used too early': {
    setup: `console.error('early'); ${load}`,
    message: /^early\n.*: process\.stderr, used before this library was loaded\n$/s,
  },
};

const silent: Record<string, Omit<Case, 'message'> & { readonly end?: string }> = {
  'streams of the setup': {
    setup: `${load} process.stdin.on('data', () => {}).pause(); process.stdout.isTTY; process.stderr.isTTY;`,
  },
  'what does not keep a process': {
    setup: `${load} setInterval(() => {}, 1000).unref(); process.on('SIGUSR2', () => {});`,
  },
  'a Worker that has ended, and threads that start again': {
    setup: `${load} const { Worker } = require('node:worker_threads');
      const { gzip } = require('node:zlib');
      new Worker('0', { eval: true }).on('exit', () => gzip('', () => {`,
    end: '}));',
  },
  'a debugger’s session within the process': {
    setup: `${load} const session = new (require('node:inspector').Session)(); session.connect(); session.post('Debugger.enable');`,
  },
  'a connection that has failed and keeps no process': {
    setup: `${load} require('node:net').connect('nowhere').on('error', () => {}).unref();`,
  },
  'warnings switched off': {
    setup: `${load} setTimeout(() => {}, 1);`,
    env: { NODE_OPTIONS: '--no-warnings' },
  },
};

for (const { path, version } of nodesUnderTest()) {
  describe(`on Node ${version}`, { concurrency: 2 }, () => {
    const sandbox = new Sandbox();
    execFileSync('mkfifo', [join(sandbox.folder, 'fifo')]);
    after(() => sandbox.end());
    let scripts = 0;

    // A hang is told from an end by the signal that ends it.
    const call = (script: string, env: Case['env'] = {}): Promise<Outcome> =>
      sandbox.run('timeout', ['-s', 'XCPU', '30', client, '-U', path, script], { env });
    const write = (text: string, extension = 'cjs'): string =>
      sandbox.script(`script-${++scripts}.${extension}`, text);

    for (const [name, { setup, message, env }] of Object.entries(refused)) {
      test(`is refused: ${name}`, async () => {
        const { stdout, stderr, code } = await call(write(`${setup}\n${complete}`), env);
        assert.match(stderr, /initialisationComplete\(\): /);
        assert.match(stderr, message);
        assert.match(stderr, /code: 'ERR_PREFORK_THREADS'/);
        assert.deepEqual({ stdout, code }, { stdout: '', code: 1 });
      });
    }

    test('a refusal can be caught, and the script can go on without a server', async () => {
      const script = write(
        `${load} const worker = new (require('node:worker_threads').Worker)(${endless});
         try { initialisationComplete(); } catch (error) { console.error(error.code); }
         worker.terminate().then(() => { ${complete} });`,
      );
      const { stdout, stderr, code } = await call(script);
      assert.deepEqual(
        { stdout, stderr, code },
        { stdout: 'the call\n', stderr: 'ERR_PREFORK_THREADS\n', code: 3 },
      );
    });

    for (const [name, { setup, message, env, output = 'the call\n' }] of Object.entries(warned)) {
      test(`is warned of, once: ${name}`, async () => {
        const script = write(`${setup}\n${complete}`);
        const first = await call(script, env);
        assert.match(first.stderr, /\(node:\d+\) \[PREFORK_SETUP_RESOURCES\] Warning: /);
        assert.match(first.stderr, message);
        const second = await call(script, env);
        assert.equal(second.stderr, '');
        for (const { stdout, code } of [first, second]) {
          assert.deepEqual({ stdout, code }, { stdout: output, code: 3 });
        }
      });
    }

    for (const [name, { setup, env, end = '' }] of Object.entries(silent)) {
      test(`is fine: ${name}`, async () => {
        const script = write(`${setup}
${complete}
${end}`);
        assert.deepEqual(await call(script, env), {
          stdout: 'the call\n',
          stderr: '',
          code: 3,
          signal: null,
        });
      });
    }

    test('work of the script’s start is waited for, and its results come in every call', async () => {
      const script = write(
        `require('node:crypto').pbkdf2('', '', 500_000, 8, 'sha1', () => console.log('derived'));
         ${load}\n${complete}`,
      );
      for (let time = 0; time < 2; ++time) {
        const { stdout, code } = await call(script);
        assert.deepEqual({ stdout, code }, { stdout: 'the call\nderived\n', code: 3 });
      }
    });

    test('what the server has practised leaves no trace in its calls', async () => {
      // The server practises before it takes its second call.
      const script = write(
        `${load} initialisationComplete();
         const { readdirSync, readlinkSync } = require('node:fs');
         // libuv keeps /dev/null open from the first stream on, in every Node.
         const open = readdirSync('/proc/self/fd').filter((name) => {
           try { return readlinkSync('/proc/self/fd/' + name) !== '/dev/null'; } catch { return false; }
         });
         const names = process.eventNames();
         const left = [process.getActiveResourcesInfo(), process._getActiveHandles().length,
           open.length, names.map((name) => process.listenerCount(name)), names,
           process.nextTick.name, Object.hasOwn(require('node:stream').Writable.prototype, '_type')];
         process.on('exit', () => console.log(JSON.stringify(left)));`,
      );
      const first = await call(script);
      const second = await call(script);
      assert.match(first.stdout, /^\[\[\],0,\d+,.*"nextTick",false\]\n$/);
      assert.deepEqual(second, first);
    });
  });
}
