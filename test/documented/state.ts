// The documented diagrams "State during service execution, process parentage and key fds" and "Sequence of
// events and fd plumbing": what is in them, as data.

import type { OpenFile } from '../../machines/plumbing';

/** Child and parent; null: none of the diagram. */
export const parentage: Readonly<Record<string, string | null>> = {
  client: 'caller',
  server: null,
  watcher: null,
  monitor: 'server',
  executor: 'monitor',
};

export const leaders: Readonly<Record<string, 'session' | 'group'>> = {
  server: 'session',
  watcher: 'session',
  monitor: 'group',
};

/** What runs between whom, with the numbers that stand at its ends. */
export const connections: readonly {
  readonly label: string;
  readonly ends: readonly (readonly [process: string, numbers: readonly number[]])[];
}[] = [
  { label: 'listen', ends: [['server', []]] },
  {
    label: 'call',
    ends: [
      ['client', []],
      ['monitor', []],
    ],
  },
  {
    label: 'watch in',
    ends: [
      ['server', []],
      ['watcher', [0]],
    ],
  },
  {
    label: 'watch err',
    ends: [
      ['server', []],
      ['watcher', [2]],
    ],
  },
  {
    label: 'execterm',
    ends: [
      ['monitor', []],
      ['executor', []],
    ],
  },
  ...[0, 1, 2].map((number) => ({
    label: `fd ${number} passed`,
    ends: [['client', [number]] as const, ['executor', [number]] as const],
  })),
  { label: 'inotify sockpath', ends: [['watcher', []]] },
];

/** The first monitor's 1 and 2 are the client's 2. */
export const monitorsOutputs: readonly number[] = [1, 2];

/** What a process holds once it has come to a step, and what it no longer holds. */
export interface Plumbed {
  readonly course: 'first-call' | 'later-call';
  readonly process: string;
  /** undefined: the last one that is told of it. */
  readonly step?: string;
  readonly placed: readonly [OpenFile, OpenFile, OpenFile];
  readonly holds: readonly OpenFile[];
  readonly lacks: readonly OpenFile[];
}

const fromOuter = ['standardInput', 'standardOutput', 'standardError'] as const;

export const sequence: readonly Plumbed[] = [
  {
    course: 'first-call',
    process: 'client',
    step: 'deciding under lock',
    placed: fromOuter,
    holds: ['lock'],
    lacks: [],
  },
  {
    course: 'first-call',
    process: 'client',
    step: 'create listening socket',
    placed: fromOuter,
    holds: ['lock', 'listen'],
    lacks: [],
  },
  {
    course: 'first-call',
    process: 'client',
    step: 'make "fake" initial call socketpair',
    placed: fromOuter,
    holds: ['lock', 'listen', 'call.client', 'call.monitor'],
    lacks: [],
  },
  {
    course: 'first-call',
    process: 'watcher',
    placed: ['watchStandardInput.reads', 'watchStandardError.writes', 'watchStandardError.writes'],
    holds: ['socketPath'],
    lacks: ['lock', 'listen'],
  },
  {
    course: 'first-call',
    process: 'setup',
    step: 'SCRIPT (setup)',
    placed: ['null', 'standardError', 'standardError'],
    holds: ['listen', 'call.monitor', 'watchStandardError.reads', 'watchStandardInput.writes'],
    lacks: ['lock', 'call.client'],
  },
  {
    course: 'first-call',
    process: 'setup',
    placed: ['null', 'standardError', 'standardError'],
    holds: ['syslog'],
    lacks: [],
  },
  {
    course: 'first-call',
    process: 'server',
    step: 'SCRIPT [server] &&',
    placed: ['null', 'standardError', 'standardError'],
    holds: ['listen', 'syslog', 'call.monitor'],
    lacks: [],
  },
  {
    course: 'first-call',
    process: 'server',
    placed: ['null', 'null', 'null'],
    holds: ['listen', 'syslog'],
    lacks: ['call.monitor'],
  },
  {
    course: 'first-call',
    process: 'client',
    placed: fromOuter,
    holds: ['call.client'],
    lacks: ['lock', 'listen', 'call.monitor'],
  },
  {
    course: 'first-call',
    process: 'monitor',
    placed: ['null', 'standardError', 'standardError'],
    holds: ['syslog', 'call.monitor'],
    lacks: ['listen'],
  },
  {
    course: 'later-call',
    process: 'monitor',
    placed: ['null', 'null', 'null'],
    holds: ['syslog', 'call.monitor'],
    lacks: ['listen'],
  },
  // Then the list and the protocol below it disagree: that says to keep nothing but execterm.
  {
    course: 'first-call',
    process: 'executor',
    step: 'placing descriptors',
    placed: fromOuter,
    holds: ['syslog', 'execterm.writes'],
    lacks: ['call.monitor'],
  },
  {
    course: 'first-call',
    process: 'executor',
    placed: fromOuter,
    holds: ['execterm.writes'],
    lacks: ['call.monitor', 'syslog'],
  },
  {
    course: 'later-call',
    process: 'client',
    placed: fromOuter,
    holds: ['call.client'],
    lacks: [],
  },
];
