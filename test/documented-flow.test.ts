// The documented diagram of control flow and causality against what the charts generate: nothing of it is
// missing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recordsOf } from '../diagrams/render/course';
import { courses } from '../diagrams/render/courses';
import type { Link, Row, Step, Story } from '../diagrams/render/story';
import { storyOf } from '../diagrams/render/teller';
import { charts } from '../machines/index';
import { modelOf, type Model } from '../machines/model';
import {
  clientKilled,
  firstCall,
  laterCall,
  serverEnded,
  type Flow,
  type Place,
} from './documented/flow';

const courseNamed = (name: string) => {
  const course = courses.find((one) => one.name === name);
  assert.ok(course !== undefined, name);
  return course;
};

const modelNamed = (id: string): Model => {
  const chart = charts.find((one) => one.id === id);
  assert.ok(chart !== undefined, id);
  return modelOf(chart);
};

/** A story, asked about its lanes by their names. */
class Told {
  readonly story: Story;

  constructor(name: string) {
    const course = courseNamed(name);
    this.story = storyOf({ ...course, recorded: false }, recordsOf(course));
  }

  lane(name: string): number {
    const index = this.story.lanes.findIndex((lane) => lane.name === name);
    assert.ok(index >= 0, `there is no ${name}`);
    return index;
  }

  steps(name: string): readonly Step[] {
    const lane = this.lane(name);
    return this.story.rows.filter((row): row is Step => row.kind === 'step' && row.lane === lane);
  }

  /** The row of a step; which is the nth of that name in its lane. */
  rowOf([lane, step]: Place, from = 0): number {
    const index = this.lane(lane);
    const found = this.story.rows.findIndex(
      (row, at) => at >= from && row.kind === 'step' && row.lane === index && row.text === step,
    );
    assert.ok(found >= 0, `${lane} has no step '${step}'`);
    return found;
  }

  /** The last step of a lane before a row, and the first one from there. */
  around(lane: string, row: number): readonly (string | undefined)[] {
    const index = this.lane(lane);
    const isStep = (one: Row): one is Step => one.kind === 'step' && one.lane === index;
    return [
      this.story.rows.slice(0, row).findLast(isStep)?.text,
      this.story.rows.slice(row).find(isStep)?.text,
    ];
  }

  links(from: string, to: string): readonly (readonly [number, Link])[] {
    return this.story.rows.flatMap((row, index): readonly (readonly [number, Link])[] =>
      row.kind === 'link' && row.from === this.lane(from) && row.to === this.lane(to)
        ? [[index, row]]
        : [],
    );
  }
}

/** Whether all of these come, in this order, whatever there is between. */
const isSubsequence = (these: readonly string[], all: readonly string[]): boolean => {
  let at = 0;
  for (const one of all) if (one === these[at]) ++at;
  return at === these.length;
};

function checkFlow(flow: Flow): void {
  const told = new Told(flow.course);
  for (const [lane, steps] of Object.entries(flow.steps)) {
    test(`the steps of the ${lane}, in order`, () => {
      const texts = told.steps(lane).map(({ text }) => text);
      assert.ok(
        isSubsequence(steps, texts),
        `${steps.join(', ')}\nare not in\n${texts.join(', ')}`,
      );
      for (const step of told.steps(lane)) {
        if (steps.includes(step.text)) assert.ok(step.documented, step.text);
      }
    });
  }
  for (const [from, to, how] of flow.forks) {
    test(`${from.join(': ')} forks ${to.join(': ')}`, () => {
      const [found] = told.links(from[0], to[0]).filter(([, { by }]) => by === 'fork');
      assert.ok(found !== undefined);
      const [row, link] = found;
      assert.equal(link.text, how);
      assert.equal(told.around(from[0], row)[0], from[1]);
      assert.ok(told.rowOf(to) > row);
    });
  }
  let last = 0;
  for (const [from, to, by, over] of flow.causes) {
    test(`${from.join(': ')} causes ${to.join(': ')}, by ${by}`, () => {
      const found = told
        .links(from[0], to[0])
        .find(([row, link]) => row > last && link.by === by && link.text === over);
      assert.ok(found !== undefined, 'there is no such link after the one before');
      const [row] = found;
      last = row;
      assert.ok(told.rowOf(from) < row);
      assert.ok(told.around(to[0], row).includes(to[1]), told.around(to[0], row).join(', '));
    });
  }
  for (const [from, event, to] of flow.conditions) {
    test(`${from.join(': ')} on ${event} leads to ${to}`, () =>
      checkCondition(told, from, event, to));
  }
  for (const [after, realm] of flow.boundaries) {
    test(`language or implementation change after ${after.join(': ')}`, () => {
      const row = told.rowOf(after);
      const lane = told.lane(after[0]);
      const boundary = told.story.rows
        .slice(row)
        .find((one) => one.kind === 'boundary' && one.lane === lane);
      assert.equal(boundary?.kind === 'boundary' && boundary.realm, realm);
    });
  }
  for (const lane of flow.ends) {
    test(`the ${lane} ends`, () => {
      const index = told.lane(lane);
      assert.ok(told.story.rows.some((row) => row.kind === 'end' && row.lane === index));
    });
  }
}

/** Said beside the step, where another way is followed; else the way that is followed, or a part of it. */
function checkCondition(told: Told, from: Place, event: string, to: string): void {
  const step = told.steps(from[0]).find(({ text }) => text === from[1]);
  assert.ok(step !== undefined);
  const said = step.conditions.find(({ text }) => text.startsWith(event));
  assert.ok(said !== undefined, step.conditions.map(({ text }) => text).join(', '));
  if (!said.taken) return assert.ok(said.text.endsWith(`→ ${to}`), said.text);
  assert.ok(told.rowOf([from[0], to], told.rowOf(from)) > told.rowOf(from));
}

describe('control flow and causality', () => {
  describe('of a first call', () => checkFlow(firstCall));
  describe('of a server that stands', () => checkFlow(laterCall));
  describe('of a server that loses its socket', () => {
    checkFlow(serverEnded);
    test('it logs a message', () => {
      const reading = modelNamed('server').states.find(
        ({ path }) => path === 'serving.readingWatcher',
      );
      assert.deepEqual(reading?.on.get('SOCKET_LOST')?.[0]?.way?.actions, ['logLostSocket']);
    });
  });
  describe('of a call whose client is killed', () => {
    checkFlow(clientKilled);
    test('nobody is left to get the status', () => {
      const records = recordsOf(courseNamed('client-killed'));
      const told = records.flatMap((record) =>
        record.kind === 'transition' &&
        record.actor === 'monitor' &&
        record.from === 'sendingStatus'
          ? [record.event]
          : [],
      );
      assert.deepEqual(told, ['CLIENT_GONE']);
    });
  });
  test('the caller forks and executes the client', () => {
    const { story } = new Told('first-call');
    const origin = story.rows.find((row) => row.kind === 'origin');
    assert.deepEqual([origin?.from, origin?.text], ['caller', 'fork/exec']);
  });
  test('the native program on one side, what runs in the script’s process on the other', () => {
    const { story } = new Told('first-call');
    const realms = story.lanes.map(({ name, realm }) => `${name}: ${realm}`);
    assert.deepEqual(realms, [
      'client: program',
      'watcher: program',
      'setup: library',
      'server: library',
      'monitor: library',
      'executor: library',
    ]);
  });
});
