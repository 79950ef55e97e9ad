// Small data with one of each, whose drawings are kept here.

import type { PlumbingRow } from '../../../diagrams/render/plumbing';
import type { Story } from '../../../diagrams/render/story';
import type { TopologyView, Wire } from '../../../diagrams/render/topology';

const none = { pid: null, conditions: [], failure: false } as const;

export const story: Story = {
  title: 'A visit',
  description: 'Somebody knocks & waits; “come in”.',
  recorded: false,
  lanes: [
    { name: 'guest', leads: null, realm: 'program' },
    { name: 'host', leads: 'session', realm: 'library' },
  ],
  rows: [
    { kind: 'origin', lane: 0, from: 'caller', text: 'fork/exec', t: 0 },
    {
      ...{
        ...none,
        kind: 'step',
        lane: 0,
        text: 'knock',
        documented: true,
        realm: 'program',
        t: 0,
      },
      conditions: [
        { text: 'OPENED?', taken: true },
        { text: 'NOBODY_HOME [isLate]? → go home', taken: false },
      ],
    },
    { kind: 'link', from: 0, to: 1, by: 'fork', text: 'fork', t: 1 },
    {
      ...{ ...none, kind: 'step', lane: 1, documented: false, realm: 'library', t: 2 },
      text: 'getting up from a very soft chair',
    },
    { kind: 'link', from: 1, to: 0, by: 'descriptor', text: 'door', t: 3 },
    { kind: 'boundary', lane: 1, realm: 'application', t: 4 },
    { ...none, kind: 'step', lane: 1, text: 'talk', documented: true, realm: 'application', t: 5 },
    {
      ...none,
      kind: 'step',
      lane: 1,
      text: 'fall asleep',
      documented: true,
      realm: 'kernel',
      t: 6,
    },
    { kind: 'link', from: 0, to: 1, by: 'signal', text: 'nudge', t: 7 },
    {
      ...{
        ...none,
        kind: 'step',
        lane: 1,
        text: 'start',
        documented: true,
        realm: 'library',
        t: 8,
      },
      failure: true,
    },
    { kind: 'link', from: 1, to: 0, by: 'exit', text: 'exit', t: 9 },
    { kind: 'end', lane: 1, text: 'exits with 0', goesOn: false, t: 9 },
    { kind: 'end', lane: 0, text: '', goesOn: false, t: 10 },
  ],
};

/** The same as it would be recorded. */
export const recordedStory: Story = {
  ...story,
  recorded: true,
  rows: story.rows.map((row) => ({
    ...row,
    t: row.t * 1500,
    ...(row.kind === 'step' && row.t < 3 ? { pid: 4711 } : {}),
  })),
};

const wire = (
  label: string,
  kind: Wire['kind'],
  from: readonly [string, string] | null,
  to: readonly [string, string] | null,
): Wire => ({
  ...{ label, kind },
  from: from === null ? null : { node: from[0], text: from[1] },
  to: to === null ? null : { node: to[0], text: to[1] },
});

export const topology: TopologyView = {
  name: 'house',
  title: 'Who is at home',
  description: 'Rooms, and what runs between them.',
  nodes: [
    {
      id: 'caller',
      name: 'caller',
      pid: null,
      parent: null,
      leads: null,
      realm: 'caller',
      holds: [],
    },
    {
      ...{ id: 'guest', name: 'guest', pid: 12, parent: 'caller', leads: null, realm: 'program' },
      holds: [],
    },
    {
      ...{ id: 'host', name: 'host', pid: 13, parent: null, leads: 'session', realm: 'library' },
      holds: ['0: null'],
    },
    {
      ...{ id: 'cook', name: 'cook', pid: 14, parent: 'host', leads: 'group', realm: 'library' },
      holds: ['knives', 'a very long list of other things'],
    },
    {
      ...{ id: 'cat', name: 'cat', pid: null, parent: null, leads: 'session', realm: 'program' },
      holds: [],
    },
  ],
  wires: [
    wire('door', 'listener', ['guest', 'door'], ['host', 'door']),
    wire('talk', 'socket', ['guest', 'talk'], ['cook', 'talk']),
    wire('soup', 'passed', ['guest', '0'], ['cook', '1']),
    wire('bell', 'pipe', ['host', 'bell'], ['cat', '2']),
    wire('dumb waiter', 'pipe', ['cook', 'dumb waiter'], ['host', 'dumb waiter']),
    wire('sockpath', 'inotify', null, ['cat', 'inotify']),
    wire('street', 'socket', null, ['cook', 'street']),
  ],
};

export const plumbing: readonly PlumbingRow[] = [
  {
    ...{ process: 'client', pid: 7, step: 'come in', before: null },
    table: { placed: ['standardInput', 'standardOutput', 'standardError'], others: ['lock'] },
  },
  {
    ...{ process: 'client', pid: 7, step: 'sit down' },
    before: { placed: ['standardInput', 'standardOutput', 'standardError'], others: ['lock'] },
    table: {
      placed: ['null', 'standardOutput', 'standardError'],
      others: ['call.client', 'call.monitor', 'execterm.reads', 'execterm.writes'],
    },
  },
  {
    ...{ process: 'client', pid: 7, step: 'go' },
    before: {
      placed: ['null', 'standardOutput', 'standardError'],
      others: ['call.client', 'call.monitor', 'execterm.reads', 'execterm.writes'],
    },
    table: { placed: ['null', 'standardOutput', 'standardError'], others: ['execterm.writes'] },
  },
];
