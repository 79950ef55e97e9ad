/**
 * Which step in one process causes what in another: the dotted lines of the documented diagram "Control
 * flow and causality", and of its variant in which the client is killed, as data.
 */

import { at, end, on, step, type Causation, type Outside } from './causation';
import { aheadOfCalls } from './causality-ahead';

export type { Causation };

const application = (words: string): Outside => ({ by: 'application', step: words });
const kernel = (words: string): Outside => ({ by: 'kernel', step: words });

/** How a server that is ready learns that there is something from its watcher. */
const spoken = { states: ['serving.waiting', 'serving.full'], event: 'WATCHER_SPOKE' };

const starting: readonly Causation[] = [
  {
    description: 'The client forks the watcher.',
    cause: step('client', 'forkingWatcher', 'forkWatcher'),
    effect: at('watcher', 'settingUp'),
    by: 'fork',
  },
  {
    description: 'The watcher has daemonised: its first process exits.',
    cause: step('watcher', 'handedOver'),
    effect: on('client', 'awaitingWatcher', 'WATCHER_READY'),
    by: 'exit',
  },
  {
    description: 'The client starts the script.',
    cause: step('client', 'forkingSetup', 'forkSetup'),
    effect: at('server', 'identifyingDescriptors'),
    by: 'fork',
  },
  {
    description: 'The script is initialised: its first process exits.',
    cause: step('server', 'handedOver'),
    effect: on('client', 'awaitingSetup', 'SETUP_SUCCEEDED'),
    by: 'exit',
  },
];

const calling: readonly Causation[] = [
  {
    description: 'A client connects.',
    cause: {
      ...step('client', ['attempting.connecting', 'retrying.connecting'], 'connect'),
      outcome: 'CONNECTED',
    },
    effect: on('server', ['serving.waiting', 'awaitingLull'], 'CONNECTION_WAITING'),
    by: 'descriptor',
    link: 'listen',
  },
  {
    description: 'The server forks a monitor for the call.',
    cause: step('server', ['forkingInitialMonitor', 'serving.forkingMonitor'], 'forkMonitor'),
    effect: at('monitor', 'leavingServer'),
    by: 'fork',
  },
  {
    description: 'The monitor greets.',
    cause: step('monitor', 'sendingGreeting', 'sendGreeting'),
    effect: on(
      'client',
      ['attempting.readingGreeting', 'retrying.readingGreeting', 'readingFirstGreeting'],
      'GREETED',
    ),
    by: 'descriptor',
    link: 'call',
  },
  ...(
    [
      ['signallingByte', 'SIGNALLING_BYTE_RECEIVED', 'announces its request'],
      ['descriptors', 'DESCRIPTORS_RECEIVED', 'sends standard input, output and error'],
      ['length', 'LENGTH_RECEIVED', 'sends the length of its message'],
      ['message', 'MESSAGE_RECEIVED', 'sends environment and arguments'],
    ] as const
  ).map(([state, event, what]): Causation => ({
    description: `The client ${what}.`,
    cause: step('client', 'sendingRequest', 'sendRequest'),
    effect: on('monitor', `receiving.${state}`, event),
    by: 'descriptor',
    link: 'call',
  })),
  {
    description: 'The monitor forks the executor.',
    cause: step('monitor', 'forkingExecutor', 'forkExecutor'),
    effect: at('executor', 'tyingToMonitor'),
    by: 'fork',
  },
  {
    description: 'The client hands a signal on.',
    cause: step('client', 'awaitingStatus', 'forwardSignal'),
    effect: on('monitor', 'supervising.waitingForRead', 'CALL_READABLE'),
    by: 'descriptor',
    link: 'call',
  },
  {
    description: 'The script terminates: the kernel closes execterm.',
    cause: end(
      'executor',
      'executingService',
      application('terminates'),
      kernel('kernel closes execterm'),
    ),
    effect: on('monitor', 'supervising.waitingForRead', 'EXECTERM_READABLE'),
    by: 'descriptor',
    link: 'execterm',
  },
  {
    description: 'The executor is a zombie.',
    cause: end('executor', 'executingService', kernel('zombie')),
    effect: on(
      'monitor',
      ['supervising.waitingForRead', 'supervising.awaitingExit'],
      'EXECUTOR_EXITED',
    ),
    by: 'exit',
  },
  {
    description: 'The monitor tells how the executor ended.',
    cause: step('monitor', 'sendingStatus', 'sendStatus'),
    effect: on('client', 'awaitingStatus', 'STATUS_RECEIVED'),
    by: 'descriptor',
    link: 'call',
  },
  {
    description: 'The monitor ends.',
    cause: step('monitor', ['finished', 'failed']),
    effect: on(
      'server',
      [
        'serving.waiting',
        'serving.full',
        'awaitingLull',
        'awaitingProof',
        'listingFiles',
        'draining',
      ],
      'MONITOR_EXITED',
    ),
    by: 'exit',
  },
];

