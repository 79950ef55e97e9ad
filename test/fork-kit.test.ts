// Whether a script that goes on in a fork can be told from one that plain Node runs: the same script, with
// and without PREFORK_INTERP, must print and end alike. The addon under the library is test/native's.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

const build = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'fork-kit-'));
const library = join(folder, 'runtime', 'index.js');
mkdirSync(join(folder, 'addon'));
cpSync(join(build, 'runtime'), join(folder, 'runtime'), { recursive: true });
cpSync(join(build, 'test', 'fork_kit.node'), join(folder, 'addon', 'prefork.node'));
after(() => rmSync(folder, { recursive: true }));

const interpreter = process.env['FORK_KIT_NODE'] ?? process.execPath;
const forked = { PREFORK_INTERP: 'v1,0.000000000 ' };

interface Outcome {
  stdout: string;
  stderr: string;
  end: number | NodeJS.Signals | null;
}

type Variables = Readonly<Record<string, string>>;

const patience = 15_000;

/** Runs a script, all of its processes in one group; a hang is told from an end by the signal that ends it. */
function run(script: string, variables: Variables = {}, input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(interpreter, [script, 'one', 'two'], {
      env: { PATH: process.env['PATH'], TZ: 'UTC', ...variables },
      detached: true,
    });
    const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGXCPU'), patience);
    const outcome: Outcome = { stdout: '', stderr: '', end: null };
    child.stdout.setEncoding('latin1').on('data', (text: string) => (outcome.stdout += text));
    child.stderr.setEncoding('latin1').on('data', (text: string) => (outcome.stderr += text));
    child.stdin.on('error', () => {}).end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...outcome, end: signal ?? code });
    });
  });
}

let scripts = 0;

function write(body: string, kind: 'cjs' | 'mjs' = 'cjs', setup = ''): string {
  const path = join(folder, `script-${++scripts}.${kind}`);
  const load =
    kind === 'cjs'
      ? `const { initialisationComplete, autoreloadAlsoCheck } = require(${JSON.stringify(library)});`
      : `import { initialisationComplete, autoreloadAlsoCheck } from ${JSON.stringify(library)};`;
  writeFileSync(path, `${load}\n${setup}\ninitialisationComplete();\n${body}\n`);
  return path;
}

// Numbers that differ from one run of plain Node to the next as well.
const comparable = ({ stdout, stderr, end }: Outcome): Outcome => ({
  stdout,
  stderr: stderr
    // Plain Node has no reason for this one.
    .replace(/^\(node:\d+\) \[PREFORK_SETUP_RESOURCES\].*\n/, '')
    .replace(/\(node:\d+\)/g, '(node:PID)')
    .replace(/0x[0-9a-f]+/g, 'ADDRESS'),
  end,
});

const garbage = `let kept = []; for (let i = 0; i < 400; ++i) { kept.push(new Array(20000).fill(i)); if (kept.length > 60) kept = []; }`;
const emptyWasm = 'Buffer.from([0, 97, 115, 109, 1, 0, 0, 0])';

