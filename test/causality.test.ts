// The trace of real calls against the generated causality: nothing happens before its cause, the same causes
// lead to the same effects in the same order, step by step.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { recordsOf } from '../diagrams/render/course';
import { courses } from '../diagrams/render/courses';
import type { Story } from '../diagrams/render/story';
import { storyOf } from '../diagrams/render/teller';
import type { Causation } from '../machines/causality';
import { causality } from '../machines/index';
import { readLine } from '../runtime/trace/read';
import type { ActorRecord, TransitionRecord } from '../runtime/trace/record';
import { Recorder } from './support/recorder';
import { Sandbox, client, firstOutput, kill } from './support/sandbox';

const script = `
require('prefork-interp').initialisationComplete();
process.stdout.write('in the executor');
require('node:fs').readFileSync(0);
`;

/** What is done while the trace is recorded; `words` are those of a call. */
type Deed = (sandbox: Sandbox, words: readonly string[]) => Promise<void>;

const call: Deed = async (sandbox, words) => {
  assert.equal((await sandbox.call(words, { input: '' })).code, 0);
};

const killedCall: Deed = async (sandbox, words) => {
  const child = sandbox.start(client, words, { stdio: 'pipe' });
  await firstOutput(child);
  kill(child.pid ?? 0, 'SIGKILL');
};

const endServer: Deed = async (sandbox, words) => {
  assert.equal((await sandbox.call(['--kill', ...words])).code, 0);
  await sandbox.quiet();
};

/** The records of what is done after something else; undefined: some were lost. */
async function recorded(
  t: TestContext,
  before: readonly Deed[],
  deed: Deed,
  isOver: (records: readonly ActorRecord[]) => boolean,
): Promise<readonly ActorRecord[] | undefined> {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const words = ['-U', process.execPath, sandbox.script('wait.js', script)];
  for (const one of before) await one(sandbox, words);
  const recorder = Recorder.start(sandbox.runDirectory);
  await deed(sandbox, words);
  await untilOver(recorder, isOver);
  const lines = (await recorder.stop()).map(readLine);
  if (lines.some(({ kind }) => kind === 'drops')) return undefined;
  const records = lines.filter((line) => line.kind !== 'recording' && line.kind !== 'drops');
  return records.toSorted((one, other) => one.t - other.t);
}
