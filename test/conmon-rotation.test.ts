// When a log is not rotated: it grows on, in its place or out of sight, and nothing else is touched.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Monitored, readIfThere } from './support/monitored';
import { firstOutput, type Sandbox } from './support/sandbox';
import { newSandbox } from './support/traces';
import { afterGo, go } from './support/trap';
import { until } from './support/until';

// The first line is in the log before the limit is reached.
const command = `echo first; ${afterGo('seq -f %015.0f 1 300')}`;
const limits = ['--log-size-max', '5000', '--log-rotate'];

async function withFirstLine(
  sandbox: Sandbox,
  file: string,
  words: readonly string[] = [],
): Promise<Monitored> {
  const container = new Monitored(sandbox, {
    command,
    log: `k8s-file:${file}`,
    words: [...limits, ...words],
  });
  await until('the first line', () => readIfThere(file)?.includes('first'));
  return container;
}

async function goOn(container: Monitored): Promise<void> {
  go(container);
  assert.equal((await container.outcome).code, 0);
}

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;

test('a path that leads through another folder and back', async (t) => {
  const sandbox = newSandbox(t);
  const file = join(sandbox.folder, 'log');
  mkdirSync(join(sandbox.folder, 'other'));
  const container = await withFirstLine(sandbox, `${sandbox.folder}/other/../log`);
  await goOn(container);
  assert.equal(linesIn(file), 301);
  assert.ok(!existsSync(`${file}.1`));
});

test('a log that somebody has locked', async (t) => {
  const sandbox = newSandbox(t);
  const file = join(sandbox.folder, 'log');
  const container = await withFirstLine(sandbox, file);
  const holder = sandbox.start('flock', [file, 'sh', '-c', 'echo locked; exec sleep 1000']);
  assert.equal(await firstOutput(holder), 'locked\n');
  await goOn(container);
  assert.equal(linesIn(file), 301);
  assert.ok(!existsSync(`${file}.1`));
});

/** Removes the log of a container that runs on; whether there is one again at its end. */
async function isMadeAnew(
  t: TestContext,
  { mode = 0o755, words }: { mode?: number; words: (folder: string) => readonly string[] },
): Promise<boolean> {
  const sandbox = newSandbox(t);
  const folder = join(sandbox.folder, 'logs');
  mkdirSync(folder);
  chmodSync(folder, mode);
  const container = await withFirstLine(sandbox, join(folder, 'log'), words(folder));
  rmSync(join(folder, 'log'));
  await goOn(container);
  return existsSync(join(folder, 'log'));
}

const allow = (directory: string): readonly string[] => ['--log-allowlist-dir', directory];

for (const [where, words, expected] of [
  ['anywhere, if nothing is said', () => [], true],
  ['in the folder allowed', allow, true],
  ['below a folder allowed', (folder) => allow(dirname(folder)), true],
  ['in one of several', (folder) => [...allow('/no/such'), ...allow(folder)], true],
  ['not elsewhere', () => allow('/no/such'), false],
  ['not where a name only begins alike', (folder) => allow(folder.slice(0, -1)), false],
] satisfies readonly (readonly [string, (folder: string) => readonly string[], boolean])[]) {
  test(`a log that has gone is made anew: ${where}`, async (t) => {
    assert.equal(await isMadeAnew(t, { words }), expected);
  });
}

test('a log that has gone is not made anew where anybody may write', async (t) => {
  assert.equal(await isMadeAnew(t, { mode: 0o777, words: () => [] }), false);
});
