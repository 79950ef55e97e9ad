/**
 * What the time of a call goes into: its phases, each with the states that belong to it. A call is in the
 * last phase that any of its processes is in.
 */

export interface Phase {
  readonly name: string;
  readonly description: string;
  /** By chart the paths of states; one that has states stands for those that are not named elsewhere. */
  readonly states: Readonly<Record<string, readonly string[]>>;
}

/** In order. */
export const phases: readonly Phase[] = [
  {
    name: 'prepare',
    description: 'The client reads its command line and learns which server is meant.',
    states: {
      client: [
        'readingCommandLine',
        'printingHelp',
        'openingLoop',
        'findingRunDirectory',
        'computingIdentity',
      ],
    },
  },
  {
    name: 'connect',
    description: 'The client connects to the server’s socket.',
    states: {
      client: [
        'attempting.connecting',
        'attempting.awaitingRoom',
        'retrying.connecting',
        'retrying.awaitingRoom',
      ],
    },
  },
  {
    name: 'start',
    description: 'No server: the client starts one, and the script initialises itself.',
    states: {
      client: [
        'tidying',
        'acquiringLock',
        'awaitingLock',
        'decidingUnderLock',
        'removingServer',
        'removingStaleSocket',
        'creatingListeningSocket',
        'forkingWatcher',
        'becomingWatcher',
        'awaitingWatcher',
        'makingFirstCall',
        'forkingSetup',
        'becomingSetup',
        'awaitingSetup',
        'withdrawing',
        'withdrawingFailedSetup',
        'withdrawingSilentScript',
        'withdrawingGarbage',
      ],
      monitor: ['awaitingProof'],
    },
  },
  {
    name: 'fork',
    description: 'The server accepts the call and forks its monitor, or has a standby become it.',
    states: { client: ['attempting.readingGreeting', 'retrying.readingGreeting'] },
  },
  {
    name: 'greeting',
    description: 'The monitor leaves the server and greets the client.',
    states: {
      client: ['readingFirstGreeting', 'releasingLock'],
      monitor: ['leavingServer', 'leadingGroup', 'sendingGreeting', 'receiving.signallingByte'],
    },
  },
  {
    name: 'descriptors',
    description: 'The client hands over its descriptors, environment and arguments.',
    states: {
      client: ['preparingRequest', 'sendingRequest', 'awaitingStatus'],
      monitor: ['receiving.descriptors', 'receiving.length', 'receiving.message'],
    },
  },
  {
    name: 'launch',
    description:
      'The monitor forks the executor, or has the understudy become it: a process like a fresh one.',
    states: {
      monitor: [
        'promptingUnderstudy',
        'makingExecterm',
        'forkingExecutor',
        'becomingExecutor',
        'supervising',
      ],
      executor: [
        'tyingToMonitor',
        'leavingMonitor',
        'placingDescriptors',
        'adoptingRequest',
        'revivingInterpreter',
      ],
    },
  },
  {
    name: 'run',
    description: 'The script runs.',
    states: {
      client: ['doingWithout', 'executingDirectly'],
      monitor: ['interrupting', 'terminating', 'killing'],
      executor: ['executingService'],
    },
  },
  {
    name: 'exit',
    description: 'The monitor reports how the script ended, and the client ends likewise.',
    states: {
      client: ['endingAsChild', 'losingMonitor', 'refusing', 'succeeded', 'ended', 'failed'],
      monitor: [
        'declining',
        'supervising.awaitingExit',
        'reaping',
        'sendingStatus',
        'clearing',
        'finished',
        'failing',
        'failed',
      ],
      executor: ['abandoned', 'failing', 'failed'],
    },
  },
];
