// What a script's author may choose for its server, and how a server ends.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Sandbox, kill, outcomeOf } from './support/sandbox';
import { isOurProgram } from './support/processes';
import { until } from './support/until';

const sandbox = new Sandbox();
after(() => sandbox.end());
const at = (name: string): string => join(sandbox.folder, name);

/** A script that says which server it came from, then waits for the files that its arguments name. */
function waiting(name: string, options: string): string {
  return sandbox.script(
    name,
    `const { initialisationComplete } = require('prefork-interp');
     const { existsSync, writeFileSync } = require('fs');
     const server = process.pid;
     initialisationComplete(${options});
     const [begun, awaited] = process.argv.slice(2);
     if (begun) writeFileSync(begun, String(process.pid));
     const look = () => (awaited && !existsSync(awaited) ? setTimeout(look, 5) : console.log(server));
     look();`,
  );
}

async function serverOf(script: string): Promise<number> {
  const { stdout, stderr } = await sandbox.call(['-U', 'node', script]);
  assert.equal(stderr, '');
  return Number(stdout);
}

// The process that initialised exits; the server is the one that leads a session and is no watcher.
function servers(script: string): number[] {
  return sandbox
    .processes()
    .filter((process) => process.pid === process.session && !isOurProgram(process))
    .filter(({ commandLine }) => commandLine.includes(script))
    .map(({ pid }) => pid);
}

test('an idle server ends after its time-out and leaves nothing', async () => {
  const script = waiting('idle.cjs', '{ idleTimeout: 0.05 }');
  await serverOf(script);
  await until('the end of the server', () => servers(script).length === 0);
  await sandbox.quiet();
  assert.deepEqual(sandbox.runFiles(), []);
  assert.ok((await serverOf(script)) > 0, 'the next call starts another');
});

test('a running call keeps an idle server', async () => {
  const script = waiting('busy.cjs', '{ idleTimeout: 0.05 }');
  const running = outcomeOf(sandbox.start(...callOf(script, at('busy-begun'), at('busy-go'))));
  await until('the call to run', () => existsSync(at('busy-begun')));
  const [server] = servers(script);
  assert.ok(server !== undefined);
  // Several time-outs go by: what shows it is that another call still finds the same server.
  const others = [await serverOf(script), await serverOf(script), await serverOf(script)];
  writeFileSync(at('busy-go'), '');
  const first = Number((await running).stdout);
  assert.deepEqual(new Set([first, ...others]).size, 1);
});

test('a limit of one lets one call run at a time', async () => {
  const script = waiting('one.cjs', '{ maxServers: 1 }');
  const first = outcomeOf(sandbox.start(...callOf(script, at('one-begun'), at('one-go'))));
  await until('the first call to run', () => existsSync(at('one-begun')));
  const second = outcomeOf(sandbox.start(...callOf(script, at('two-begun'))));
  await until('the server to see the second', () =>
    sandbox.processes().some(({ commandLine }) => commandLine.includes(at('two-begun'))),
  );
  assert.equal(existsSync(at('two-begun')), false);
  writeFileSync(at('one-go'), '');
  const outcomes = [await first, await second];
  assert.deepEqual(
    outcomes.map(({ code, stderr }) => ({ code, stderr })),
    Array(2).fill({ code: 0, stderr: '' }),
  );
  assert.equal(outcomes[0]?.stdout, outcomes[1]?.stdout);
});

test('without a limit many run at once', async () => {
  const script = waiting('many.cjs', '{ maxServers: -1 }');
  await serverOf(script);
  const names = Array.from({ length: 8 }, (_, index) => at(`many-begun-${index}`));
  const calls = names.map((name) =>
    outcomeOf(sandbox.start(...callOf(script, name, at('many-go')))),
  );
  await until('all of them to run', () => names.every((name) => existsSync(name)));
  writeFileSync(at('many-go'), '');
  const outputs = (await Promise.all(calls)).map(({ stdout }) => stdout);
  assert.equal(new Set(outputs).size, 1);
});

describe('SIGTERM', () => {
  test('ends an idle server at once, with its socket', async () => {
    const script = waiting('term.cjs', '{}');
    await serverOf(script);
    const [server] = servers(script);
    assert.ok(server !== undefined);
    const filesBefore = sandbox.runFiles();
    kill(server, 'SIGTERM');
    await until('the end of the server', () => servers(script).length === 0);
    await until('its files to go', () => sandbox.runFiles().length < filesBefore.length);
  });

  test('lets running calls finish, while new ones get a new server', async () => {
    const script = waiting('drain.cjs', '{}');
    const running = outcomeOf(sandbox.start(...callOf(script, at('drain-begun'), at('drain-go'))));
    await until('the call to run', () => existsSync(at('drain-begun')));
    const [old] = servers(script);
    assert.ok(old !== undefined);
    kill(old, 'SIGTERM');
    const fresh = await until('another server', async () => {
      const server = await serverOf(script);
      return server !== old && server;
    });
    writeFileSync(at('drain-go'), '');
    const { stdout, code } = await running;
    assert.equal(code, 0);
    assert.notEqual(Number(stdout), fresh);
    await until('the old server to end', () => !servers(script).includes(old));
  });
});

test('options of the wrong kind are refused by name, with or without a server', async () => {
  for (const [options, message] of [
    [`{ maxServers: 1.5 }`, /maxServers/],
    [`{ idleTimeout: 'long' }`, /idleTimeout/],
    [`{ logFacility: 'LOG_NOWHERE' }`, /logFacility.*LOG_NOWHERE/],
    [`{ maxServers: 0 }`, /maxServers/],
    [`{ unknown: 1 }`, /unknown/],
  ] as const) {
    const script = waiting('wrong.cjs', options);
    for (const outcome of [
      await sandbox.run('node', [script]),
      await sandbox.call(['-U', 'node', script]),
    ]) {
      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr, message);
    }
  }
});

function callOf(script: string, ...words: string[]): [command: string, words: string[]] {
  return [join(__dirname, '../bin/prefork-interp'), ['-U', 'node', script, ...words]];
}
