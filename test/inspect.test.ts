// `prefork inspect` without a browser: who listens, what is written, and that calls never suffer from it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { listenerSocket } from '../runtime/trace/record';
import { Inspector, outputMatching, prefork } from './support/inspector';
import { Sandbox, kill, outcomeOf, type Outcome } from './support/sandbox';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

let sandbox: Sandbox;
let words: readonly string[];
let socket: string;

beforeEach(() => {
  sandbox = new Sandbox(false);
  words = ['-U', process.execPath, sandbox.script('script.js', waitingScript())];
  socket = join(sandbox.runDirectory, listenerSocket);
});
afterEach(() => sandbox.end());

const callWell = async (): Promise<void> => {
  const { code, stderr } = await sandbox.call(words, { input: '' });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
};
const run = (...command: readonly string[]): Promise<Outcome> =>
  sandbox.run(process.execPath, [prefork, ...command]);
const wholeLines = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

describe('the listener', () => {
  test('is the user’s alone, and the only one; it goes away with its socket', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const inspector = await Inspector.start(sandbox);
      assert.equal(statSync(socket).mode & 0o777, 0o600);
      const other = await run('inspect');
      assert.equal(other.code, 127);
      assert.equal(
        other.stderr,
        `prefork: inspect: another listener has ${socket}: end it first\n`,
      );
      assert.equal((await inspector.stop(signal)).code, 0);
      assert.equal(existsSync(socket), false);
    }
  });

  test('killed: calls go on as before, and the next one takes its place', async () => {
    const inspector = await Inspector.start(sandbox);
    await callWell();
    await inspector.stop('SIGKILL');
    assert.equal(existsSync(socket), true);
    await callWell();
    const next = await Inspector.start(sandbox);
    await callWell();
    assert.equal((await next.stop()).code, 0);
  });

  test('that never reads: calls are as ever', async () => {
    await callWell();
    const deaf = sandbox.start('perl', [
      '-MSocket',
      '-e',
      '$| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, sockaddr_un(shift)); print "deaf\\n"; sleep',
      socket,
    ]);
    await outputMatching(deaf.stdout, /deaf/);
    for (let count = 0; count < 20; ++count) await callWell();
    const call = WaitingCall.start(sandbox, words);
    await call.running();
    kill(call.client, 'SIGINT');
    assert.equal((await call.outcome()).signal, 'SIGINT');
  });

  test('wrong words are answered with one line', async () => {
    for (const [command, message] of [
      [
        ['inspect', '--prot', '1'],
        /^prefork: inspect: Unknown option '--prot': see prefork inspect --help\n$/,
      ],
      [
        ['inspect', '--port', 'x'],
        /^prefork: inspect: --port takes a port from 0 to 65535, not 'x'\n$/,
      ],
      [['inspect', '--record', '/nowhere/file'], /^prefork: inspect: cannot record: ENOENT.*\n$/],
      [['replay'], /^prefork: replay: give the name of one recording: prefork replay FILE\n$/],
      [['replay', '/nowhere/file'], /^prefork: replay: cannot read the recording: ENOENT.*\n$/],
      [['replay', __filename], /^prefork: replay: .*:1 is not JSON\n$/],
    ] as const) {
      const { code, stderr } = await run(...command);
      assert.match(stderr, message);
      assert.equal(code, 127, stderr);
    }
    assert.equal(existsSync(socket), false);
  });
});

