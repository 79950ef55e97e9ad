import type { Chart, Transition } from './chart';

/** Every place that the exit status is written to is tried, whatever came of the one before. */
const recordHere: readonly Transition[] = [
  { cond: 'recordsInCurrentDirectory', target: 'recordingHere' },
  { target: 'recorded' },
];
const recordPlainly: readonly Transition[] = [
  { cond: 'hasExitDirectory', target: 'recordingPlainly' },
  ...recordHere,
];

/** The monitor of one container: starts it, keeps its output, tells how it ended. */
export const container: Chart = {
  id: 'container',
  description:
    'Monitors one container: starts it with the runtime, keeps its output, tells its end.',
  predictableActionArguments: true,
  initial: 'readingCommandLine',
  meta: {
    posts: {
      readCommandLine: ['OPTIONS_READ', 'HELP_ASKED', 'VERSION_ASKED', 'FAILED'],
      printHelp: [],
      printVersion: [],
      checkOptions: ['OPTIONS_VALID', 'FAILED'],
      openLogs: ['LOGS_OPENED', 'FAILED'],
      openLoop: ['LOOP_OPENED', 'FAILED'],
      guardAgainstOom: [],
      awaitStart: ['START_RELEASED', 'FAILED'],
      forkDaemon: ['PARENT', 'CHILD', 'FAILED'],
      writeMonitorPid: ['PID_WRITTEN', 'FAILED'],
      openNotifySocket: ['NOTIFY_SOCKET_OPENED', 'FAILED'],
      takePipes: ['PIPES_TAKEN', 'FAILED'],
      leaveCaller: ['CALLER_LEFT', 'FAILED'],
      openConsoleSocket: ['STREAMS_OPENED', 'FAILED'],
      openPipes: ['STREAMS_OPENED', 'FAILED'],
      openDoors: ['DOORS_OPENED', 'FAILED'],
      announceDoors: ['DOORS_ANNOUNCED'],
      awaitAttachment: ['START_RELEASED', 'FAILED'],
      forkRuntime: ['PARENT', 'CHILD', 'FAILED'],
      superviseRuntime: [],
      reapRuntime: ['RUNTIME_RUNNING', 'RUNTIME_SUCCEEDED', 'RUNTIME_FAILED'],
      askTerminal: ['TERMINAL_READY', 'TERMINAL_MISSING'],
      forwardSignal: [],
      readContainerPid: ['CONTAINER_PID_READ', 'FAILED'],
      reportContainerPid: ['CONTAINER_PID_REPORTED'],
      watchMemory: [],
      startStreams: [],
      startTimeout: [],
      reapContainer: ['CONTAINER_RUNNING', 'CONTAINER_EXITED'],
      killContainer: [],
      startGraceTimer: [],
      checkMemory: [],
      awaitEndOfStreams: ['STREAMS_ENDED'],
      drainStreams: ['STREAMS_ENDED'],
      finishLogs: ['LOGS_FINISHED'],
      flushClients: ['CLIENTS_FLUSHED'],
      closeInherited: [],
      recordPersistentExit: ['EXIT_RECORDED', 'FAILED'],
      recordExit: ['EXIT_RECORDED', 'FAILED'],
      recordExitHere: ['EXIT_RECORDED', 'FAILED'],
      reportExit: [],
      collectLastWords: [],
      describeMissingTerminal: [],
      describeFailedRuntime: [],
      reportCreationFailure: [],
      reportFailure: [],
      warnOfFailure: [],
      closeDoors: [],
      forkExitCommand: ['PARENT', 'CHILD', 'FAILED'],
      reapExitCommand: ['EXIT_COMMAND_RUNNING', 'EXIT_COMMAND_ENDED'],
    },
    watches: {
      openLoop: ['SIGNAL_ARRIVED', 'CHILDREN_CHANGED'],
      startTimeout: ['TIME_IS_UP'],
      startGraceTimer: ['GRACE_OVER'],
    },
    hears: [
      'TERMINAL_READY',
      'TERMINAL_MISSING',
      'STREAMS_ENDED',
      'LOGS_FINISHED',
      'CLIENTS_FLUSHED',
    ],
  },
  states: {
    readingCommandLine: {
      description: 'Takes the command line apart.',
      entry: 'readCommandLine',
      on: {
        OPTIONS_READ: 'checkingOptions',
        HELP_ASKED: { target: 'answered', actions: 'printHelp' },
        VERSION_ASKED: { target: 'answered', actions: 'printVersion' },
        FAILED: 'failing',
      },
    },
    answered: {
      description: 'Nothing but an answer was wanted.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    checkingOptions: {
      description: 'Sees whether the options make sense together.',
      entry: 'checkOptions',
      on: { OPTIONS_VALID: 'openingLogs', FAILED: 'failing' },
    },
    openingLogs: {
      description: 'Opens the logs, so that a wrong path is heard of at once.',
      entry: 'openLogs',
      on: { LOGS_OPENED: 'openingLoop', FAILED: 'failing' },
    },
    openingLoop: {
      description: 'Opens the event loop and takes up the watch over signals.',
      entry: 'openLoop',
      on: { LOOP_OPENED: 'awaitingStart', FAILED: 'failing' },
    },
    awaitingStart: {
      description: 'Waits until the caller has moved this process where it belongs.',
      entry: ['guardAgainstOom', 'awaitStart'],
      on: {
        START_RELEASED: [
          { cond: 'staysInForeground', target: 'preparing' },
          { target: 'daemonising' },
        ],
        SIGNAL_ARRIVED: 'terminated',
        FAILED: 'failing',
      },
    },
    daemonising: {
      description: 'Forks, so that the caller may go on.',
      entry: 'forkDaemon',
      on: { PARENT: 'handingOver', CHILD: 'preparing', FAILED: 'failing' },
    },
    handingOver: {
      description: 'In the parent: writes down the pid of the monitor.',
      entry: 'writeMonitorPid',
      on: { PID_WRITTEN: 'handedOver', FAILED: 'failing' },
    },
    handedOver: {
      description: 'In the parent: the monitor is on its way.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    preparing: {
      description: 'Makes everything that the container will need.',
      initial: 'enteringService',
      on: { SIGNAL_ARRIVED: 'terminated', FAILED: 'unprepared' },
      states: {
        enteringService: {
          description: 'Is the container to tell when it is ready?',
          always: [
            { cond: 'relaysReadiness', target: 'openingNotifySocket' },
            { target: 'takingPipes' },
          ],
        },
        openingNotifySocket: {
          description: 'Makes the socket for the container’s word that it is ready.',
          entry: 'openNotifySocket',
          on: { NOTIFY_SOCKET_OPENED: 'takingPipes' },
        },
        takingPipes: {
          description: 'Takes the pipes on which the caller waits for word.',
          entry: 'takePipes',
          on: { PIPES_TAKEN: 'leavingCaller' },
        },
        leavingCaller: {
          description: 'Leaves the caller’s session and streams; orphans shall come here.',
          entry: 'leaveCaller',
          on: {
            CALLER_LEFT: [
              { cond: 'usesTerminal', target: 'openingConsoleSocket' },
              { target: 'openingPipes' },
            ],
          },
        },
        openingConsoleSocket: {
          description: 'Makes the socket over which the runtime will send the terminal.',
          entry: 'openConsoleSocket',
          on: {
            STREAMS_OPENED: [
              { cond: 'opensDoors', target: 'openingDoors' },
              { target: '#container.launching' },
            ],
          },
        },
        openingPipes: {
          description: 'Makes the pipes for the container’s output and input.',
          entry: 'openPipes',
          on: {
            STREAMS_OPENED: [
              { cond: 'opensDoors', target: 'openingDoors' },
              { target: '#container.launching' },
            ],
          },
        },
        openingDoors: {
          description: 'Makes the socket for clients and the pipes for commands.',
          entry: 'openDoors',
          on: {
            DOORS_OPENED: [
              { cond: 'isAttachedFirst', target: 'announcingDoors' },
              { target: '#container.launching' },
            ],
          },
        },
        announcingDoors: {
          description: 'Tells the caller that it can attach.',
          entry: 'announceDoors',
          on: { DOORS_ANNOUNCED: 'awaitingAttachment' },
        },
        awaitingAttachment: {
          description: 'Waits until the caller is attached, so that it misses no output.',
          entry: 'awaitAttachment',
          on: { START_RELEASED: '#container.launching' },
        },
      },
    },
    launching: {
      description: 'Starts the runtime.',
      entry: 'forkRuntime',
      on: { PARENT: 'awaitingRuntime', CHILD: 'becomingRuntime', FAILED: 'unprepared' },
    },
    becomingRuntime: {
      description: 'In the child: goes on as the runtime.',
      type: 'final',
      meta: { becomes: 'runtime' },
    },
    awaitingRuntime: {
      description: 'The runtime makes the container, or a process in it.',
      initial: 'working',
      on: {
        SIGNAL_ARRIVED: { actions: 'forwardSignal' },
        TERMINAL_READY: {},
        TERMINAL_MISSING: {},
      },
      states: {
        working: {
          description: 'Waits for the end of the runtime.',
          entry: 'superviseRuntime',
          on: {
            CHILDREN_CHANGED: { actions: 'reapRuntime' },
            RUNTIME_RUNNING: {},
            RUNTIME_FAILED: {
              target: '#container.creationFailed',
              actions: 'describeFailedRuntime',
            },
            RUNTIME_SUCCEEDED: [
              { cond: 'lacksTerminal', target: 'askingTerminal' },
              { target: '#container.readingPid' },
            ],
          },
        },
        askingTerminal: {
          description: 'The runtime has ended, the terminal is not here yet.',
          entry: 'askTerminal',
          on: {
            TERMINAL_READY: '#container.readingPid',
            TERMINAL_MISSING: {
              target: '#container.creationFailed',
              actions: 'describeMissingTerminal',
            },
          },
        },
      },
    },
    readingPid: {
      description: 'Reads which process is the container’s.',
      entry: 'readContainerPid',
      on: {
        CONTAINER_PID_READ: [
          { cond: 'reportsPid', target: 'reportingPid' },
          { target: 'supervising' },
        ],
        FAILED: 'creationFailed',
      },
    },
    reportingPid: {
      description: 'Tells the caller.',
      entry: 'reportContainerPid',
      on: { CONTAINER_PID_REPORTED: 'supervising' },
    },
    supervising: {
      description: 'The container runs, or has ended before it could be seen to.',
      entry: ['watchMemory', 'startStreams', 'startTimeout', 'reapContainer'],
      on: {
        CHILDREN_CHANGED: { actions: 'reapContainer' },
        SIGNAL_ARRIVED: { actions: 'forwardSignal' },
        CONTAINER_RUNNING: {},
        CONTAINER_EXITED: 'ending',
        TIME_IS_UP: 'killing',
      },
    },
    killing: {
      description: 'The container has had its time.',
      meta: { failure: true },
      entry: ['killContainer', 'startGraceTimer'],
      on: {
        CHILDREN_CHANGED: { actions: 'reapContainer' },
        CONTAINER_RUNNING: {},
        CONTAINER_EXITED: 'ending.finishingLogs',
        GRACE_OVER: 'ending.finishingLogs',
      },
    },
    ending: {
      description: 'The container has ended.',
      initial: 'checkingMemory',
      states: {
        checkingMemory: {
          description: 'Was it for want of memory?',
          entry: 'checkMemory',
          always: [
            { cond: 'readsToTheEnd', target: 'awaitingEndOfStreams' },
            { target: 'draining' },
          ],
        },
        awaitingEndOfStreams: {
          description: 'Reads until nobody is left who could write.',
          entry: 'awaitEndOfStreams',
          on: { STREAMS_ENDED: 'finishingLogs', SIGNAL_ARRIVED: 'draining' },
        },
        draining: {
          description: 'Reads what the container has left behind.',
          entry: 'drainStreams',
          on: { STREAMS_ENDED: 'finishingLogs' },
        },
        finishingLogs: {
          description: 'Sees the logs complete and on disk.',
          entry: 'finishLogs',
          on: { LOGS_FINISHED: 'flushingClients' },
        },
        flushingClients: {
          description: 'Lets attached clients read to the end.',
          entry: 'flushClients',
          on: {
            CLIENTS_FLUSHED: { target: 'recording', actions: ['closeDoors', 'closeInherited'] },
          },
        },
        recording: {
          description: 'Is the exit status to outlive a restart of the caller?',
          always: [
            { cond: 'hasPersistDirectory', target: 'recordingPersistently' },
            ...recordPlainly,
          ],
        },
        recordingPersistently: {
          description: 'Writes the exit status where it does.',
          entry: 'recordPersistentExit',
          on: {
            EXIT_RECORDED: recordPlainly,
            FAILED: recordPlainly.map((way) => ({ ...way, actions: 'warnOfFailure' })),
          },
        },
        recordingPlainly: {
          description: 'Writes the exit status where the caller looks for it.',
          entry: 'recordExit',
          on: {
            EXIT_RECORDED: recordHere,
            FAILED: recordHere.map((way) => ({ ...way, actions: 'warnOfFailure' })),
          },
        },
        recordingHere: {
          description: 'Writes the exit status into the current directory.',
          entry: 'recordExitHere',
          on: {
            EXIT_RECORDED: 'recorded',
            FAILED: { target: 'recorded', actions: 'warnOfFailure' },
          },
        },
        recorded: {
          description: 'Does the caller wait for the status of a process in the container?',
          always: [{ cond: 'reportsExit', target: 'reporting' }, { target: '#container.leaving' }],
        },
        reporting: {
          description: 'Tells the caller.',
          entry: 'reportExit',
          always: { target: '#container.leaving' },
        },
      },
    },
    creationFailed: {
      description: 'There is no container, or nothing could be learnt of it.',
      meta: { failure: true },
      initial: 'collecting',
      states: {
        collecting: {
          description: 'Reads what the runtime had to say.',
          entry: ['closeDoors', 'collectLastWords'],
          always: [{ cond: 'reportsCreation', target: 'reporting' }, { target: 'saying' }],
        },
        reporting: {
          description: 'Tells the caller.',
          entry: 'reportCreationFailure',
          always: { target: 'saying' },
        },
        saying: {
          description: 'Says so where its own messages go.',
          entry: 'reportFailure',
          always: { target: '#container.leaving' },
        },
      },
    },
    leaving: {
      description: 'Is there anything to do that the container’s end is the sign for?',
      always: [{ cond: 'hasExitCommand', target: 'forkingExitCommand' }, { target: 'ended' }],
    },
    forkingExitCommand: {
      description: 'Starts the command that tidies up after the container.',
      entry: 'forkExitCommand',
      on: {
        PARENT: 'awaitingExitCommand',
        CHILD: 'becomingExitCommand',
        FAILED: { target: 'ended', actions: 'warnOfFailure' },
      },
    },
    becomingExitCommand: {
      description: 'In the child: goes on as that command.',
      type: 'final',
      meta: { becomes: 'exitCommand' },
    },
    awaitingExitCommand: {
      description: 'Waits for its end.',
      entry: 'reapExitCommand',
      on: {
        CHILDREN_CHANGED: { actions: 'reapExitCommand' },
        EXIT_COMMAND_RUNNING: {},
        EXIT_COMMAND_ENDED: 'ended',
      },
    },
    ended: {
      description: 'Ends, with the status of the container if the caller has waited for it.',
      type: 'final',
    },
    terminated: {
      description: 'Was told to end before there was anything to monitor.',
      type: 'final',
      meta: { exitStatus: 1 },
    },
    unprepared: {
      description: 'There will be no container: tells the caller that waits for it.',
      meta: { failure: true },
      entry: 'reportCreationFailure',
      always: { target: 'failing' },
    },
    failing: {
      description: 'Says what went wrong.',
      meta: { failure: true },
      entry: 'reportFailure',
      always: { target: 'failed' },
    },
    failed: {
      description: 'Ends without a container.',
      type: 'final',
      meta: { failure: true, exitStatus: 1 },
    },
  },
};
