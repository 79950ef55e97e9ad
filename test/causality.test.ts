// The trace of real calls against the generated causality: nothing happens before its cause, the same causes
// lead to the same effects in the same order, step by step.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { recordsOf } from '../diagrams/render/course';
import { courses } from '../diagrams/render/courses';
import type { Story } from '../diagrams/render/story';
import { storyOf } from '../diagrams/render/teller';
import type { Causation } from '../machines/causation';
import { causality } from '../machines/index';
import { readLine } from '../runtime/trace/read';
import { isActorRecord, type ActorRecord, type TransitionRecord } from '../runtime/trace/record';
import { Recorder } from './support/recorder';
import { Sandbox, client, firstOutput, kill } from './support/sandbox';
import { until } from './support/until';

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

/** The records of what is done, after a first call if need be; undefined: some were lost. */
async function recorded(
  t: TestContext,
  isFirst: boolean,
  deed: Deed,
  isOver: IsOver,
): Promise<readonly ActorRecord[] | undefined> {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const words = ['-U', process.execPath, sandbox.script('wait.js', script)];
  const recorder = Recorder.start(sandbox.runDirectory);
  if (!isFirst) {
    await call(sandbox, words);
    await untilOver(recorder, isServing);
  }
  const before = recorder.records().length;
  await deed(sandbox, words);
  await untilOver(recorder, (records) => isOver(records.slice(before)));
  const lines = (await recorder.stop()).map(readLine);
  if (lines.some(({ kind }) => kind === 'drops')) return undefined;
  const records = lines.filter(isActorRecord);
  return records.slice(before).toSorted((one, other) => one.t - other.t);
}

type IsOver = (records: readonly ActorRecord[]) => boolean;

async function untilOver(recorder: Recorder, isOver: IsOver): Promise<void> {
  await until('the end of the trace', () => isOver(recorder.records()));
}

const isEnd =
  (actor: string, state: string) =>
  (records: readonly ActorRecord[]): boolean =>
    records.some(
      (record) => record.kind === 'end' && record.actor === actor && record.state === state,
    );

const isReaped = (records: readonly ActorRecord[]): boolean =>
  records.some((record) => record.kind === 'transition' && record.event === 'MONITOR_EXITED');

const isServing = (records: readonly ActorRecord[]): boolean =>
  isReaped(records) &&
  records.some((record) => record.kind === 'transition' && record.to === 'serving.waiting');

// What happens elsewhere before it is noticed

/** Whether this record shows that the cause has come about. */
function brings({ cause }: Causation, record: ActorRecord): boolean {
  if (record.actor !== cause.chart) return false;
  if (cause.action === undefined) {
    return record.kind === 'end' && cause.states.includes(record.state);
  }
  if (record.kind === 'end' || !record.actions.includes(cause.action)) return false;
  const places = [...(record.kind === 'transition' ? [record.from] : []), ...record.path];
  return cause.states.some((state) => places.includes(state));
}

/** Whether it is of this that the record tells, or for this that the process looks. */
const tellsOf = ({ effect }: Causation, { actor, event, from }: TransitionRecord): boolean =>
  effect.chart === actor &&
  ((effect.event === event && effect.states.includes(from)) ||
    (effect.notice?.event === event && effect.notice.states.includes(from)));

/** Every effect has its cause before it, in a process that is another one. */
function checkCauses(records: readonly ActorRecord[], killed: boolean): number {
  let checked = 0;
  for (const record of records) {
    if (record.kind !== 'transition') continue;
    const possible = causality.filter((causation) => tellsOf(causation, record));
    if (possible.length === 0) continue;
    const before = records.filter(({ t, pid }) => t <= record.t && pid !== record.pid);
    // Of the client's end nobody tells but the kernel.
    const isSilent =
      killed && possible.some(({ cause }) => cause.chart === 'client' && !cause.action);
    const found = possible.some((causation) => before.some((one) => brings(causation, one)));
    assert.ok(found || isSilent, `${record.actor}: ${record.event} in ${record.from} has no cause`);
    ++checked;
  }
  return checked;
}

// The same as in general

type Line = readonly [string, string];

/** What reaches each lane from others, in order. Two lanes may notice in any order what is sent to them. */
const arriving = (story: Story): ReadonlyMap<string, readonly string[]> => {
  const name = (lane: number): string => story.lanes[lane]?.name ?? '';
  return byLane(
    story,
    story.rows.flatMap((row): readonly Line[] =>
      row.kind === 'link'
        ? [[name(row.to), `${name(row.from)} → ${name(row.to)}: ${row.by}, ${row.text}`]]
        : [],
    ),
  );
};

/** The documented steps of each lane, in order. */
const stepping = (story: Story): ReadonlyMap<string, readonly string[]> =>
  byLane(
    story,
    story.rows.flatMap((row): readonly Line[] =>
      row.kind === 'step' && row.documented ? [[story.lanes[row.lane]?.name ?? '', row.text]] : [],
    ),
  );

const byLane = (story: Story, lines: readonly Line[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    story.lanes.map(({ name }) => [
      name,
      lines.filter(([lane]) => lane === name).map(([, text]) => text),
    ]),
  );

interface Case {
  readonly course: string;
  readonly deed: Deed;
  readonly isOver: IsOver;
  /** The course begins when the call has come to its script; or with a state that no record tells of. */
  readonly begins: 'with the first record' | 'in the middle' | 'with a state';
  /** How many effects with causes elsewhere there are at the least. */
  readonly effects: number;
}

const cases: readonly Case[] = [
  {
    course: 'first-call',
    deed: call,
    isOver: isServing,
    begins: 'with the first record',
    effects: 10,
  },
  {
    course: 'later-call',
    deed: call,
    isOver: isReaped,
    begins: 'with a state',
    effects: 10,
  },
  {
    course: 'client-killed',
    deed: killedCall,
    isOver: isReaped,
    begins: 'in the middle',
    effects: 9,
  },
  {
    course: 'server-ended',
    deed: endServer,
    isOver: isEnd('server', 'ended'),
    begins: 'with a state',
    effects: 2,
  },
];

for (const { course: name, deed, isOver, begins, effects } of cases) {
  test(`${name}: a real one goes as the charts and their causes say`, async (t) => {
    const course = courses.find((one) => one.name === name);
    assert.ok(course !== undefined);
    const general = storyOf({ ...course, recorded: false }, recordsOf(course));
    let records: readonly ActorRecord[] | undefined;
    // A recording that has lost something proves nothing.
    for (let attempt = 0; records === undefined && attempt < 5; ++attempt) {
      records = await recorded(t, begins === 'with the first record', deed, isOver);
    }
    assert.ok(records !== undefined, 'every recording has losses');
    assert.ok(checkCauses(records, course.killed !== undefined) >= effects);
    const real = storyOf({ ...course, recorded: true }, records);
    for (const [what, of] of [
      ['arrives', arriving],
      ['steps', stepping],
    ] as const) {
      const told = of(real);
      for (const [lane, expected] of of(general)) {
        const found = told.get(lane) ?? [];
        const last = found.slice(Math.max(0, found.length - expected.length));
        const compared = begins === 'in the middle' ? last : found;
        const skipped = begins === 'with a state' && compared.length < expected.length ? 1 : 0;
        assert.deepEqual(compared, expected.slice(skipped), `${lane}: ${what}`);
      }
    }
  });
}