const ending: readonly Causation[] = [
  {
    description: 'A client removes or replaces the socket.',
    cause: step('client', 'removingServer', 'removeServerFiles'),
    effect: on('watcher', 'watching', 'SOCKET_TOUCHED'),
    by: 'descriptor',
    link: 'socketPath',
  },
  {
    description: 'A client removes a socket that nobody seems to serve.',
    cause: step('client', 'removingStaleSocket', 'removeStaleSocket'),
    effect: on('watcher', 'watching', 'SOCKET_TOUCHED'),
    by: 'descriptor',
    link: 'socketPath',
  },
  {
    description: 'The watcher ends: the kernel closes its standard error.',
    cause: step('watcher', 'ended'),
    effect: { ...on('server', 'serving.readingWatcher', 'SOCKET_LOST'), notice: spoken },
    by: 'descriptor',
    link: 'watchStandardError',
  },
  {
    description: 'The watcher says what went wrong.',
    cause: step('watcher', 'failing', 'reportFailure'),
    effect: { ...on('server', 'serving.readingWatcher', 'WATCHER_COMPLAINED'), notice: spoken },
    by: 'descriptor',
    link: 'watchStandardError',
  },
  {
    description: 'The server ends: the kernel closes the watcher’s standard input.',
    cause: step('server', ['ended', 'failed']),
    effect: on('watcher', 'watching', 'SERVER_GONE'),
    by: 'descriptor',
    link: 'watchStandardInput',
  },
  {
    description: 'The server ends, stale perhaps: callers that wait at the socket see the end.',
    cause: step('server', ['ended', 'failed']),
    effect: on('client', ['attempting.readingGreeting', 'retrying.readingGreeting'], 'ABSENT'),
    by: 'descriptor',
    link: 'listen',
  },
];

const clientKilled: readonly Causation[] = [
  {
    description: 'The client is killed: the kernel closes its end of the call.',
    cause: end('client', 'awaitingStatus', kernel('terminates'), kernel('kernel closes call')),
    effect: {
      ...on('monitor', ['supervising.waitingForRead', 'supervising.awaitingExit'], 'CLIENT_GONE'),
      notice: {
        states: ['supervising.waitingForRead', 'supervising.awaitingExit'],
        event: 'CALL_READABLE',
      },
    },
    by: 'descriptor',
    link: 'call',
    variant: 'client killed',
  },
  ...(
    [
      ['interrupting', 'interruptGroup', 'interrupts'],
      ['terminating', 'terminateGroup', 'terminates'],
      ['killing', 'killGroup', 'kills'],
    ] as const
  ).flatMap(([state, action, does]): Causation[] => [
    {
      description: `The monitor ${does} the process group.`,
      cause: step('monitor', state, action),
      effect: at('executor', 'executingService'),
      by: 'signal',
      variant: 'client killed',
    },
    {
      description: 'The executor is killed, and a zombie.',
      cause: end('executor', 'executingService', kernel('killed'), kernel('zombie')),
      effect: on('monitor', state, 'EXECUTOR_EXITED'),
      by: 'exit',
      variant: 'client killed',
    },
  ]),
  {
    description: 'Nobody is left to read the status.',
    cause: end('client', 'awaitingStatus', kernel('terminates'), kernel('kernel closes call')),
    effect: on('monitor', 'sendingStatus', 'CLIENT_GONE'),
    by: 'descriptor',
    link: 'call',
    variant: 'client killed',
  },
];

/** In the order of the diagram. */
export const causality: readonly Causation[] = [
  ...starting,
  ...calling,
  ...aheadOfCalls,
  ...ending,
  ...clientKilled,
];
