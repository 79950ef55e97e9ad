// Scripts that never become servers, variables that do not fit, and peers that speak something else.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { GarbagePeer } from './support/garbage-peer';
import { Sandbox } from './support/sandbox';

function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

const library = `const { initialisationComplete } = require('prefork-interp');`;

interface Ending {
  readonly what: string;
  readonly program: string;
  readonly code: number | null;
  readonly signal?: NodeJS.Signals;
  readonly stderr: RegExp;
}

const endings: readonly Ending[] = [
  {
    what: 'never says that it is initialised',
    program: `console.log('to whom?');`,
    code: 127,
    stderr:
      /^to whom\?\nprefork-interp: setup failed: the script ended without a call of initialisationComplete\(\) .*\n$/,
  },
  {
    what: 'throws',
    program: `${library} throw new Error('no such table');`,
    code: 1,
    stderr: /Error: no such table\n/,
  },
  {
    what: 'exits with a status of its own',
    program: `${library} console.error('no such table'); process.exit(9);`,
    code: 9,
    stderr: /^no such table\n$/,
  },
  {
    what: 'is terminated',
    program: `process.kill(process.pid, 'SIGTERM'); setInterval(() => undefined, 1000);`,
    code: null,
    signal: 'SIGTERM',
    stderr: /^$/,
  },
  {
    what: 'dies of a signal that would look like a fault of the caller',
    program: `process.kill(process.pid, 'SIGUSR2'); setInterval(() => undefined, 1000);`,
    code: 127,
    stderr: /^prefork-interp: setup failed due to signal 12 SIGUSR2\n$/,
  },
  {
    what: 'is not there',
    program: '',
    code: 1,
    stderr: /Cannot find module '.*missing\.js'/,
  },
];

describe('a script that, while it is initialised,', () => {
  for (const { what, program, code, signal = null, stderr } of endings) {
    test(`${what}: the caller learns it, and nothing is left`, async (t) => {
      const sandbox = newSandbox(t);
      if (program !== '') sandbox.script('program.js', program);
      const name = program === '' ? 'missing.js' : 'program.js';
      // The second time round there is nothing of the first to trip over.
      for (const attempt of ['first', 'second']) {
        const outcome = await sandbox.call(['-U', 'node', name]);
        assert.match(outcome.stderr, stderr, attempt);
        assert.deepEqual([outcome.stdout, outcome.code, outcome.signal], ['', code, signal]);
        await sandbox.quiet();
        assert.deepEqual(sandbox.runFiles(), []);
      }
    });
  }

  test('fails once is started again by the next call', async (t) => {
    const sandbox = newSandbox(t);
    sandbox.script('program.js', 'process.exit(1);');
    assert.equal((await sandbox.call(['-U', 'node', 'program.js'])).code, 1);
    sandbox.script('program.js', `${library} initialisationComplete(); console.log('well');`);
    assert.equal((await sandbox.call(['-U', 'node', 'program.js'])).stdout, 'well\n');
  });
});

describe('PREFORK_INTERP in the environment of a script run by hand', () => {
  const time = '1700000000.000000000';
  const variables: Readonly<Record<string, RegExp>> = {
    '': /protocol version '' instead of v1/,
    'v2,1.000000000 3,4,5,6': /protocol version 'v2' instead of v1/,
    v1: /no time of the form SECONDS\.NNNNNNNNN after v1/,
    'v1,17 3,4,5,6': /no time of the form SECONDS\.NNNNNNNNN after v1/,
    [`v1,${time}`]: /the list of descriptors is missing/,
    [`v1,${time} 3,4`]: /no descriptor for the watcher's stdin/,
    [`v1,${time} 3,4,5,x`]: /'x' is no descriptor for the watcher's stderr/,
    [`v1,${time} -1,4,5,6`]: /'-1' is no descriptor for the listening socket/,
    [`v1,${time} 100,101,102,103`]: /descriptor 100, named by PREFORK_INTERP: Bad file descriptor/,
    // These are open, but nothing of ours.
    [`v1,${time} 0,1,2,3`]:
      /descriptor 0, named by PREFORK_INTERP, is not a listening socket: only/,
  };
  for (const [variable, complaint] of Object.entries(variables)) {
    test(`'${variable}' is an error of the script, which may handle it`, async (t) => {
      const sandbox = newSandbox(t);
      const script = sandbox.script(
        'program.js',
        `${library}
         try { initialisationComplete(); }
         catch (error) { console.log(error.code); throw error; }
         console.log('went on');`,
      );
      const env = { PREFORK_INTERP: variable };
      const outcome = await sandbox.run('node', [script], { env });
      assert.match(outcome.stderr, complaint);
      assert.deepEqual([outcome.stdout, outcome.code], ['ERR_PREFORK_NO_SERVER\n', 1]);
      await sandbox.quiet();
    });
  }

  test('means nothing to a client, which sets it anew', async (t) => {
    const sandbox = newSandbox(t);
    const print = `console.log(process.env.PREFORK_INTERP ?? 'none');`;
    sandbox.script('program.js', `${library} initialisationComplete(); ${print}`);
    const env = { PREFORK_INTERP: 'v2,garbage' };
    const { stdout, stderr } = await sandbox.call(['-U', 'node', 'program.js'], { env });
    assert.deepEqual({ stdout, stderr }, { stdout: 'none\n', stderr: '' });
  });
});

