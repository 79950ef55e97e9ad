/**
 * Who forks whom, who leads a session or a process group, and what runs between whom: the documented
 * diagram "State during service execution, process parentage and key fds", as data.
 */

/** A process of the system: one for each chart, and the script before it is a server. */
export type ProcessName =
  'client' | 'watcher' | 'setup' | 'server' | 'standby' | 'monitor' | 'understudy' | 'executor';

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
  /** What it becomes, by the same number, once there is a call for it. */
  readonly aheadOf?: ProcessName;
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
    name: 'standby',
    description: 'Forked ahead of the next call, and becomes the monitor of that.',
    chart: 'standby',
    runsIn: 'library',
    aheadOf: 'monitor',
    forkedBy: 'server',
    origin: { chart: 'server', states: ['serving.forkingStandby'], action: 'forkStandby' },
    leads: 'group',
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
    name: 'understudy',
    description: 'Forked ahead of the next call, and becomes the executor of that.',
    chart: 'understudy',
    runsIn: 'library',
    aheadOf: 'executor',
    forkedBy: 'standby',
    origin: { chart: 'standby', states: ['forkingUnderstudy'], action: 'forkUnderstudy' },
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
