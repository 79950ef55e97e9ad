// What tests of the trace have in common: to listen, to prove what was heard, to find something in it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Ajv from 'ajv/dist/2020';
import { checkRecording } from '../../runtime/trace/check';
import {
  largestDatagram,
  type ActorRecord,
  type EndRecord,
  type StartRecord,
} from '../../runtime/trace/record';
import { DropCounter } from '../../runtime/trace/recording';
import { Recorder } from './recorder';
import { Sandbox, kill, projectRoot } from './sandbox';

const schema = JSON.parse(
  readFileSync(join(projectRoot, 'runtime/trace/record.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

export function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

export function listen(t: TestContext, sandbox: Sandbox): Recorder {
  const recorder = Recorder.start(sandbox.runDirectory);
  t.after(() => kill(recorder.pid, 'SIGKILL'));
  return recorder;
}

/** Asserts that a recording is well formed and can be true; returns its records. */
export function assertTrue(lines: readonly string[]): readonly ActorRecord[] {
  for (const line of lines) {
    assert.ok(validate(JSON.parse(line)), `${line}: ${JSON.stringify(validate.errors)}`);
    assert.ok(Buffer.byteLength(line) <= largestDatagram);
  }
  assert.equal(checkRecording(lines), undefined);
  return lines.slice(1).map((line) => JSON.parse(line) as ActorRecord);
}

export const ends = (records: readonly ActorRecord[]): readonly EndRecord[] =>
  records.filter((record) => record.kind === 'end');
export const starts = (records: readonly ActorRecord[]): readonly StartRecord[] =>
  records.filter((record) => record.kind === 'start');
export const statesOf = (records: readonly ActorRecord[], actor: string): readonly string[] =>
  records.flatMap((record) =>
    record.actor === actor && record.kind !== 'end' ? [...record.path] : [],
  );
export const countOf = (records: readonly ActorRecord[], actor: string): number =>
  starts(records).filter((record) => record.actor === actor).length;

export const countEach = (names: readonly string[]): readonly (readonly [string, number])[] =>
  names.map((name) => [name, names.filter((other) => other === name).length]);

export const lossesIn = (records: readonly ActorRecord[]): number => {
  const counter = new DropCounter();
  for (const record of records) counter.before(record);
  return counter.total;
};

export const hello = `require('prefork-interp').initialisationComplete();
  console.log('hello');
  if (process.argv[2] === 'die') process.kill(process.pid, process.argv[3]);
  process.exitCode = Number(process.argv[2] ?? 0);`;
export const helloWithoutStandby = hello.replace('()', '({ standby: false })');
export const greeted = { stdout: 'hello\n', stderr: '', code: 0, signal: null };
