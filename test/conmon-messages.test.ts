// What a container's monitor says of itself, by level: in syslog, and on standard error.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { conmon, fakeRuntime } from './support/monitored';
import { Sandbox, outcomeOf, type RunOptions } from './support/sandbox';
import { SystemLog } from './support/system-log';
import { until } from './support/until';

const sandbox = new Sandbox();
let log: SystemLog;
before(async () => {
  log = await SystemLog.start(sandbox);
});
after(() => sandbox.end());

const start = (words: readonly string[], env: RunOptions['env'] = {}): ChildProcess =>
  log.startBeside([conmon, '-r', fakeRuntime, '-p', join(sandbox.folder, 'pidfile'), ...words], {
    env: { FK_CMD: 'exit 3', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

let count = 0;
/** Longer than what of an id stands in front of a message. */
const newId = (): string => `container-${String(++count).padStart(10, '0')}-and-more`;
const labelOf = (id: string): string => id.slice(0, 20);

/** The priority, the level's name and the text of each message in syslog with this label. */
async function said(label: string): Promise<readonly (readonly string[])[]> {
  // What a socket was sent before is there before what it is sent later.
  const last = newId();
  await outcomeOf(start(['-c', last, '-u', 'u', '-l', 'x:y', '--syslog']));
  await until('the last message', () => log.messages().join().includes(labelOf(last)));
  const form = /^<(\d+)>\w{3} [ \d]\d \d\d:\d\d:\d\d conmon: conmon (.{20}.*?) <(\w+)>: (.*?) *$/;
  return log.messages().flatMap((line) => {
    const [, priority = '', whose, level = '', text = ''] = form.exec(line) ?? assert.fail(line);
    return whose === label ? [[priority, level, text]] : [];
  });
}

// LOG_USER is 1, shifted by three bits; below it LOG_ERR is 3 and LOG_INFO 6.
const err = '11';
const info = '14';

describe('in syslog', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    error: [],
    fatal: [],
    panic: [],
    warn: ['nwarn'],
    warning: ['nwarn'],
    Info: ['nwarn', 'ninfo'],
    DEBUG: ['nwarn', 'ninfo', 'ndebug'],
    trace: ['nwarn', 'ninfo', 'ndebug', 'ntrace'],
  };
  for (const [level, names] of Object.entries(expected)) {
    test(`--log-level ${level}`, async () => {
      const id = newId();
      const words = ['-c', id, '-u', 'u', '-l', 'none', '--no-container-partial-message'];
      await outcomeOf(
        start([...words, '--full-attach', '--sync', '--syslog', '--log-level', level]),
      );
      const messages = await said(labelOf(id));
      assert.deepEqual([...new Set(messages.map(([, name]) => name))].sort(), [...names].sort());
      assert.ok(messages.every(([priority]) => priority === info));
      const has = (name: string, text: RegExp): boolean =>
        messages.some(([, itsName, its = '']) => name === itsName && text.test(its));
      assert.equal(
        has('nwarn', /^--no-container-partial-message has no effect without journald/),
        names.includes('nwarn'),
      );
      assert.equal(has('ninfo', /^container \d+ exited with status 3$/), names.includes('ninfo'));
      assert.equal(has('ndebug', /^container PID: \d+$/), names.includes('ndebug'));
      assert.equal(
        has(
          'ntrace',
          new RegExp(`^calling runtime args: ${fakeRuntime} create --bundle .* ${id}$`),
        ),
        names.includes('ntrace'),
      );
    });
  }

  test('errors: with their priority, before and after there is a daemon', async () => {
    const broken = newId();
    const words = ['-c', broken, '-u', 'u', '-l', 'none', '--full-attach', '--syslog'];
    await outcomeOf(start(words, { FK_FAIL: 'nothing doing' }));
    await until('the message', () => log.messages().join().includes(labelOf(broken)));
    assert.deepEqual(await said(labelOf(broken)), [
      [err, 'error', 'Failed to create container: exit status 1'],
    ]);
    const refused = newId();
    await outcomeOf(start(['-c', refused, '-u', 'u', '-l', 'x:y', '--syslog']));
    assert.deepEqual(await said(labelOf(refused)), [[err, 'error', 'No such log driver x']]);
  });

  test('the tag stands behind the id', async () => {
    const id = newId();
    const words = ['-c', id, '-u', 'u', '--syslog', '--log-level', 'info'];
    await outcomeOf(
      start([...words, '-l', `json-file:${id}`, '--log-tag', 'a tag', '--full-attach', '--sync']),
    );
    const [message] = await said(`${labelOf(id)}: a tag`);
    assert.match(message?.join() ?? '', /^14,ninfo,container \d+ exited with status 3$/);
  });

  test('nothing where it was not asked for', async () => {
    const id = newId();
    const words = ['-c', id, '-u', 'u', '-l', 'none', '--full-attach', '--sync'];
    await outcomeOf(start([...words, '--log-level', 'trace'], { FK_FAIL: 'nothing doing' }));
    assert.deepEqual(await said(labelOf(id)), []);
  });

  test('the early version: errors always, and nothing else', async () => {
    const id = newId();
    const words = ['-c', id, '-l', 'early-log', '--no-container-partial-message'];
    await outcomeOf(start(words, { FK_FAIL: 'nothing doing' }));
    assert.deepEqual(await said(labelOf(id)), [
      [err, 'error', 'Failed to create container: exit status 1'],
    ]);
  });
});

test('on standard error each level has its letter', async () => {
  // The early version keeps its caller's streams.
  const id = newId();
  const words = ['-c', id, '-l', 'early-log', '--no-container-partial-message'];
  const { stderr, code } = await outcomeOf(start([...words, '--log-level', 'trace']));
  assert.equal(code, 0);
  for (const line of [
    /^\[conmon:w\]: --no-container-partial-message has no effect without journald log driver$/m,
    /^\[conmon:d\]: calling runtime args: \/bin\/sh -c /m,
    /^\[conmon:d\]: container PID: \d+$/m,
    /^\[conmon:i\]: container \d+ exited with status 3$/m,
  ]) {
    assert.match(stderr, line);
  }
  const failed = await outcomeOf(
    start([...words, '--log-level', 'error'], { FK_FAIL: 'nothing doing' }),
  );
  assert.equal(failed.stderr, '[conmon:e]: Failed to create container: exit status 1\n');
});
