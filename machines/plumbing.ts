/**
 * Which step opens, closes and places which descriptors: the documented list "Sequence of events and fd
 * plumbing", as data. A fork copies all of them; what is close-on-exec is closed in the setup's exec.
 */

/** An open file, told by what it is; `.reads`, `.writes` and the like are the ends of one link. */
export type OpenFile =
  | 'standardInput'
  | 'standardOutput'
  | 'standardError'
  | 'null'
  | 'lock'
  | 'listen'
  | 'call.client'
  | 'call.monitor'
  | 'watchStandardInput.reads'
  | 'watchStandardInput.writes'
  | 'watchStandardError.reads'
  | 'watchStandardError.writes'
  | 'socketPath'
  | 'syslog'
  | 'execterm.reads'
  | 'execterm.writes'
  | 'handover.server'
  | 'handover.standby'
  | 'prompt.standby'
  | 'prompt.understudy';

/** The numbers 0, 1 and 2. */
export type Placed = readonly [OpenFile, OpenFile, OpenFile];

/** What a state's entry does to the descriptors of its process. */
export interface Change {
  readonly chart: string;
  readonly states: readonly string[];
  readonly opens?: readonly OpenFile[];
  readonly closes?: readonly OpenFile[];
  /** null: as it was. */
  readonly places?: readonly [OpenFile | null, OpenFile | null, OpenFile | null];
}

/** What the caller gives to the client. */
export const inherited: Placed = ['standardInput', 'standardOutput', 'standardError'];

const ofWatcher = ['watchStandardInput.reads', 'watchStandardError.writes'] as const;
const ofServer = ['watchStandardInput.writes', 'watchStandardError.reads'] as const;

export const plumbing: readonly Change[] = [
  {
    chart: 'client',
    states: ['attempting.readingGreeting', 'retrying.readingGreeting'],
    opens: ['call.client'],
  },
  { chart: 'client', states: ['tidying', 'removingStaleSocket'], closes: ['call.client'] },
  { chart: 'client', states: ['decidingUnderLock'], opens: ['lock'] },
  { chart: 'client', states: ['creatingListeningSocket'], opens: ['listen'] },
  { chart: 'client', states: ['forkingWatcher'], opens: [...ofWatcher, ...ofServer] },
  { chart: 'client', states: ['awaitingWatcher'], closes: ofWatcher },
  { chart: 'client', states: ['becomingWatcher'], closes: ['lock', 'listen', ...ofServer] },
  { chart: 'client', states: ['makingFirstCall'], opens: ['call.client', 'call.monitor'] },
  { chart: 'client', states: ['forkingSetup'], opens: ['null'] },
  {
    chart: 'client',
    states: ['becomingSetup'],
    closes: ['lock', 'call.client', 'null'],
    places: ['null', 'standardError', null],
  },
  {
    chart: 'client',
    states: ['awaitingSetup'],
    closes: ['null', 'call.monitor', 'listen', ...ofServer],
  },
  { chart: 'client', states: ['releasingLock'], closes: ['lock'] },
  { chart: 'watcher', states: ['settingUp'], opens: ['socketPath'] },
  {
    chart: 'watcher',
    states: ['leadingSession'],
    closes: ofWatcher,
    places: ['watchStandardInput.reads', 'watchStandardError.writes', 'watchStandardError.writes'],
  },
  { chart: 'server', states: ['openingSyslog'], opens: ['syslog'] },
  {
    chart: 'server',
    states: ['detaching'],
    closes: ['call.monitor'],
    places: ['null', 'null', 'null'],
  },
  {
    chart: 'server',
    states: ['serving.forkingStandby'],
    opens: ['handover.server', 'handover.standby'],
  },
  {
    chart: 'server',
    states: ['serving.handingOver'],
    opens: ['call.monitor'],
    closes: ['handover.server'],
  },
  { chart: 'server', states: ['serving.forkingMonitor'], opens: ['call.monitor'] },
  { chart: 'server', states: ['serving.waiting'], closes: ['call.monitor', 'handover.standby'] },
  {
    chart: 'standby',
    states: ['leavingServer'],
    closes: ['listen', ...ofServer, 'handover.server'],
  },
  { chart: 'standby', states: ['makingExecterm'], opens: ['execterm.reads', 'execterm.writes'] },
  {
    chart: 'standby',
    states: ['forkingUnderstudy'],
    opens: ['prompt.standby', 'prompt.understudy'],
  },
  {
    chart: 'standby',
    states: ['awaitingUnderstudy'],
    closes: ['execterm.writes', 'prompt.understudy'],
  },
  {
    chart: 'standby',
    states: ['becomingMonitor'],
    opens: ['call.monitor'],
    closes: ['handover.standby'],
  },
  { chart: 'monitor', states: ['leavingServer'], closes: ['listen', ...ofServer] },
  { chart: 'monitor', states: ['receiving.length'], opens: inherited },
  { chart: 'monitor', states: ['makingExecterm'], opens: ['execterm.reads', 'execterm.writes'] },
  {
    chart: 'monitor',
    states: ['supervising.startingToWatch'],
    closes: ['execterm.writes', 'prompt.standby', ...inherited],
  },
  {
    chart: 'understudy',
    states: ['leavingStandby'],
    closes: ['handover.standby', 'execterm.reads', 'prompt.standby'],
  },
  {
    chart: 'understudy',
    states: ['becomingExecutor'],
    opens: inherited,
    closes: ['prompt.understudy'],
  },
  { chart: 'executor', states: ['leavingMonitor'], closes: ['call.monitor', 'execterm.reads'] },
  {
    chart: 'executor',
    states: ['placingDescriptors'],
    closes: inherited,
    places: inherited,
  },
  { chart: 'executor', states: ['executingService'], closes: ['syslog'] },
];