describe('the page’s server', () => {
  const ask = async (url: string): Promise<IncomingMessage> => {
    const [response] = (await once(get(url), 'response')) as [IncomingMessage];
    return response.resume();
  };

  test('answers nobody without the token', async () => {
    const inspector = await Inspector.start(sandbox);
    const { url } = inspector;
    const { origin } = new URL(url);
    assert.equal((await ask(url)).statusCode, 200);
    assert.equal((await ask(`${url}page.js`)).statusCode, 200);
    assert.equal((await ask(`${url}other`)).statusCode, 404);
    const wrong = url.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/'));
    for (const address of [`${origin}/`, `${origin}/page.js`, wrong, `${wrong}page.js`])
      assert.equal((await ask(address)).statusCode, 403, address);
    for (const address of [`${origin}/live`, `${wrong}live`]) {
      const [error] = (await once(new WebSocket(address.replace('http', 'ws')), 'error')) as [
        Error,
      ];
      assert.match(error.message, /403/);
    }
    // What is no message of the page does no harm.
    const page = new WebSocket(`${url}live`.replace('http', 'ws'));
    await once(page, 'message');
    page.send('{"kind":');
    page.send('{"kind":"wish","open":[],"subject":"nothing"}');
    await once(page, 'message');
    page.close();
    await inspector.stop();
  });
});

describe('the recording', () => {
  test('is what prefork check proves true, also of servers that were there before', async () => {
    await callWell();
    const file = join(sandbox.folder, 'calls.trace');
    const inspector = await Inspector.start(sandbox, ['--record', file]);
    await callWell();
    const killed = WaitingCall.start(sandbox, words);
    const { monitor, executor } = await killed.running();
    // The executor ends with its monitor, and nobody is left to say so.
    kill(monitor, 'SIGKILL');
    await killed.outcome();
    const gone = `"kind":"gone"`;
    await until('the line', () =>
      wholeLines(file).some((line) => line.includes(gone) && line.includes(`"pid":${executor},`)),
    );
    await callWell();
    await inspector.stop();
    const { code, stdout, stderr } = await run('check', file);
    assert.equal(code, 0, stdout + stderr);
  });

  test('on a full disk ends with a word; all else goes on', async () => {
    const child = sandbox.start(process.execPath, [
      prefork,
      ...['inspect', '--text', '--record', '/dev/full'],
    ]);
    const ended = outcomeOf(child);
    await until('the listener', () => existsSync(socket));
    for (let count = 0; count < 3; ++count) await callWell();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    assert.equal(
      stderr,
      'prefork inspect: the recording has ended: ENOSPC: no space left on device, write\n',
    );
    assert.equal(stdout.match(/ client .* ended: exit 0$/gm)?.length, 3);
    assert.equal(code, 0);
  });
});

describe('the text', () => {
  test('in a pipe is a line for each record, until the reader has enough', async () => {
    const child = sandbox.start(process.execPath, [prefork, 'inspect', '--text']);
    const ended = outcomeOf(child);
    const written = outputMatching(child.stdout, / ended: exit 3\n/);
    await until('the listener', () => existsSync(socket));
    await sandbox.call(words, { input: '', env: { STATUS: '3' } });
    const text = await written;
    assert.match(text, /^\d\d:\d\d:\d\d\.\d{6} client +\d+ begins → readingCommandLine$/m);
    assert.match(
      text,
      /^[\d:.]+ client +\d+ awaitingStatus STATUS_RECEIVED → ended \[childExited: yes\] \{status: 768\}$/m,
    );
    child.stdout?.destroy();
    await callWell();
    assert.equal((await ended).code, 0);
    assert.equal(existsSync(socket), false);
  });

  test('on a terminal is a screen with processes and finished calls', async () => {
    const command = `stty rows 40 cols 120; exec ${process.execPath} ${prefork} inspect --text`;
    const child = sandbox.start('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until('the listener', () => existsSync(socket));
    await callWell();
    const call = WaitingCall.start(sandbox, words);
    const { executor } = await call.running();
    const screen = new RegExp(
      `executor +${executor} +executingService[^]*script\\.js +1 +exit 0 +first call`,
    );
    await until('the screen', () => screen.test(text));
    await call.finish('');
    child.stdin?.write('\u0003');
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
  });
});

test('help has examples, and the list of commands has both', async () => {
  for (const command of ['inspect', 'replay']) {
    const { stdout } = await run(command, '--help');
    assert.match(stdout, new RegExp(`^usage: prefork ${command} `));
    assert.match((await run('--help')).stdout, new RegExp(`^  ${command} `, 'm'));
  }
});
