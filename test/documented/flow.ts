// The documented diagram "Control flow and causality", with its variant in which the client is killed: what
// is in it, as data. Steps are in the order in which they stand there.

import type { Causation } from '../../machines/causation';

/** A step: who takes it, and what it is called. */
export type Place = readonly [lane: string, step: string];

export interface Flow {
  /** The name of the course that shows it. */
  readonly course: string;
  /** By actor, from top to bottom. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** Who forks whom, where, and how the child begins. */
  readonly forks: readonly (readonly [from: Place, to: Place, how: string])[];
  /** Dotted lines, from top to bottom. */
  readonly causes: readonly (readonly [
    from: Place,
    to: Place,
    by: Causation['by'],
    over: string,
  ])[];
  /** Where a step leads on a condition, in the event that stands for it. */
  readonly conditions: readonly (readonly [from: Place, event: string, to: string])[];
  /** After which steps language or implementation change, and to what. */
  readonly boundaries: readonly (readonly [after: Place, realm: string])[];
  /** Whose processes end. */
  readonly ends: readonly string[];
}

export const firstCall: Flow = {
  course: 'first-call',
  steps: {
    client: [
      'attempt to connect, and read greeting',
      'tidy up stale /run entries',
      'acquire lock',
      'retry attempt to connect, and read greeting',
      'create listening socket',
      'fork/daemonise',
      'make "fake" initial call socketpair',
      'fork/exec',
      'waitpid',
      'read greeting',
      'release lock',
      'send fds',
      'read status',
    ],
    watcher: ['WATCHER(C) &&'],
    setup: [
      'SCRIPT (setup)',
      'script initialisation',
      'identify fds from environment',
      'open syslog',
      'daemonize',
    ],
    server: ['SCRIPT [server] &&', 'accept / event loop'],
    monitor: [
      'SCRIPT [monitor]',
      'setpgrp &',
      'send greeting',
      'receive fds',
      'fork for executor',
      'wait for read (select)',
      'execterm?',
      'waitpid',
      'send status',
    ],
    executor: [
      'SCRIPT (executor)',
      'execute service',
      'terminates',
      'kernel closes execterm',
      'zombie',
    ],
  },
  forks: [
    [['client', 'fork/daemonise'], ['watcher', 'WATCHER(C) &&'], 'fork'],
    [['client', 'fork/exec'], ['setup', 'SCRIPT (setup)'], 'fork/exec'],
    [['setup', 'daemonize'], ['server', 'SCRIPT [server] &&'], 'fork'],
    [['server', 'fork for initial service'], ['monitor', 'SCRIPT [monitor]'], 'fork'],
    [['monitor', 'fork for executor'], ['executor', 'SCRIPT (executor)'], 'fork'],
  ],
  causes: [
    [['setup', 'daemonize'], ['client', 'waitpid'], 'exit', 'exit'],
    [['monitor', 'send greeting'], ['client', 'read greeting'], 'descriptor', 'call'],
    [['client', 'send fds'], ['monitor', 'receive fds'], 'descriptor', 'call'],
    [['executor', 'kernel closes execterm'], ['monitor', 'execterm?'], 'descriptor', 'execterm'],
    [['executor', 'zombie'], ['monitor', 'waitpid'], 'exit', 'exit'],
    [['monitor', 'send status'], ['client', 'read status'], 'descriptor', 'call'],
  ],
  conditions: [
    [['client', 'attempt to connect, and read greeting'], 'ABSENT', 'tidy up stale /run entries'],
    [['client', 'attempt to connect, and read greeting'], 'GREETED', 'send fds'],
    [
      ['client', 'retry attempt to connect, and read greeting'],
      'ABSENT',
      'create listening socket',
    ],
    [['client', 'retry attempt to connect, and read greeting'], 'GREETED', 'release lock'],
    [['monitor', 'wait for read (select)'], 'EXECTERM_READABLE', 'execterm?'],
    [['monitor', 'wait for read (select)'], 'CLIENT_GONE', 'kill whole pgrp'],
  ],
  boundaries: [
    [['setup', 'script initialisation'], 'library'],
    [['executor', 'SCRIPT (executor)'], 'application'],
  ],
  ends: ['client', 'monitor', 'executor'],
};

/** What a server does when it stands. */
export const laterCall: Flow = {
  course: 'later-call',
  steps: {
    server: ['accept / event loop', 'accepted?', 'fork child'],
    monitor: ['SCRIPT [monitor]'],
  },
  forks: [[['server', 'fork child'], ['monitor', 'SCRIPT [monitor]'], 'fork']],
  causes: [],
  conditions: [
    [['server', 'accept / event loop'], 'CONNECTION_WAITING', 'accepted?'],
    [['server', 'accept / event loop'], 'WATCHER_SPOKE', 'watch stderr read?'],
    [['server', 'accept / event loop'], 'IDLE', 'quitting'],
  ],
  boundaries: [],
  ends: [],
};

/** The end of file on the watcher's standard error: a message, and the end. */
export const serverEnded: Flow = {
  course: 'server-ended',
  steps: { server: ['accept / event loop', 'watch stderr read?'] },
  forks: [],
  causes: [],
  conditions: [],
  boundaries: [],
  ends: ['server'],
};

export const clientKilled: Flow = {
  course: 'client-killed',
  steps: {
    client: ['terminates', 'kernel closes call'],
    monitor: ['wait for read (select)', 'kill whole pgrp', 'waitpid', 'send status'],
    executor: ['execute service', 'killed', 'zombie'],
  },
  forks: [],
  causes: [
    [['client', 'kernel closes call'], ['monitor', 'wait for read (select)'], 'descriptor', 'call'],
    [['monitor', 'kill whole pgrp'], ['executor', 'killed'], 'signal', 'interrupt'],
    [['executor', 'zombie'], ['monitor', 'waitpid'], 'exit', 'exit'],
  ],
  conditions: [[['monitor', 'wait for read (select)'], 'CLIENT_GONE', 'kill whole pgrp']],
  boundaries: [],
  ends: ['client', 'executor', 'monitor'],
};
