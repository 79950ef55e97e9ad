import type { Chart, StateNode } from './chart';

/** The way to a greeting; `whenGreeted` and `whenAbsent` say where it leads. */
const connection = (
  step: string,
  description: string,
  whenGreeted: string,
  whenAbsent: string,
): StateNode => ({
  description,
  meta: { step },
  initial: 'connecting',
  on: {
    ABSENT: whenAbsent,
    DECLINED: '#client.doingWithout',
    GARBAGE_RECEIVED: '#client.refusing',
    TIMED_OUT: '#client.doingWithout',
    FAILED: '#client.doingWithout',
  },
  states: {
    connecting: {
      description: 'Connects to the socket in the run directory.',
      entry: 'connect',
      on: { CONNECTED: 'readingGreeting', BACKLOG_FULL: 'awaitingRoom' },
    },
    awaitingRoom: {
      description: 'So many callers wait at the socket that it takes no more; tries again shortly.',
      entry: 'startRetryTimer',
      on: { RETRY_DUE: 'connecting' },
    },
    readingGreeting: {
      description: 'Connected; the monitor that will serve this call greets first.',
      entry: 'readGreeting',
      on: { GREETED: whenGreeted },
    },
  },
});

/** One call: finds or starts the server, hands it the call, ends as the executor ended. */
export const client: Chart = {
  id: 'client',
  description:
    'One call: finds or starts the server, hands it the call, ends as the executor ended.',
  predictableActionArguments: true,
  initial: 'readingCommandLine',
  meta: {
    posts: {
      readCommandLine: ['COMMAND_LINE_READ', 'HELP_REQUESTED', 'USAGE_WRONG'],
      printHelp: [],
      openLoop: ['LOOP_OPENED', 'FAILED'],
      startTimeout: [],
      findRunDirectory: ['RUN_DIRECTORY_FOUND', 'FALLBACK_FOUND', 'FAILED'],
      warnOfFallback: [],
      computeIdentity: ['IDENTITY_COMPUTED', 'IDENTITY_REFUSED', 'FAILED'],
      connect: ['CONNECTED', 'BACKLOG_FULL', 'ABSENT', 'FAILED'],
      startRetryTimer: ['RETRY_DUE'],
      readGreeting: ['GREETED', 'DECLINED', 'ABSENT', 'GARBAGE_RECEIVED', 'FAILED'],
      tidyRunDirectory: ['TIDIED', 'FAILED'],
      tryLock: ['LOCKED', 'LOCK_BUSY', 'LOCK_REPLACED', 'FAILED'],
      awaitLock: ['LOCKED', 'LOCK_REPLACED', 'FAILED'],
      releaseLock: [],
      removeServerFiles: ['REMOVED', 'FAILED'],
      removeStaleSocket: ['REMOVED', 'FAILED'],
      createListeningSocket: ['LISTENING', 'FAILED'],
      forkWatcher: ['PARENT', 'CHILD', 'FAILED'],
      awaitWatcher: ['WATCHER_READY', 'FAILED'],
      makeFirstCall: ['FIRST_CALL_MADE', 'FAILED'],
      forkSetup: ['PARENT', 'CHILD', 'FAILED'],
      awaitSetup: ['SETUP_SUCCEEDED', 'SETUP_FAILED', 'FAILED'],
      reportSilentScript: [],
      rememberStreams: [],
      putBackStreams: [],
      sendRequest: ['REQUEST_SENT', 'MONITOR_GONE', 'FAILED'],
      holdSignals: [],
      watchSignals: [],
      forwardSignal: [],
      stopSelf: [],
      readStatus: ['STATUS_RECEIVED', 'MONITOR_GONE', 'FAILED'],
      exitAsChild: [],
      raiseAsChild: [],
      reportSignal: [],
      reportFailure: [],
      reportLostMonitor: [],
      warnOfDirectRun: [],
    },
    watches: {
      startTimeout: ['TIMED_OUT'],
      watchSignals: ['SIGNAL_ARRIVED', 'STOP_ARRIVED'],
    },
  },
  states: {
    readingCommandLine: {
      description: 'Reads options, interpreter, script and arguments, in any of the three forms.',
      entry: 'readCommandLine',
      on: {
        COMMAND_LINE_READ: [
          { cond: 'isSwitchedOff', target: 'executingDirectly' },
          { target: 'openingLoop' },
        ],
        HELP_REQUESTED: 'printingHelp',
        USAGE_WRONG: 'refusing',
      },
    },
    printingHelp: {
      description: 'Prints the usage page on standard output.',
      entry: 'printHelp',
      always: { target: 'succeeded' },
    },
    openingLoop: {
      description: 'Opens the event loop; the bound on the wait for a greeting runs from here.',
      entry: 'openLoop',
      on: {
        LOOP_OPENED: { target: 'findingRunDirectory', actions: 'startTimeout' },
        FAILED: 'doingWithout',
      },
    },
    findingRunDirectory: {
      description: 'Finds the run directory, or makes it.',
      entry: 'findRunDirectory',
      on: {
        RUN_DIRECTORY_FOUND: 'computingIdentity',
        FALLBACK_FOUND: { target: 'computingIdentity', actions: 'warnOfFallback' },
        FAILED: 'doingWithout',
      },
    },
    computingIdentity: {
      description: 'Hashes what calls must have in common to share a server.',
      entry: 'computeIdentity',
      on: {
        IDENTITY_COMPUTED: [
          { cond: 'mustNotConnect', target: 'tidying' },
          { target: 'attempting' },
        ],
        IDENTITY_REFUSED: 'refusing',
        FAILED: 'doingWithout',
      },
    },
    attempting: connection(
      'attempt to connect, and read greeting',
      'First attempt, without the lock: the way of every warm call.',
      '#client.preparingRequest',
      '#client.tidying',
    ),
    tidying: {
      description: 'No server: removes the oldest entries of a crowded run directory.',
      meta: { step: 'tidy up stale /run entries' },
      entry: 'tidyRunDirectory',
      on: { TIDIED: 'acquiringLock', FAILED: 'doingWithout' },
    },
    acquiringLock: {
      description: 'Takes the lock on this identity, if it is free.',
      meta: { step: 'acquire lock' },
      entry: 'tryLock',
      on: {
        LOCKED: 'decidingUnderLock',
        LOCK_BUSY: 'awaitingLock',
        LOCK_REPLACED: 'acquiringLock',
        FAILED: 'doingWithout',
      },
    },
    awaitingLock: {
      description: 'Another caller holds the lock, most likely while it starts the server.',
      meta: { step: 'acquire lock' },
      entry: 'awaitLock',
      on: {
        LOCKED: 'decidingUnderLock',
        LOCK_REPLACED: 'acquiringLock',
        TIMED_OUT: 'doingWithout',
        FAILED: 'doingWithout',
      },
    },
    decidingUnderLock: {
      description: 'The lock is held: kill, replace, or look again for a server.',
      always: [
        { cond: 'mustKill', target: 'removingServer' },
        { cond: 'mustNotConnect', target: 'removingStaleSocket' },
        { target: 'retrying' },
      ],
    },
    removingServer: {
      description: 'Removes socket and lock; the watcher sees it and the server ends.',
      entry: 'removeServerFiles',
      on: { REMOVED: 'succeeded', FAILED: 'refusing' },
    },
    retrying: connection(
      'retry attempt to connect, and read greeting',
      'Second attempt, under the lock: another caller may have started a server meanwhile.',
      '#client.releasingLock',
      '#client.removingStaleSocket',
    ),
    removingStaleSocket: {
      description: 'Removes the socket of a server that is no more, or is to be replaced.',
      entry: 'removeStaleSocket',
      on: { REMOVED: 'creatingListeningSocket', FAILED: 'doingWithout' },
    },
    creatingListeningSocket: {
      description:
        'Binds and listens; inode and time of the socket are what the watcher holds it to.',
      meta: { step: 'create listening socket' },
      entry: 'createListeningSocket',
      on: { LISTENING: 'forkingWatcher', FAILED: 'withdrawing' },
    },
    forkingWatcher: {
      description: 'Makes the two pipes of the watcher and forks it.',
      meta: { step: 'fork/daemonise' },
      entry: 'forkWatcher',
      on: { PARENT: 'awaitingWatcher', CHILD: 'becomingWatcher', FAILED: 'withdrawing' },
    },
    becomingWatcher: {
      description: 'In the child: goes on as the watcher.',
      type: 'final',
      meta: { becomes: 'watcher' },
    },
    awaitingWatcher: {
      description: 'Waits until the watcher has set up its watch and daemonised.',
      meta: { step: 'fork/daemonise' },
      entry: 'awaitWatcher',
      on: { WATCHER_READY: 'makingFirstCall', FAILED: 'withdrawing' },
    },
    makingFirstCall: {
      description: 'Makes the socket pair that stands in for the first connection.',
      meta: { step: 'make "fake" initial call socketpair' },
      entry: 'makeFirstCall',
      on: { FIRST_CALL_MADE: 'forkingSetup', FAILED: 'withdrawing' },
    },
    forkingSetup: {
      description: 'Forks the process that will execute interpreter and script.',
      meta: { step: 'fork/exec' },
      entry: 'forkSetup',
      on: { PARENT: 'awaitingSetup', CHILD: 'becomingSetup', FAILED: 'withdrawing' },
    },
    becomingSetup: {
      description: 'In the child: executes interpreter and script, which initialises itself.',
      type: 'final',
      meta: { step: 'SCRIPT (setup)', becomes: 'setup' },
    },
    awaitingSetup: {
      description: 'Waits until the script is initialised: then its first process exits with 0.',
      meta: { step: 'waitpid' },
      entry: 'awaitSetup',
      on: {
        SETUP_SUCCEEDED: 'readingFirstGreeting',
        SETUP_FAILED: 'withdrawingFailedSetup',
        FAILED: 'withdrawing',
      },
    },
    readingFirstGreeting: {
      description: 'The first monitor greets over the stand-in connection.',
      meta: { step: 'read greeting' },
      entry: ['startTimeout', 'readGreeting'],
      on: {
        GREETED: 'releasingLock',
        DECLINED: 'withdrawing',
        ABSENT: 'withdrawingSilentScript',
        GARBAGE_RECEIVED: 'withdrawingGarbage',
        TIMED_OUT: 'withdrawing',
        FAILED: 'withdrawing',
      },
    },
    releasingLock: {
      description: 'The server stands; lets the other callers at it.',
      meta: { step: 'release lock' },
      entry: 'releaseLock',
      always: { target: 'preparingRequest' },
    },
    preparingRequest: {
      description:
        'As soon as the request is complete the script may run, and signals are its own: holds them.',
      entry: 'rememberStreams',
      always: [
        { cond: 'monitorTakesSignals', target: 'sendingRequest', actions: 'holdSignals' },
        { target: 'sendingRequest' },
      ],
    },
    sendingRequest: {
      description: 'Sends standard input, output and error, then environment and arguments.',
      meta: { step: 'send fds' },
      entry: 'sendRequest',
      on: {
        REQUEST_SENT: [
          { cond: 'monitorTakesSignals', target: 'awaitingStatus', actions: 'watchSignals' },
          { target: 'awaitingStatus' },
        ],
        MONITOR_GONE: 'losingMonitor',
        FAILED: 'refusing',
      },
    },
    awaitingStatus: {
      description:
        'The executor runs and gets our signals; after it, the streams are as they were.',
      meta: { step: 'read status' },
      entry: 'readStatus',
      exit: 'putBackStreams',
      on: {
        STATUS_RECEIVED: 'endingAsChild',
        SIGNAL_ARRIVED: { actions: 'forwardSignal' },
        STOP_ARRIVED: { actions: ['forwardSignal', 'stopSelf'] },
        MONITOR_GONE: 'losingMonitor',
        FAILED: 'refusing',
      },
    },
    endingAsChild: {
      description: 'Ends as the executor ended, or as the setup did when that failed.',
      always: [
        { cond: 'childExited', target: 'ended', actions: 'exitAsChild' },
        { cond: 'childDiedQuietly', target: 'ended', actions: 'raiseAsChild' },
        { target: 'failed', actions: 'reportSignal' },
      ],
    },
    withdrawing: {
      description: 'The server cannot be had: takes back the socket, still under the lock.',
      meta: { failure: true },
      entry: 'removeServerFiles',
      on: { REMOVED: 'doingWithout', FAILED: 'doingWithout' },
    },
    withdrawingFailedSetup: {
      description: 'The script failed to initialise: takes back the socket, then ends as it did.',
      meta: { failure: true },
      entry: 'removeServerFiles',
      on: { REMOVED: 'endingAsChild', FAILED: 'endingAsChild' },
    },
    withdrawingSilentScript: {
      description: 'The script ended without declaring its initialisation complete.',
      meta: { failure: true },
      entry: ['reportSilentScript', 'removeServerFiles'],
      on: { REMOVED: 'failed', FAILED: 'failed' },
    },
    withdrawingGarbage: {
      description: 'What should greet speaks another protocol: takes back the socket.',
      meta: { failure: true },
      entry: 'removeServerFiles',
      on: { REMOVED: 'refusing', FAILED: 'refusing' },
    },
    losingMonitor: {
      description: 'The monitor went away without a status: how the script ended is not known.',
      meta: { failure: true },
      entry: 'reportLostMonitor',
      always: { target: 'failed' },
    },
    doingWithout: {
      description:
        'The machinery cannot work here: the script runs without it, unless told otherwise.',
      meta: { failure: true },
      always: [
        { cond: 'mustKill', target: 'refusing' },
        { cond: 'isStrict', target: 'refusing' },
        { target: 'executingDirectly', actions: 'warnOfDirectRun' },
      ],
    },
    executingDirectly: {
      description: 'Executes interpreter and script in place of this process.',
      type: 'final',
      meta: { becomes: 'script' },
    },
    refusing: {
      description: 'Says in one line what is wrong.',
      meta: { failure: true },
      entry: 'reportFailure',
      always: { target: 'failed' },
    },
    succeeded: {
      description: 'Nothing more to do.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    ended: {
      description: 'Ends with the status of the call.',
      type: 'final',
    },
    failed: {
      description: 'Ends with the status that stands for our own errors.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
  },
};
