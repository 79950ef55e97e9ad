// Any one process killed while it waits in any state that can be held: the others carry on or end, the
// next call works, nothing stays behind.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { isAlive, isOurProgram, processInfo } from './support/processes';
import { Sandbox, firstOutput, kill } from './support/sandbox';
import { readyStandby } from './support/standby';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

/** Processes by role, and what lets those go on that the test itself holds back. */
interface Scene {
  readonly victims: Readonly<Record<string, number>>;
  readonly release?: () => void;
}

interface Situation {
  readonly script?: string;
  readonly roles: readonly string[];
  readonly arrange: (sandbox: Sandbox, words: readonly string[]) => Promise<Scene>;
}

const name = 'the-one';

/** The watcher leads a session and is our program. */
function watcherOf(sandbox: Sandbox): number {
  const found = sandbox
    .processes()
    .find((process) => process.pid === process.session && isOurProgram(process));
  assert.ok(found !== undefined);
  return found.pid;
}

async function runningCall(sandbox: Sandbox, words: readonly string[]) {
  const call = WaitingCall.start(sandbox, words);
  const cast = await call.running();
  const victims = { client: call.client, ...cast, watcher: watcherOf(sandbox) };
  return { call, victims };
}

/** The processes between two calls. */
async function standbyAfterCall(sandbox: Sandbox, words: readonly string[]) {
  const { call, victims } = await runningCall(sandbox, words);
  await call.finish('');
  const { standby, understudy } = await readyStandby(sandbox);
  const { server, watcher } = victims;
  return { server, watcher, standby: standby.pid, understudy: understudy.pid };
}

const roles = ['client', 'executor', 'monitor', 'server', 'watcher'];

/** Only a call with an argument is to be had without force. */
const deafUntilNext = waitingScript(
  '',
  `if (process.argv[2] === undefined) {
     for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
     setInterval(() => {}, 1000);
   }`,
).replace("readFileSync(0, 'utf8')", "process.argv[2] ? $& : ''");

/** A script whose initialisation lasts until there is a file `gate`. */
const slowToStart = `const { existsSync: exists, writeFileSync: write } = require('node:fs');
write('begun', '');
const tick = new Int32Array(new SharedArrayBuffer(4));
while (!exists('gate')) Atomics.wait(tick, 0, 0, 5);
${waitingScript()}`;

async function startingCall(sandbox: Sandbox, words: readonly string[]) {
  const call = WaitingCall.start(sandbox, words);
  const setup = await until('the setup', () =>
    sandbox.processes().find((child) => child.parent === call.client && !isOurProgram(child)),
  );
  await until('its start', () => existsSync(join(sandbox.folder, 'begun')));
  const release = (): void => writeFileSync(join(sandbox.folder, 'gate'), '');
  return {
    victims: { client: call.client, setup: setup.pid, watcher: watcherOf(sandbox) },
    release,
  };
}

/** Speaks the protocol as far as it is told, then falls silent. */
const peer = `use strict; use Socket; use IO::FDPass; $| = 1;
  my ($path, $steps) = @ARGV;
  socket(my $call, AF_UNIX, SOCK_STREAM, 0) or die;
  connect($call, sockaddr_un($path)) or die;
  my $message = "NAME=value\\0\\0argument\\0";
  my @steps = (
    sub { my $read = ''; while (length $read < 8) { sysread($call, $read, 8 - length $read, length $read) or die } },
    sub { syswrite $call, "\\0" },
    sub { IO::FDPass::send(fileno $call, 0) or die },
    sub { IO::FDPass::send(fileno $call, 1) && IO::FDPass::send(fileno $call, 2) or die },
    sub { syswrite $call, pack 'N', length $message },
    sub { syswrite $call, substr $message, 0, 9 },
  );
  $_->() for @steps[0 .. $steps];
  print "silent\\n";
  sleep 1 while 1;`;

async function silentPeer(sandbox: Sandbox, steps: number): Promise<number> {
  const socket = join(sandbox.runDirectory, `s${name}`);
  const silent = sandbox.start('perl', ['-e', peer, socket, String(steps)]);
  assert.equal(await firstOutput(silent), 'silent\n');
  return silent.pid ?? 0;
}

const silentAfter = [
  'greeting',
  'signalling byte',
  'first descriptor',
  'descriptors',
  'length',
  'half the message',
];