const ends: Record<string, string> = {
  'natural end': `console.log('end');`,
  'natural end after collecting garbage': `${garbage} console.log('end');`,
  'garbage in later turns': `setTimeout(() => { ${garbage} console.log('late'); }, 5);`,
  'process.exit': `console.log('end'); process.exit(5);`,
  'process.exit after garbage': `${garbage} process.exit(6);`,
  'process.exitCode': `process.exitCode = 9;`,
  'exitCode set in an exit listener': `process.on('exit', (code) => { console.log(code); process.exitCode = 11; });`,
  'process.exit in an exit listener': `process.on('exit', () => process.exit(12));`,
  'process.emit replaced': `const emit = process.emit; process.emit = function (...all) { if (all[0] === 'exit') console.log('seen'); return emit.apply(this, all); }; process.exitCode = 3;`,
  'process.emit wrapped in the exit event': `process.on('exit', () => { const emit = process.emit; process.emit = function (...all) { return emit.apply(this, all); }; process.emit('other'); process.exitCode = 4; });`,
  'beforeExit that goes on': `let turns = 0; process.on('beforeExit', () => { if (++turns < 4) setTimeout(() => console.log(turns), 1); });`,
  'synchronous throw': `function inner() { throw new Error('at once'); } inner();`,
  'late throw': `setTimeout(() => { throw new TypeError('late'); }, 2);`,
  'throw of an object': `throw { some: 'thing' };`,
  'unhandled rejection': `Promise.reject(new Error('rejected'));`,
  'uncaughtException handled': `process.on('uncaughtException', (error) => console.log(error.message)); setTimeout(() => { throw new Error('caught'); }, 1);`,
  'throw in uncaughtException': `process.on('uncaughtException', () => { throw new Error('second'); }); throw new Error('first');`,
  'a warning': `process.emitWarning('beware');`,
  abort: `process.abort();`,
  'SIGTERM to itself': `process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000);`,
  'SIGKILL to itself': `process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 5000);`,
  'SIGSEGV to itself': `process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 5000);`,
  'a signal handler': `process.on('SIGUSR2', () => { console.log('got it'); process.exit(8); }); process.kill(process.pid, 'SIGUSR2'); setTimeout(() => {}, 5000);`,
  'large output on a pipe': `process.stdout.write('x'.repeat(3_000_000)); console.error('y'.repeat(300_000));`,
  'console and writeSync in turn': `console.log(1); require('fs').writeSync(1, '2\\n'); console.log(3); console.error('e');`,
  'input to its end': `let all = ''; process.stdin.setEncoding('utf8').on('data', (text) => (all += text)).on('end', () => console.log(all.length));`,
  'input read at once': `console.log(require('fs').readFileSync(0, 'utf8'));`,
  'input by line': `require('readline').createInterface({ input: process.stdin }).on('line', (line) => console.log('>' + line));`,
  'a worker': `const { Worker } = require('worker_threads'); new Worker('require("worker_threads").parentPort.postMessage(Math.sqrt(4)); ' + ${JSON.stringify(garbage)}, { eval: true }).on('message', console.log).on('exit', (code) => console.log('exit', code));`,
  'a worker that exits': `const { Worker } = require('worker_threads'); new Worker('process.exit(3)', { eval: true }).on('exit', (code) => { process.exitCode = code; });`,
  'asynchronous WebAssembly': `WebAssembly.compile(${emptyWasm}).then(() => console.log('compiled'));`,
  'HTTP on loopback': `const http = require('http'); const server = http.createServer((request, response) => response.end(request.url)).listen(0, '127.0.0.1', async () => { const answer = await fetch('http://127.0.0.1:' + server.address().port + '/path'); console.log(await answer.text()); server.close(); server.closeAllConnections(); });`,
  'the thread pool': `require('zlib').gzip('text', (error, data) => console.log(data.length)); require('fs').readFile(__filename, () => console.log('read'));`,
  'child processes': `const { execFileSync, spawn } = require('child_process'); console.log(execFileSync('echo', ['sync']).toString()); spawn('sh', ['-c', 'echo async; exit 4'], { stdio: 'inherit' }).on('exit', (code) => { process.exitCode = code; });`,
  'syntax error in a dynamic import': `import('data:text/javascript,let let = 1');`,
  identity: `console.log(process.argv.length, process.argv.slice(2), process.env.TZ, process.cwd(), process.title.length > 0, process.uptime() < 5, require('fs').readlinkSync('/proc/self') === String(process.pid));`,
  'kinds of streams': `for (const stream of [process.stdin, process.stdout, process.stderr]) console.log(stream.constructor.name, stream._type, stream.isTTY, stream.fd, stream.writableHighWaterMark);`,
  'the stack of an error': `console.log(new Error('here').stack.split('\\n').slice(1).join());`,
};

describe('a script goes on in a fork as under plain Node', { concurrency: 3 }, () => {
  for (const [name, body] of Object.entries(ends)) {
    test(name, () => compare(write(body)));
  }
  test('top-level await that never settles', () =>
    compare(write('await new Promise(() => {});', 'mjs')));
  test('top-level await that does', () =>
    compare(
      write(
        `await import('node:fs/promises').then((fs) => fs.readFile(process.argv[1])); ${garbage} console.log(import.meta.url);`,
        'mjs',
      ),
    ));
  test('ES module that throws', () => compare(write(`throw new RangeError('module');`, 'mjs')));
});

async function compare(script: string): Promise<void> {
  const input = 'one line\nand another\n';
  const [plain, served] = await Promise.all([run(script, {}, input), run(script, forked, input)]);
  assert.deepEqual(comparable(served), comparable(plain));
  assert.notEqual(served.end, 'SIGXCPU');
}

