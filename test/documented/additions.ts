// What the charts have beyond the documented diagrams, and why: whatever is added has to be named here.

/** By reason and chart, the states. */
export const additions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  failures: {
    client: [
      'withdrawing',
      'withdrawingFailedSetup',
      'withdrawingSilentScript',
      'withdrawingGarbage',
      'losingMonitor',
      'refusing',
      'failed',
    ],
    watcher: ['failing', 'failed'],
    server: ['refused', 'serving.countingErrors', 'failing', 'failed'],
    standby: ['failing', 'failed'],
    monitor: ['failing', 'failed'],
    understudy: ['failing', 'failed'],
    executor: ['abandoned', 'failing', 'failed'],
  },
  'the script runs without a server': {
    client: ['doingWithout', 'executingDirectly'],
    server: ['startingProof', 'awaitingProof', 'declining', 'sendingRefusal'],
    monitor: ['awaitingProof', 'declining'],
  },
  'escalation: a script that does not heed the interrupt': {
    monitor: ['terminating', 'killing'],
  },
  'processes that are forked ahead of the next call': {
    server: [
      'becomingStandby',
      'serving.forkingStandby',
      'serving.handingOver',
      'dismissingStandby',
    ],
    monitor: ['promptingUnderstudy'],
    standby: [
      'leavingServer',
      'leadingGroup',
      'makingExecterm',
      'forkingUnderstudy',
      'becomingUnderstudy',
      'awaitingUnderstudy',
      'reportingReady',
      'waiting',
      'receivingCall',
      'dismissingUnderstudy',
      'dismissed',
    ],
    understudy: [
      'tyingToMonitor',
      'leavingStandby',
      'revivingInterpreter',
      'rehearsing',
      'reportingReady',
      'waiting',
      'dismissed',
    ],
  },
  staleness: {
    server: ['listingFiles', 'serving.checkingFreshness', 'serving.recheckingFreshness'],
  },
  'the concurrency limit, and a server that is told to end': {
    server: ['serving.full', 'draining', 'quitting'],
  },
  'the command line': {
    client: [
      'readingCommandLine',
      'printingHelp',
      'decidingUnderLock',
      'removingServer',
      'succeeded',
    ],
  },
  'steps that the diagrams take for granted': {
    client: [
      'openingLoop',
      'findingRunDirectory',
      'computingIdentity',
      'removingStaleSocket',
      'becomingWatcher',
      'preparingRequest',
      'endingAsChild',
      'ended',
    ],
    watcher: ['settingUp', 'handedOver', 'checkingSocket', 'tidyingAway', 'ended'],
    server: [
      'openingLoop',
      'handedOver',
      'detaching',
      'openingDoors',
      'awaitingLull',
      'warmingUp',
      'ended',
    ],
    monitor: [
      'leavingServer',
      'makingExecterm',
      'supervising.startingToWatch',
      'clearing',
      'finished',
    ],
    executor: [
      'tyingToMonitor',
      'leavingMonitor',
      'placingDescriptors',
      'adoptingRequest',
      'revivingInterpreter',
    ],
  },
};

/** Causes between processes that lines of the diagrams show, by their descriptions. */
export const documentedCauses: readonly string[] = [
  'The client forks the watcher.',
  'The client starts the script.',
  'The script is initialised: its first process exits.',
  'The server forks a monitor for the call.',
  'The monitor greets.',
  'The client announces its request.',
  'The client sends standard input, output and error.',
  'The client sends the length of its message.',
  'The client sends environment and arguments.',
  'The monitor forks the executor.',
  'The script terminates: the kernel closes execterm.',
  'The executor is a zombie.',
  'The monitor tells how the executor ended.',
  'The watcher ends: the kernel closes its standard error.',
  'The client is killed: the kernel closes its end of the call.',
  'The monitor interrupts the process group.',
  'The executor is killed, and a zombie.',
  'Nobody is left to read the status.',
];

/** Causes between processes that no line of the diagrams shows, by their descriptions. */
export const moreCauses: readonly string[] = [
  'The watcher has daemonised: its first process exits.',
  'A client connects.',
  'The client hands a signal on.',
  'The monitor ends.',
  'The server forks a standby.',
  'The standby forks an understudy.',
  'The understudy is ready.',
  'The standby is ready.',
  'The server hands a call over to the standby, which becomes its monitor.',
  'The monitor passes the request on to the understudy, which becomes the executor.',
  'The server dismisses the standby.',
  'The understudy ends.',
  'The standby ends.',
  'A client removes or replaces the socket.',
  'A client removes a socket that nobody seems to serve.',
  'The watcher says what went wrong.',
  'The server ends: the kernel closes the watcher’s standard input.',
  'The server ends, stale perhaps: callers that wait at the socket see the end.',
  'The monitor terminates the process group.',
  'The monitor kills the process group.',
];

/** What processes hold besides, as `holdings` of the topology has it. */
export const moreHoldings: readonly string[] = [
  'client loop',
  'client signals',
  'watcher loop',
  'server loop',
  'server childEnd',
  'server programFiles',
  'monitor loop',
  'monitor childEnd',
  'executor loop',
];