const situations: Record<string, Situation> = {
  'the script runs': {
    roles,
    arrange: async (sandbox, words) => ({ victims: (await runningCall(sandbox, words)).victims }),
  },
  'the script of a call that has been handed over runs': {
    roles,
    arrange: async (sandbox, words) => {
      const { standby, understudy } = await standbyAfterCall(sandbox, words);
      const { victims } = await runningCall(sandbox, words);
      const { monitor, executor } = victims;
      assert.deepEqual({ monitor, executor }, { monitor: standby, executor: understudy });
      return { victims };
    },
  },
  'a standby waits': {
    roles: ['server', 'standby', 'understudy', 'watcher'],
    arrange: async (sandbox, words) => ({ victims: await standbyAfterCall(sandbox, words) }),
  },
  'the script initialises': {
    script: slowToStart,
    roles: ['client', 'setup', 'watcher'],
    arrange: startingCall,
  },
  'a second client waits for the lock': {
    script: slowToStart,
    roles: ['client', 'setup', 'watcher', 'second'],
    arrange: async (sandbox, words) => {
      const { victims, release } = await startingCall(sandbox, words);
      // Held by this test as well, so that nobody's connection can come first.
      const second = WaitingCall.start(sandbox, ['-f', ...words]);
      await until('a thread that waits for the lock', () =>
        execFileSync('cat', ['/proc/locks'])
          .toString()
          .includes(`-> FLOCK  ADVISORY  WRITE ${second.client} `),
      );
      return { victims: { ...victims, second: second.client }, release };
    },
  },
  'the server does not come to accepting': {
    roles: ['client', 'server', 'watcher'],
    arrange: async (sandbox, words) => {
      const { call, victims } = await runningCall(sandbox, words);
      await call.finish('');
      kill(victims.server, 'SIGSTOP');
      const waiting = WaitingCall.start(sandbox, words);
      await until('a client at the socket', () => processInfo(waiting.client)?.state === 'S');
      return {
        victims: { ...victims, client: waiting.client },
        release: () => kill(victims.server, 'SIGCONT'),
      };
    },
  },
  'the server has reached its limit': {
    script: waitingScript('{ maxServers: 1 }'),
    roles: [...roles, 'second'],
    arrange: async (sandbox, words) => {
      const { victims } = await runningCall(sandbox, words);
      const second = WaitingCall.start(sandbox, words);
      await until('a client at the socket', () => processInfo(second.client)?.state === 'S');
      return { victims: { ...victims, second: second.client } };
    },
  },
  'the server waits for its last call': {
    roles: ['client', 'executor', 'monitor', 'server'],
    arrange: async (sandbox, words) => {
      const { victims } = await runningCall(sandbox, words);
      kill(victims.server, 'SIGTERM');
      await until('the end of the socket', () => sandbox.runFiles().length === 0);
      return { victims };
    },
  },
  'the client has gone and the script does not heed the interrupt': {
    script: deafUntilNext,
    roles: ['executor', 'monitor', 'server', 'watcher'],
    arrange: async (sandbox, words) => {
      const { victims } = await runningCall(sandbox, words);
      kill(victims.client, 'SIGKILL');
      await until('the end of the client', () => !isAlive(victims.client));
      return { victims };
    },
  },
  'a client falls silent, without a standby': {
    script: waitingScript('{ standby: false }'),
    roles: ['peer', 'monitor', 'server', 'watcher'],
    arrange: async (sandbox, words) => {
      const { call, victims } = await runningCall(sandbox, words);
      await call.finish('');
      const silent = await silentPeer(sandbox, silentAfter.length - 1);
      const monitor = await until('its monitor', () =>
        sandbox.processes().find(({ parent }) => parent === victims.server),
      );
      return {
        victims: { ...victims, peer: silent, monitor: monitor.pid },
        release: () => kill(silent, 'SIGKILL'),
      };
    },
  },
  ...Object.fromEntries(
    silentAfter.map((step, index): [string, Situation] => [
      `a client falls silent after: ${step}`,
      {
        roles: ['peer', 'monitor', 'understudy', 'server', 'watcher'],
        arrange: async (sandbox, words) => {
          const victims = await standbyAfterCall(sandbox, words);
          const silent = await silentPeer(sandbox, index);
          return {
            victims: { ...victims, peer: silent, monitor: victims.standby },
            release: () => kill(silent, 'SIGKILL'),
          };
        },
      },
    ]),
  ),
};

for (const [what, { script = waitingScript(), roles: victims, arrange }] of Object.entries(
  situations,
)) {
  describe(what, () => {
    for (const role of victims) {
      test(`${role} is killed`, async (t) => {
        const sandbox = new Sandbox();
        t.after(() => sandbox.end());
        const words = ['-U', '-g', name, process.execPath, sandbox.script('script.js', script)];
        const scene = await arrange(sandbox, words);
        const victim = scene.victims[role];
        assert.ok(victim !== undefined && isAlive(victim));
        kill(victim, 'SIGKILL');
        scene.release?.();
        await until(`the end of ${role}`, () => !isAlive(victim), 5);

        sandbox.closeInputs();
        const next = WaitingCall.start(sandbox, [...words, 'next']);
        await next.running();
        assert.deepEqual(await next.finish('call'), {
          stdout: 'next call\n',
          stderr: '',
          code: 0,
          signal: null,
        });
        assert.equal((await sandbox.call(['--kill', ...words])).code, 0);
        await until('the end of all others', () => sandbox.processes().length === 0, 5);
        assert.deepEqual(sandbox.runFiles(), []);
      });
    }
  });
}
