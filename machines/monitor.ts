import type { Chart } from './chart';

/** One call on the server's side: receives it, forks the executor, reports how it ended. */
export const monitor: Chart = {
  id: 'monitor',
  description: 'One call: receives the request, forks the executor, reports how it ended.',
  predictableActionArguments: true,
  initial: 'leavingServer',
  meta: {
    posts: {
      leaveServer: ['SERVER_LEFT', 'FAILED'],
      leadGroup: ['GROUP_LED', 'FAILED'],
      awaitProof: ['FORK_PROVED', 'FAILED'],
      sendRefusal: ['REFUSAL_SENT', 'CLIENT_GONE', 'FAILED'],
      sendGreeting: ['GREETING_SENT', 'CLIENT_GONE', 'FAILED'],
      receiveSignallingByte: ['SIGNALLING_BYTE_RECEIVED', 'CLIENT_GONE', 'FAILED'],
      receiveDescriptors: ['DESCRIPTORS_RECEIVED', 'CLIENT_GONE', 'FAILED'],
      receiveLength: ['LENGTH_RECEIVED', 'CLIENT_GONE', 'FAILED'],
      receiveMessage: ['MESSAGE_RECEIVED', 'CLIENT_GONE', 'FAILED'],
      promptUnderstudy: ['PROMPTED', 'UNDERSTUDY_GONE', 'FAILED'],
      reapUnderstudy: [],
      makeExecterm: ['EXECTERM_MADE', 'FAILED'],
      forkExecutor: ['PARENT', 'CHILD', 'FAILED'],
      superviseExecutor: ['SUPERVISING', 'FAILED'],
      readCall: ['SIGNAL_RECEIVED', 'CALL_QUIET', 'CLIENT_GONE'],
      deliverSignal: [],
      stopWatchingExecterm: [],
      stopWatchingCall: [],
      ignoreInterrupt: [],
      interruptGroup: [],
      terminateGroup: [],
      killGroup: [],
      startGraceTimer: [],
      reapExecutor: ['EXECUTOR_REAPED', 'FAILED'],
      sendStatus: ['STATUS_SENT', 'CLIENT_GONE', 'FAILED'],
      reapKeeper: ['KEEPER_REAPED'],
      reportFailure: [],
    },
    watches: {
      superviseExecutor: ['CALL_READABLE', 'EXECTERM_READABLE', 'EXECUTOR_EXITED'],
      startGraceTimer: ['GRACE_OVER'],
    },
  },
  states: {
    leavingServer: {
      description: 'Closes what belongs to the server: the listening socket, the watcher’s pipes.',
      entry: 'leaveServer',
      on: { SERVER_LEFT: 'leadingGroup', FAILED: 'failing' },
    },
    leadingGroup: {
      description: 'Leads a process group, so that the whole call can be signalled at once.',
      meta: { step: 'setpgrp &' },
      entry: 'leadGroup',
      on: {
        GROUP_LED: [
          { cond: 'servesFirstCall', target: 'awaitingProof' },
          { target: 'sendingGreeting' },
        ],
        FAILED: 'failing',
      },
    },
    awaitingProof: {
      description:
        'First call of a server: a throw-away fork must have collected garbage and ended as it should.',
      entry: 'awaitProof',
      on: { FORK_PROVED: 'sendingGreeting', FAILED: 'declining' },
    },
    declining: {
      description:
        'Forks of this interpreter do not work: tells the client, which can do without a server.',
      meta: { failure: true },
      entry: 'sendRefusal',
      on: { REFUSAL_SENT: 'finished', CLIENT_GONE: 'finished', FAILED: 'failing' },
    },
    sendingGreeting: {
      description: 'Tells the client that its request is awaited.',
      meta: { step: 'send greeting' },
      entry: 'sendGreeting',
      on: { GREETING_SENT: 'receiving', CLIENT_GONE: 'finished', FAILED: 'failing' },
    },
    receiving: {
      description: 'Receives the request.',
      meta: { step: 'receive fds' },
      initial: 'signallingByte',
      on: { CLIENT_GONE: 'finished', FAILED: 'failing' },
      states: {
        signallingByte: {
          description: 'One byte, zero: a request follows.',
          entry: 'receiveSignallingByte',
          on: { SIGNALLING_BYTE_RECEIVED: 'descriptors' },
        },
        descriptors: {
          description: 'Standard input, output and error, each with one byte.',
          entry: 'receiveDescriptors',
          on: { DESCRIPTORS_RECEIVED: 'length' },
        },
        length: {
          description: 'The length of the message.',
          entry: 'receiveLength',
          on: { LENGTH_RECEIVED: 'message' },
        },
        message: {
          description: 'Environment and arguments.',
          entry: 'receiveMessage',
          on: {
            MESSAGE_RECEIVED: [
              { cond: 'hasUnderstudy', target: '#monitor.promptingUnderstudy' },
              { target: '#monitor.makingExecterm' },
            ],
          },
        },
      },
    },
    promptingUnderstudy: {
      description: 'Passes the request on to the understudy, which becomes the executor.',
      entry: 'promptUnderstudy',
      on: {
        PROMPTED: 'supervising',
        // Killed a moment ago, say.
        UNDERSTUDY_GONE: { target: 'makingExecterm', actions: 'reapUnderstudy' },
        FAILED: 'failing',
      },
    },
    makingExecterm: {
      description: 'Makes the pipe that the kernel closes when the executor has gone.',
      entry: 'makeExecterm',
      on: { EXECTERM_MADE: 'forkingExecutor', FAILED: 'failing' },
    },
    forkingExecutor: {
      description: 'Forks the process that runs the script.',
      meta: { step: 'fork for executor' },
      entry: 'forkExecutor',
      on: { PARENT: 'supervising', CHILD: 'becomingExecutor', FAILED: 'failing' },
    },
    becomingExecutor: {
      description: 'In the child: goes on as the executor.',
      type: 'final',
      meta: { step: 'SCRIPT (executor)', becomes: 'executor' },
    },
    supervising: {
      description: 'The script runs.',
      initial: 'startingToWatch',
      entry: 'superviseExecutor',
      on: {
        CALL_READABLE: { actions: 'readCall' },
        SIGNAL_RECEIVED: { actions: 'deliverSignal' },
        CALL_QUIET: {},
        CLIENT_GONE: 'interrupting',
        EXECUTOR_EXITED: 'reaping',
        FAILED: 'failing',
      },
      states: {
        startingToWatch: {
          description: 'Takes up the watch over client and executor.',
          on: { SUPERVISING: 'waitingForRead' },
        },
        waitingForRead: {
          description: 'Waits for a word from the client or the end of the executor.',
          meta: { step: 'wait for read (select)' },
          on: { EXECTERM_READABLE: { target: 'awaitingExit', actions: 'stopWatchingExecterm' } },
        },
        awaitingExit: {
          description: 'The executor has closed its end of the pipe; it is about to be gone.',
          meta: { step: 'execterm?' },
        },
      },
    },
    interrupting: {
      description: 'The client has gone: interrupts the call.',
      meta: { step: 'kill whole pgrp', failure: true },
      entry: [
        'stopWatchingCall',
        'stopWatchingExecterm',
        'ignoreInterrupt',
        'interruptGroup',
        'startGraceTimer',
      ],
      on: { EXECUTOR_EXITED: 'reaping', GRACE_OVER: 'terminating' },
    },
    terminating: {
      description: 'The script did not heed the interrupt: asks it to terminate.',
      meta: { failure: true },
      entry: ['terminateGroup', 'startGraceTimer'],
      on: { EXECUTOR_EXITED: 'reaping', GRACE_OVER: 'killing' },
    },
    killing: {
      description: 'The script heeded neither: kills it.',
      meta: { failure: true },
      entry: 'killGroup',
      on: { EXECUTOR_EXITED: 'reaping' },
    },
    reaping: {
      description: 'Takes the wait status of the executor.',
      meta: { step: 'waitpid' },
      entry: 'reapExecutor',
      on: { EXECUTOR_REAPED: 'sendingStatus', FAILED: 'failing' },
    },
    sendingStatus: {
      description: 'Tells the client how the executor ended.',
      meta: { step: 'send status' },
      entry: 'sendStatus',
      on: { STATUS_SENT: 'clearing', CLIENT_GONE: 'clearing', FAILED: 'failing' },
    },
    clearing: {
      description:
        'Waits until the memory of the executor has been given back: a process of its own does that.',
      entry: 'reapKeeper',
      on: { KEEPER_REAPED: 'finished' },
    },
    finished: {
      description: 'The call is over.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    failing: {
      description: 'Says what went wrong: to the caller in the first call, later to syslog.',
      meta: { failure: true },
      entry: 'reportFailure',
      always: { target: 'failed' },
    },
    failed: {
      description: 'Ends with the status that stands for our own errors.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
  },
};
