/** What runs between the processes: sockets, pipes and what is passed over them, as data. */

import type { Origin, ProcessName } from './topology';

export type LinkName =
  | 'listen'
  | 'call'
  | 'watchStandardInput'
  | 'watchStandardError'
  | 'execterm'
  | 'handover'
  | 'prompt'
  | 'exectermAhead'
  | 'standardInput'
  | 'standardOutput'
  | 'standardError'
  | 'socketPath';

/** One side of a link. */
export interface End {
  readonly process: ProcessName;
  readonly does: 'listens' | 'connects' | 'reads' | 'writes' | 'holds' | 'watches' | 'owns';
  /** The numbers of its descriptors, where they are always the same. */
  readonly descriptors?: readonly number[];
}

export interface Link {
  readonly name: LinkName;
  /** What it is called in diagrams. */
  readonly label: string;
  readonly description: string;
  /**
   * `listener`: a socket in the file system; `socket`: a connection, both ways; `pipe`: from who writes
   * to who reads; `passed`: the same open file in both; `inotify`: news of a path.
   */
  readonly kind: 'listener' | 'socket' | 'pipe' | 'passed' | 'inotify';
  readonly ends: readonly [End, End];
  readonly origins: readonly Origin[];
}

const passed = (name: LinkName, descriptor: 0 | 1 | 2, description: string): Link => ({
  name,
  label: `fd ${descriptor} passed`,
  description,
  kind: 'passed',
  ends: [
    { process: 'client', does: 'owns', descriptors: [descriptor] },
    { process: 'executor', does: 'holds', descriptors: [descriptor] },
  ],
  origins: [
    { chart: 'client', states: ['sendingRequest'], action: 'sendRequest' },
    { chart: 'executor', states: ['placingDescriptors'], action: 'placeDescriptors' },
  ],
});

export const links: readonly Link[] = [
  {
    name: 'listen',
    label: 'listen',
    description: 'Where calls arrive; its inode tells one server from the next.',
    kind: 'listener',
    ends: [
      { process: 'client', does: 'connects' },
      { process: 'server', does: 'listens' },
    ],
    origins: [
      {
        chart: 'client',
        states: ['creatingListeningSocket'],
        action: 'createListeningSocket',
      },
    ],
  },
  {
    name: 'call',
    label: 'call',
    description: 'Greeting, request, signals and status of one call.',
    kind: 'socket',
    ends: [
      { process: 'client', does: 'holds' },
      { process: 'monitor', does: 'holds' },
    ],
    origins: [
      { chart: 'client', states: ['makingFirstCall'], action: 'makeFirstCall' },
      {
        chart: 'client',
        states: ['attempting.connecting', 'retrying.connecting'],
        action: 'connect',
      },
    ],
  },
  {
    name: 'watchStandardInput',
    label: 'watch in',
    description: 'Nothing is ever written to it: its end tells the watcher of the server’s.',
    kind: 'pipe',
    ends: [
      { process: 'server', does: 'writes' },
      { process: 'watcher', does: 'reads', descriptors: [0] },
    ],
    origins: [{ chart: 'client', states: ['forkingWatcher'], action: 'forkWatcher' }],
  },
  {
    name: 'watchStandardError',
    label: 'watch err',
    description: 'The watcher’s errors; its end tells the server that the socket is lost.',
    kind: 'pipe',
    ends: [
      { process: 'watcher', does: 'writes', descriptors: [1, 2] },
      { process: 'server', does: 'reads' },
    ],
    origins: [{ chart: 'client', states: ['forkingWatcher'], action: 'forkWatcher' }],
  },
  {
    name: 'execterm',
    label: 'execterm',
    description: 'Nothing is ever written to it: the kernel closes it when the executor has gone.',
    kind: 'pipe',
    ends: [
      { process: 'executor', does: 'writes' },
      { process: 'monitor', does: 'reads' },
    ],
    origins: [{ chart: 'monitor', states: ['makingExecterm'], action: 'makeExecterm' }],
  },
  {
    name: 'handover',
    label: 'handover',
    description: 'Tells the server that the standby is ready, and hands it the accepted call.',
    kind: 'socket',
    ends: [
      { process: 'server', does: 'holds' },
      { process: 'standby', does: 'holds' },
    ],
    origins: [{ chart: 'server', states: ['serving.forkingStandby'], action: 'forkStandby' }],
  },
  {
    name: 'prompt',
    label: 'prompt',
    description: 'Tells the standby that the understudy is ready, and passes it the request.',
    kind: 'socket',
    ends: [
      { process: 'standby', does: 'holds' },
      { process: 'understudy', does: 'holds' },
    ],
    origins: [{ chart: 'standby', states: ['forkingUnderstudy'], action: 'forkUnderstudy' }],
  },
  {
    name: 'exectermAhead',
    label: 'execterm',
    description: 'What is going to be the pipe between executor and monitor.',
    kind: 'pipe',
    ends: [
      { process: 'understudy', does: 'writes' },
      { process: 'standby', does: 'reads' },
    ],
    origins: [{ chart: 'standby', states: ['makingExecterm'], action: 'makeExecterm' }],
  },
  passed('standardInput', 0, 'The caller’s standard input.'),
  passed('standardOutput', 1, 'The caller’s standard output.'),
  passed('standardError', 2, 'The caller’s standard error.'),
  {
    name: 'socketPath',
    label: 'inotify sockpath',
    description: 'Tells the watcher that something has happened to the socket.',
    kind: 'inotify',
    ends: [
      { process: 'client', does: 'owns' },
      { process: 'watcher', does: 'watches' },
    ],
    origins: [{ chart: 'watcher', states: ['settingUp'], action: 'setUpWatch' }],
  },
];
