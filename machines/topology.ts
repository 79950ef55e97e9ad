/**
 * Who forks whom, who leads a session or a process group, and what runs between whom: the documented
 * diagram "State during service execution, process parentage and key fds", as data.
 */

/** A process of the system: one for each chart, and the script before it is a server. */
export type ProcessName = 'client' | 'watcher' | 'setup' | 'server' | 'monitor' | 'executor';

/** An action of a chart, and the states that run it. */
export interface Origin {
  readonly chart: string;
  readonly states: readonly string[];
  readonly action: string;
}

export interface Process {
  readonly name: ProcessName;
  readonly description: string;
  /** The chart that it runs; the setup and the server share one. */
  readonly chart: string;
  /** Who forked it; the caller is none of ours. */
  readonly forkedBy: ProcessName | 'caller';
  /** What forked it; the caller forks the client by itself. */
  readonly origin?: Origin;
  /** True where the process that forked it, or one between, ends at once: then it has no parent here. */
  readonly daemon?: true;
  /** Otherwise it stays in its parent's session and group. */
  readonly leads?: 'session' | 'group';
  /** What runs its chart: the native program, or the library inside the script's own interpreter. */
  readonly runsIn: 'program' | 'library';
  /** What it does before its chart begins, in the words of the diagrams: the application's doing. */
  readonly before?: string;
  /** True where it has ended before the script serves a call. */
  readonly passing?: true;
}

export const processes: readonly Process[] = [
  {
    name: 'client',
    description: 'One call; the caller waits for it.',
    chart: 'client',
    runsIn: 'program',
    forkedBy: 'caller',
  },
  {
    name: 'watcher',
    description: 'Watches the socket path for as long as the server lives.',
    chart: 'watcher',
    runsIn: 'program',
    forkedBy: 'client',
    origin: { chart: 'client', states: ['forkingWatcher'], action: 'forkWatcher' },
    daemon: true,
    leads: 'session',
  },
  {
    name: 'setup',
    description: 'The script until it is initialised; ends when the server stands.',
    chart: 'server',
    runsIn: 'library',
    before: 'script initialisation',
    passing: true,
    forkedBy: 'client',
    origin: { chart: 'client', states: ['forkingSetup'], action: 'forkSetup' },
  },
  {
    name: 'server',
    description: 'The initialised script; forks a monitor for every call.',
    chart: 'server',
    runsIn: 'library',
    forkedBy: 'setup',
    origin: { chart: 'server', states: ['daemonising'], action: 'forkServer' },
    daemon: true,
    leads: 'session',
  },
  {
    name: 'monitor',
    description: 'One call on the server’s side.',
    chart: 'monitor',
    runsIn: 'library',
    forkedBy: 'server',
    origin: {
      chart: 'server',
      states: ['forkingInitialMonitor', 'serving.forkingMonitor'],
      action: 'forkMonitor',
    },
    leads: 'group',
  },
  {
    name: 'executor',
    description: 'Runs the script for one call.',
    chart: 'executor',
    runsIn: 'library',
    forkedBy: 'monitor',
    origin: { chart: 'monitor', states: ['forkingExecutor'], action: 'forkExecutor' },
  },
];

export type LinkName =
  | 'listen'
  | 'call'
  | 'watchStandardInput'
  | 'watchStandardError'
  | 'execterm'
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

/** What a process holds open besides its ends of the links. */
export interface Holding {
  readonly process: ProcessName;
  /**
   * `null`: /dev/null; `childEnd`: tells of a child's end (pidfd); `loop`: the innards of an event loop,
   * which lead to no process but it and those that it was forked from or has forked; `signals`: those that
   * are for the script; `programFiles`: tells of changes; `syslog`: where there is one.
   */
  readonly what:
    'null' | 'standardError' | 'childEnd' | 'loop' | 'signals' | 'programFiles' | 'syslog';
  /** The numbers of its descriptors, where they are always the same. */
  readonly descriptors?: readonly number[];
  /** The child. */
  readonly of?: ProcessName;
  /** Only in the call that has started the server, or only in those that come after it. */
  readonly call?: 'first' | 'later';
}

export const holdings: readonly Holding[] = [
  { process: 'client', what: 'loop' },
  { process: 'client', what: 'signals' },
  { process: 'watcher', what: 'loop' },
  { process: 'server', what: 'null', descriptors: [0, 1, 2] },
  { process: 'server', what: 'loop' },
  { process: 'server', what: 'childEnd', of: 'monitor' },
  { process: 'server', what: 'programFiles' },
  { process: 'server', what: 'syslog' },
  { process: 'monitor', what: 'null', descriptors: [0] },
  { process: 'monitor', what: 'standardError', descriptors: [1, 2], call: 'first' },
  { process: 'monitor', what: 'null', descriptors: [1, 2], call: 'later' },
  { process: 'monitor', what: 'loop' },
  { process: 'monitor', what: 'childEnd', of: 'executor' },
  { process: 'monitor', what: 'syslog' },
  { process: 'executor', what: 'loop' },
];