describe('what the setup leaves to its forks', { concurrency: 3 }, () => {
  test('signal handlers, timers and streams of the setup work on', () =>
    compare(
      write(
        `process.kill(process.pid, 'SIGUSR2'); out.write('through the old one\\n'); later.log('console');`,
        'cjs',
        `const out = process.stdout;
         const later = new console.Console(process.stdout);
         out.on('error', () => {});
         process.once('SIGUSR2', () => { console.log('signal'); });
         setTimeout(() => console.log('timer'), 1500);
         require('fs').readFile(__filename, () => console.log('read'));
         const write = out.write; out.write = function (...all) { return write.apply(this, all); };`,
      ),
    ));

  test('input asked for in the setup comes in the executor', () =>
    compare(
      write(
        '',
        'cjs',
        `process.stdin.on('data', (data) => console.log(String(data))).on('end', () => console.log('end'));`,
      ),
    ));

  test('what the setup prints is not printed again', async () => {
    const script = write(`console.log('after');`, 'cjs', `console.log('before'); ${garbage}`);
    assert.deepEqual(await run(script, forked), { stdout: 'before\nafter\n', stderr: '', end: 0 });
  });

  test('random numbers differ from call to call', async () => {
    const script = write(
      `console.log(JSON.stringify([random(), Math.random(), crypto.randomUUID(), crypto.randomInt(2 ** 40), new (require('vm').Script)('1').runInThisContext() && 0]));`,
      'cjs',
      `const crypto = require('crypto'); Math.random(); crypto.randomUUID(); crypto.randomInt(2 ** 40); const random = () => Math.random();`,
    );
    const draws = [await run(script, forked), await run(script, forked)];
    const [first, second] = draws.map(({ stdout }) => JSON.parse(stdout) as unknown[]);
    for (let index = 0; index < 4; ++index) assert.notEqual(first?.[index], second?.[index]);
  });

  test('environment and arguments are the call’s', async () => {
    const script = write(
      `console.log(JSON.stringify([process.argv.slice(2), process.env, new Date(0).getHours(), held === process.argv]));`,
      'cjs',
      `const held = process.argv; new Date(0).getHours(); process.env.SETUP = 'only';`,
    );
    const { stdout } = await run(script, {
      ...forked,
      FORK_KIT_ENVIRONMENT: 'A=1=2\nTZ=Asia/Tokyo\nB=',
      FORK_KIT_ARGUMENTS: 'x\ny z',
    });
    assert.deepEqual(JSON.parse(stdout), [
      ['x', 'y z'],
      { A: '1=2', TZ: 'Asia/Tokyo', B: '' },
      9,
      true,
    ]);
  });

  test('interpreter and script among a foreign client’s arguments are dropped', async () => {
    const script = write('console.log(process.argv.slice(2).join());');
    const { stdout } = await run(script, { ...forked, FORK_KIT_FOREIGN: '1' });
    assert.equal(stdout, 'one,two\n');
  });

  test('the files of the program are listed', async () => {
    const list = (kind: 'cjs' | 'mjs', setup: string): Promise<Outcome> =>
      run(write('', kind, setup), { ...forked, FORK_KIT_FILES: '1' });
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'data.json'), '{}');
    writeFileSync(join(folder, 'leaf.mjs'), 'export {};');
    const expected = ['package.json', 'data.json', 'leaf.mjs'].map((name) => join(folder, name));
    const outcomes = await Promise.all([
      list(
        'mjs',
        `await import('./leaf.mjs'); import { createRequire } from 'node:module'; createRequire(import.meta.url)('./data.json');`,
      ),
      list('cjs', `require('./data.json'); eval('1 //# sourceURL=/not/a/file.js');`),
    ]);
    for (const [index, { stdout }] of outcomes.entries()) {
      const files = stdout.split('\0');
      assert.deepEqual(files.slice(-2), ['', ''], 'the list is complete');
      const wanted = index === 0 ? expected : expected.slice(0, 2);
      for (const file of [...wanted, library]) {
        assert.ok(files.includes(`+${file}`), `${file} is listed`);
      }
      assert.ok(!files.includes('+/not/a/file.js'));
    }
  });
});

describe('what is refused', { concurrency: 3 }, () => {
  const cases: Record<string, readonly [setup: string, message: RegExp]> = {
    'a second call': ['setTimeout(() => initialisationComplete(), 1);', /ERR_PREFORK_CALLED_TWICE/],
    'a running Worker': [
      `const { Worker } = require('worker_threads'); new Worker('setInterval(() => {}, 1000)', { eval: true }); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);`,
      /ERR_PREFORK_THREADS/,
    ],
    'an option of the wrong kind': [
      `initialisationComplete({ maxServers: 'four' });`,
      /TypeError: Option maxServers must be a whole number other than 0 .*; received "four"/,
    ],
    'an option that there is not': [
      `initialisationComplete({ maxserver: 1 });`,
      /has no option "maxserver"/,
    ],
  };
  for (const [name, [setup, message]] of Object.entries(cases)) {
    test(name, async () => {
      const { stderr, end } = await run(write('', 'cjs', setup), forked);
      assert.match(stderr, message);
      assert.equal(end, 1);
    });
  }
});

test('forks amid the worst of the start-up all live', async () => {
  const script = write(`${garbage} console.log('alive');`);
  const lane = async (): Promise<void> => {
    for (let repetition = 0; repetition < 25; ++repetition) {
      assert.deepEqual(await run(script, forked), { stdout: 'alive\n', stderr: '', end: 0 });
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
});
