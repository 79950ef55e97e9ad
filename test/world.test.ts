// The state of the world that a trace tells of, from records alone.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Recording } from '../cli/replay/recording';
import { phaseOf } from '../cli/world/timeline';
import { viewOf, type View } from '../cli/world/view';
import { World } from '../cli/world/world';
import { client, executor, monitor } from '../machines/index';
import { modelOf } from '../machines/model';
import { phases } from '../machines/phases';
import { readLine } from '../runtime/trace/read';
import { isActorRecord, type ActorRecord } from '../runtime/trace/record';
import { Recorder } from './support/recorder';
import { Sandbox, kill } from './support/sandbox';
import { WaitingCall, waitingScript } from './support/waiting-call';

const sandbox = new Sandbox(false);
after(() => sandbox.end());

const parts = [client, monitor, executor].map(modelOf);

describe('the phases of a call', () => {
  test('name states that there are, each once', () => {
    for (const { name, states } of phases) {
      for (const [chart, paths] of Object.entries(states)) {
        const model = parts.find(({ id }) => id === chart);
        assert.ok(model !== undefined, `${name}: ${chart}`);
        const known = [...model.states, ...model.groups].map(({ path }) => path);
        for (const path of paths) assert.ok(known.includes(path), `${name}: ${chart} ${path}`);
      }
    }
    const named = phases.flatMap(({ states }) =>
      Object.entries(states).flatMap(([chart, paths]) => paths.map((path) => `${chart} ${path}`)),
    );
    assert.equal(new Set(named).size, named.length);
  });

  test('have room for every state of client, monitor and executor', () => {
    for (const { id, states } of parts)
      for (const { path } of states) assert.notEqual(phaseOf(id, path), undefined, `${id} ${path}`);
  });
});

/** Of one process, made up. */
const record = (seq: number, more: Partial<ActorRecord> = {}): ActorRecord =>
  ({
    ...{ v: 1, kind: 'transition', seq, t: 1000 + seq, pid: 7, ppid: 1, born: 1000 },
    ...{ actor: 'watcher', engine: 'native', from: 'watching', event: 'SOCKET_TOUCHED' },
    ...{ guards: [], actions: [], path: ['checkingSocket'], to: 'checkingSocket' },
    ...more,
  }) as ActorRecord;

describe('the world', () => {
  test('counts what is lost: gaps, and beginnings of those who came when somebody listened', () => {
    const world = new World(500);
    assert.equal(world.apply(record(2)), 2);
    assert.equal(world.apply(record(3)), 0);
    assert.equal(world.apply(record(7)), 3);
    assert.equal(world.drops, 5);
    const later = new World(5000);
    assert.equal(later.apply(record(2)), 0);
    assert.equal(later.apply(record(3)), 0);
    assert.equal(later.drops, 0);
  });

  test('tells a process from another that has its number later', () => {
    const world = new World(0);
    world.apply(record(0));
    world.apply(record(0, { born: 2000, t: 2001 }));
    assert.deepEqual(
      [...world.processes.values()].map(({ key }) => key),
      ['7.2000'],
    );
  });
});

/** Without what two ways of arriving at it may differ in. */
const comparable = (view: View): unknown => JSON.parse(JSON.stringify(view)) as unknown;

test('a recording shows at any time what had been told until then', async () => {
  const recorder = Recorder.start(sandbox.runDirectory);
  const words = ['-U', process.execPath, sandbox.script('script.js', waitingScript())];
  for (let count = 0; count < 4; ++count) await sandbox.call(words, { input: '' });
  const killed = WaitingCall.start(sandbox, words);
  await killed.running();
  kill(killed.client, 'SIGKILL');
  await killed.outcome();
  await sandbox.call(words, { input: '', env: { STATUS: '9' } });
  const lines = await recorder.stop();
  const file = join(sandbox.folder, 'calls.trace');
  // As a recording that was begun before the processes.
  const [head = '', ...rest] = lines;
  const header = JSON.stringify({ ...JSON.parse(head), monotonic: 0 } as object);
  // So many that copies of the world are needed on the way.
  const records = rest.map(readLine).filter(isActorRecord);
  const again = records.map((one) => JSON.stringify(shifted(one, 1e9)));
  const twice = Array.from({ length: 12 }, (_, index) =>
    records.map((one) => JSON.stringify(shifted(one, (index + 2) * 1e9))),
  ).flat();
  writeFileSync(file, `${[header, ...rest, ...again, ...twice].join('\n')}\n`);

  const recording = new Recording(file);
  const all = [...rest, ...again, ...twice].map(readLine);
  const times = Array.from(
    { length: 9 },
    (_, index) => recording.first + ((recording.last - recording.first) * index) / 8,
  );
  for (const time of [...times, ...times.toReversed(), recording.last]) {
    const world = new World(0);
    for (const line of all) if (!('t' in line) || line.t <= time) world.apply(line);
    world.advance(time);
    const shown = viewOf(recording.at(time), { open: [] });
    assert.deepEqual(comparable(shown), comparable(viewOf(world, { open: [] })));
  }
  const { classes } = viewOf(recording.at(recording.last), { open: [] });
  const ends = classes.map(({ outcome }) => JSON.stringify(outcome));
  assert.ok(ends.includes('"client killed"') && ends.includes('{"code":9}'), ends.join());
  recording.close();
});

/** The same, as others did it later. */
const shifted = (one: ActorRecord, by: number): ActorRecord => ({
  ...one,
  t: one.t + by,
  born: one.born + by,
});
