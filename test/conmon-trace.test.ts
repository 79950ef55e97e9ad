// What a container's monitor and the actors beside it tell of their charts: all of it, and nothing that
// XState would not compute.

import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored } from './support/monitored';
import { kill, outcomeOf } from './support/sandbox';
import { assertTrue, ends, listen, newSandbox, starts } from './support/traces';
import type { ActorRecord } from '../runtime/trace/record';

async function traceOf(
  t: TestContext,
  act: (start: (options: ConstructorParameters<typeof Monitored>[1]) => Monitored) => Promise<void>,
): Promise<readonly ActorRecord[]> {
  const sandbox = newSandbox(t);
  const recorder = listen(t, sandbox);
  await act((options) => new Monitored(sandbox, options));
  await sandbox.quiet();
  return assertTrue(await recorder.stop());
}

const endings = (records: readonly ActorRecord[], pid: number): readonly string[] =>
  ends(records)
    .filter((record) => record.pid === pid)
    .map(({ actor, state }) => `${actor} ${state}`)
    .sort();

test('a container with a client: every actor from its beginning to its end', async (t) => {
  let pid = 0;
  const records = await traceOf(t, async (start) => {
    const container = start({ command: 'cat; echo end; exit 3', words: ['-i'] });
    pid = container.child.pid ?? 0;
    const client = await container.attach();
    client.stdin?.end('words\n');
    assert.equal((await outcomeOf(client)).stdout, 'words\nend\n');
    await container.outcome;
  });
  const own = records.filter((record) => record.pid === pid);
  const begun = starts(own).map(({ actor }) => actor);
  assert.deepEqual(begun.sort(), [
    ...['attach', 'container', 'control', 'control', 'feeder', 'log', 'oom', 'stream', 'stream'],
    'viewer',
  ]);
  assert.deepEqual(
    starts(own).map(({ instance = 0 }) => instance),
    Array.from(begun, (_, index) => index),
  );
  assert.deepEqual(endings(records, pid), [
    ...['attach closed', 'container ended', 'control closed', 'control closed', 'feeder ended'],
    ...['log finished', 'oom stopped', 'stream ended', 'stream ended', 'viewer left'],
  ]);
  const [last] = own.slice(-1);
  assert.deepEqual(last?.kind === 'end' && last.status, { code: 3 });
  // What became the runtime.
  assert.ok(ends(records).some((record) => record.becomes === 'runtime'));
});

test('daemons, terminals, failures, signals, timeouts and exit commands', async (t) => {
  const records = await traceOf(t, async (start) => {
    const ended: Promise<unknown>[] = [];
    const run = (options: ConstructorParameters<typeof Monitored>[1]): Monitored => {
      const container = start(options);
      ended.push(container.allTold);
      return container;
    };
    const daemon = run({ command: 'exec sleep 100', daemon: true });
    kill(await daemon.pid(), 'SIGKILL');
    const terminal = run({
      command: 'sleep 0.3; exit 1',
      words: ['-t', '--exit-command', '/bin/true'],
    });
    await terminal.pid();
    appendFileSync(terminal.path('ctl'), '1 10 20\nnonsense\n2 0 0\n');
    run({ env: { FK_FAIL: 'because' } });
    run({ command: 'exit 0', words: ['-t'], env: { FK_NO_TTY: '1' } });
    run({ command: 'exec sleep 100', words: ['--timeout', '1'] });
    run({ command: 'seq 1 1000', words: ['--log-size-max', '2000', '--log-rotate'] });
    await Promise.all(ended);
  });
  const reached = new Set(ends(records).map(({ actor, state }) => `${actor} ${state}`));
  for (const ending of [
    'container handedOver',
    'container becomingRuntime',
    'container becomingExitCommand',
    'container ended',
    'terminal closed',
    'log finished',
  ]) {
    assert.ok(reached.has(ending), `${ending} is not among ${[...reached].join(', ')}`);
  }
});