const greeting = Buffer.from('PFI\n\0\0\0\0');

/** Peers that speak another language: they are alive, so their socket is not ours to take. */
const strangers: Readonly<Record<string, readonly [(caller: Socket) => void, RegExp]>> = {
  'greets in another language': [
    (caller) => caller.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    /^prefork-interp: unexpected greeting 0x48545450 from the server.*\n$/,
  ],
  'announces more than can be': [
    (caller) => caller.write(Buffer.from('PFI\n\xff\xff\xff\xff', 'latin1')),
    /^prefork-interp: greeting with 4294967295 bytes of extra data.*\n$/,
  ],
  'hangs up after its greeting': [
    (caller) => caller.end(greeting, () => caller.destroy()),
    /^prefork-interp: the process that watches over the script quit unexpectedly; .*\n$/,
  ],
  'hangs up in the middle of the status': [
    (caller) => caller.end(Buffer.concat([greeting, Buffer.from([0, 0])]), () => caller.destroy()),
    /^prefork-interp: the process that watches over the script quit unexpectedly; .*\n$/,
  ],
  'tells a status that cannot be': [
    (caller) => caller.write(Buffer.concat([greeting, Buffer.from([0xff, 0, 0, 0])])),
    /^prefork-interp: wait status 4278190080 does not fit in an int\n$/,
  ],
};

describe('at the socket a peer that', () => {
  const program = `${library} initialisationComplete(); console.log('served');`;
  const words = ['-U', '-g', 'peer', 'node', 'program.js'];

  for (const [what, [answer, complaint]] of Object.entries(strangers)) {
    test(`${what} is told of, and the script does not run`, async (t) => {
      const sandbox = newSandbox(t);
      sandbox.script('program.js', program);
      const peer = await GarbagePeer.at(join(sandbox.runDirectory, 'speer'), answer);
      t.after(() => peer.end());
      const outcome = await sandbox.call(words);
      assert.match(outcome.stderr, complaint);
      assert.deepEqual([outcome.stdout, outcome.code], ['', 127]);
      assert.equal(peer.callers, 1);
      await sandbox.quiet();
      assert.deepEqual(sandbox.runFiles(), ['speer']);
    });
  }

  for (const [what, start] of Object.entries({ nothing: '', 'half a greeting': 'PFI\n\0' })) {
    test(`says ${what} and hangs up is replaced by a server`, async (t) => {
      const sandbox = newSandbox(t);
      sandbox.script('program.js', program);
      const hangUp = (caller: Socket): unknown => caller.end(start, () => caller.destroy());
      const peer = await GarbagePeer.at(join(sandbox.runDirectory, 'speer'), hangUp);
      t.after(() => peer.end());
      const outcome = await sandbox.call(words);
      assert.deepEqual(outcome, { stdout: 'served\n', stderr: '', code: 0, signal: null });
      assert.equal(peer.callers, 2, 'once without the lock, once under it');
    });
  }

  test('says nothing at all is waited for as long as the caller will', async (t) => {
    const sandbox = newSandbox(t);
    sandbox.script('program.js', program);
    const peer = await GarbagePeer.at(join(sandbox.runDirectory, 'speer'), () => undefined);
    t.after(() => peer.end());
    const env = { PREFORK_INTERP_TIMEOUT: '0.05' };
    const outcome = await sandbox.call(words, { env });
    assert.deepEqual([outcome.stdout, outcome.code], ['served\n', 0]);
    assert.match(
      outcome.stderr,
      /^prefork-interp: running the script without a server: .*timed out\n$/,
    );
    const strict = await sandbox.call(words, { env: { ...env, PREFORK_INTERP_STRICT: '1' } });
    assert.deepEqual([strict.stdout, strict.code], ['', 127]);
    assert.match(strict.stderr, /^prefork-interp: .*timed out\n$/);
    assert.deepEqual(sandbox.runFiles(), ['speer']);
  });
});

describe('a caller that', () => {
  const callers: Readonly<Record<string, Buffer>> = {
    'says nothing': Buffer.alloc(0),
    'begins in another language': Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    'attaches no descriptors': Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0]),
    'leaves in the middle': Buffer.from([0, 0]),
  };
  for (const [what, request] of Object.entries(callers)) {
    test(`${what} harms no other`, async (t) => {
      const sandbox = newSandbox(t);
      const print = 'console.log(warmed);';
      sandbox.script(
        'program.js',
        `const warmed = process.pid; ${library} initialisationComplete({ maxServers: 1 }); ${print}`,
      );
      const words = ['-U', '-g', 'peer', 'node', 'program.js'];
      const before = await sandbox.call(words);
      const caller = connect(join(sandbox.runDirectory, 'speer'));
      caller.on('error', () => undefined); // cut off in the middle of a word
      const [greeted] = (await once(caller, 'data')) as [Buffer];
      assert.deepEqual(greeted, greeting);
      const ended = new Promise((done) => caller.once('close', done));
      caller.end(request);
      await ended;
      assert.deepEqual(await sandbox.call(words), before);
    });
  }
});
