// What a server has to say when nobody waits for it: in syslog, with the right priority.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { duringService } from '../machines/index';
import { callProcesses } from './support/call-processes';
import { boundNames, socketPeers } from './support/open-files';
import { descriptorsOf } from './support/processes';
import { Sandbox, client, kill } from './support/sandbox';
import { SystemLog } from './support/system-log';
import { until } from './support/until';

const sandbox = new Sandbox();
const at = (name: string): string => join(sandbox.folder, name);
let log: SystemLog;

// LOG_USER is 1, shifted by three bits; the level is below.
const priority = { err: '<11>', warning: '<12>', info: '<14>' };

before(async () => {
  log = await SystemLog.start(sandbox);
});
after(() => sandbox.end());

function logged(level: keyof typeof priority, text: string | RegExp): Promise<string> {
  return until(`a message with ${text}`, () =>
    log
      .messages()
      .find(
        (line) =>
          line.startsWith(priority[level]) &&
          (typeof text === 'string' ? line.includes(text) : text.test(line)),
      ),
  );
}

const call = (script: string, ...words: string[]): ChildProcess =>
  log.startBeside([client, '-U', 'node', script, ...words]);

async function ended(child: ChildProcess): Promise<void> {
  const code = await new Promise((done) => child.once('exit', done));
  assert.equal(code, 0);
}

const script = (name: string, options: string, body = ''): string =>
  sandbox.script(name, `require('prefork-interp').initialisationComplete(${options}); ${body}`);

test('idle: info', async () => {
  const idle = script('idle.cjs', '{ idleTimeout: 0.02 }');
  await ended(call(idle));
  const line = await logged('info', 'no call for a long time');
  assert.match(line, new RegExp(`prefork-interp ${idle}\\[\\d+\\]: `));
});

test('stale: info, with the file', async () => {
  const stale = script('stale.cjs', '{}');
  await ended(call(stale));
  utimesSync(stale, new Date(), new Date());
  await ended(call(stale));
  await logged('info', `reloading; due to ${stale}`);
});

test('socket removed: info', async () => {
  const lost = script('lost.cjs', '{}');
  await ended(call(lost));
  for (const name of sandbox.runFiles()) rmSync(join(sandbox.runDirectory, name));
  await logged('info', new RegExp(`${lost}.*lost socket`));
});

test('terminated: info', async () => {
  const terminated = script('terminated.cjs', '{}');
  await ended(call(terminated));
  const server = await until('the server', () =>
    sandbox
      .processes()
      .find(({ pid, session, commandLine }) => pid === session && commandLine[1] === terminated),
  );
  kill(server.pid, 'SIGTERM');
  await logged('info', new RegExp(`${terminated}.*terminate`));
});

test('a monitor that fails: warning, with its wait status', async () => {
  const failed = script(
    'failed.cjs',
    '{}',
    `require('fs').writeFileSync('begun', ''); setTimeout(() => {}, 100_000);`,
  );
  const running = call(failed);
  const end = new Promise((done) => running.once('exit', done));
  await until('the call to run', () => existsSync(at('begun')));
  const monitor = await until('the monitor', () =>
    sandbox
      .processes()
      .find(
        ({ pid, group, session, commandLine }) =>
          pid === group && pid !== session && commandLine[1] === failed,
      ),
  );
  kill(monitor.pid, 'SIGKILL');
  await logged('warning', `monitor process [${monitor.pid}] failed with wait status 9`);
  await end;
});

test('without a facility: silence', async () => {
  const silent = script('silent.cjs', `{ idleTimeout: 0.02, logFacility: '' }`);
  await ended(call(silent));
  await until('the end of the server', () =>
    sandbox.processes().every(({ commandLine }) => commandLine[1] !== silent),
  );
  const last = script('last.cjs', '{ idleTimeout: 0.02 }');
  await ended(call(last));
  await logged('info', last);
  assert.ok(log.messages().every((line) => !line.includes(silent)));
});

test('server and monitor hold the connection, and nobody else', async () => {
  const waiting = `const { existsSync, writeFileSync } = require('node:fs');
    writeFileSync('running', '');
    setInterval(() => existsSync('release') && process.exit(0), 5);`;
  const others = sandbox.processes().map(({ pid }) => pid);
  const child = call(script('waiting.js', '{ standby: false }', waiting));
  await until('the script', () => existsSync(at('running')));
  const who = await callProcesses(sandbox, child.pid ?? 0, others);
  const peers = socketPeers();
  const logs = boundNames();
  const holders = Object.entries(who)
    .filter(([, { pid }]) =>
      [...descriptorsOf(pid).values()].some((target) => {
        const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '';
        return logs.get(peers.get(inode) ?? '') === '/dev/log';
      }),
    )
    .map(([name]) => name);
  writeFileSync(at('release'), '');
  await ended(child);
  const expected = duringService.holdings
    .filter(({ what }) => what === 'syslog')
    .map(({ process }) => process);
  assert.deepEqual(holders.sort(), expected.sort());
});
