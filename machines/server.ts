import type { Chart } from './chart';

/** The script's process from the end of its initialisation: setup, then server. */
export const server: Chart = {
  id: 'server',
  description: 'Holds the initialised script and forks a monitor for every call.',
  predictableActionArguments: true,
  initial: 'identifyingDescriptors',
  meta: {
    posts: {
      identifyDescriptors: ['DESCRIPTORS_IDENTIFIED', 'FAILED'],
      openSyslog: ['SYSLOG_OPENED', 'FAILED'],
      openLoop: ['LOOP_OPENED', 'FAILED'],
      startProof: ['PROOF_STARTED', 'FAILED'],
      forkServer: ['PARENT', 'CHILD', 'FAILED'],
      sendRefusal: ['REFUSAL_SENT', 'CLIENT_GONE', 'FAILED'],
      leadSession: ['SESSION_LED', 'FAILED'],
      forkMonitor: ['PARENT', 'CHILD', 'FAILED'],
      orderStandby: [],
      hastenStandby: [],
      forkStandby: ['PARENT', 'CHILD', 'FAILED'],
      noteStandbyReady: [],
      handOver: ['HANDED_OVER', 'FAILED'],
      dismissStandby: [],
      killStandby: [],
      reapStandby: [],
      logLostStandby: [],
      detach: ['DETACHED', 'FAILED'],
      startServing: ['SERVING_STARTED', 'FAILED'],
      startLullTimer: [],
      stopLullTimer: [],
      awaitProof: ['FORK_PROVED', 'FAILED'],
      warmUp: ['WARMED_UP', 'FAILED'],
      readFileList: ['FILES_LISTED', 'FAILED'],
      startIdleTimer: [],
      stopIdleTimer: [],
      startFreshnessTimer: [],
      stopFreshnessTimer: [],
      pauseWatching: [],
      resumeWatching: [],
      pauseListening: [],
      resumeListening: [],
      stopServing: [],
      checkFreshness: ['FRESH', 'STALE', 'FAILED'],
      acceptCall: ['ACCEPTED', 'NOTHING_TO_ACCEPT', 'FAILED'],
      closeCall: [],
      countError: [],
      forgetErrors: [],
      readWatcher: ['SOCKET_LOST', 'WATCHER_COMPLAINED', 'NOTHING_READ', 'FAILED'],
      reapMonitor: [],
      logFailedMonitor: [],
      removeAbandonedFiles: [],
      logStale: [],
      logLostSocket: [],
      logIdle: [],
      logTermination: [],
      logError: [],
      reportFailure: [],
    },
    watches: {
      leadSession: ['TERMINATED'],
      startServing: ['CONNECTION_WAITING', 'WATCHER_SPOKE'],
      forkMonitor: ['MONITOR_EXITED'],
      orderStandby: ['STANDBY_DUE'],
      forkStandby: ['STANDBY_READY', 'STANDBY_EXITED'],
      dismissStandby: ['DISMISSAL_OVERDUE'],
      handOver: ['MONITOR_EXITED'],
      startLullTimer: ['LULL_OVERDUE'],
      startIdleTimer: ['IDLE'],
      startFreshnessTimer: ['FRESHNESS_DUE'],
    },
  },
  states: {
    identifyingDescriptors: {
      description: 'Reads from PREFORK_INTERP which descriptors are whose.',
      meta: { step: 'identify fds from environment' },
      entry: 'identifyDescriptors',
      on: {
        DESCRIPTORS_IDENTIFIED: [
          { cond: 'isUnsupported', target: 'declining' },
          { target: 'openingSyslog' },
        ],
        FAILED: 'refused',
      },
    },
    openingSyslog: {
      description: 'Opens syslog, where errors go once nobody waits for the server.',
      meta: { step: 'open syslog' },
      entry: 'openSyslog',
      on: { SYSLOG_OPENED: 'openingLoop', FAILED: 'refused' },
    },
    openingLoop: {
      description: 'Opens the event loop that server and monitors wait in.',
      entry: 'openLoop',
      on: { LOOP_OPENED: 'startingProof', FAILED: 'refused' },
    },
    startingProof: {
      description: 'Has the proof under way that a fork of this interpreter lives.',
      entry: 'startProof',
      on: {
        PROOF_STARTED: 'daemonising',
        FAILED: [{ cond: 'isInTheWay', target: 'refused' }, { target: 'declining' }],
      },
    },
    refused: {
      description: 'This process cannot become a server: the script is told why.',
      type: 'final',
      meta: { failure: true, becomes: 'refusal' },
    },
    daemonising: {
      description: 'Forks; that the first process exits is what the client waits for.',
      meta: { step: 'daemonize' },
      entry: 'forkServer',
      on: {
        PARENT: 'handedOver',
        CHILD: 'leadingSession',
        FAILED: [{ cond: 'isInTheWay', target: 'refused' }, { target: 'declining' }],
      },
    },
    declining: {
      description: 'Has the client run each call without a server, unless that is not wanted.',
      meta: { failure: true },
      always: [{ cond: 'isStrict', target: 'refused' }, { target: 'sendingRefusal' }],
    },
    sendingRefusal: {
      description: 'Tells the client why there is no server.',
      meta: { failure: true },
      entry: 'sendRefusal',
      on: { REFUSAL_SENT: 'handedOver', CLIENT_GONE: 'handedOver', FAILED: 'refused' },
    },
    handedOver: {
      description: 'In the setup process: initialisation is complete.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    leadingSession: {
      description: 'Leads a session of its own and heeds requests to terminate from here on.',
      meta: { step: 'SCRIPT [server] &&' },
      entry: 'leadSession',
      on: { SESSION_LED: 'forkingInitialMonitor', FAILED: 'failing' },
    },
    forkingInitialMonitor: {
      description: 'Forks the monitor of the first call.',
      meta: { step: 'fork for initial service' },
      entry: 'forkMonitor',
      on: { PARENT: 'detaching', CHILD: 'becomingMonitor', FAILED: 'failing' },
    },
    becomingMonitor: {
      description: 'In the child: goes on as the monitor of one call.',
      type: 'final',
      meta: { step: 'SCRIPT [monitor]', becomes: 'monitor' },
    },
    becomingStandby: {
      description: 'Goes on as standby.',
      type: 'final',
      meta: { becomes: 'standby' },
    },
    detaching: {
      description: 'Lets go of the first caller; from here errors go to syslog.',
      entry: ['closeCall', 'detach'],
      on: { DETACHED: 'openingDoors', FAILED: 'failing' },
    },
    openingDoors: {
      description: 'Begins to watch for calls and for the watcher.',
      entry: 'startServing',
      on: { SERVING_STARTED: 'awaitingLull', FAILED: 'failing' },
    },
    awaitingLull: {
      description:
        'Leaves the processors to the first call for a moment, or until anything happens.',
      entry: 'startLullTimer',
      exit: 'stopLullTimer',
      on: {
        LULL_OVERDUE: 'awaitingProof',
        CONNECTION_WAITING: 'awaitingProof',
        MONITOR_EXITED: [
          {
            cond: 'monitorFailed',
            target: 'awaitingProof',
            actions: ['logFailedMonitor', 'reapMonitor'],
          },
          { target: 'awaitingProof', actions: 'reapMonitor' },
        ],
        WATCHER_SPOKE: 'awaitingProof',
        TERMINATED: 'draining',
      },
    },
    awaitingProof: {
      description:
        'The proof is over, but in the worst case; what a failure means, the monitor has told.',
      entry: ['pauseWatching', 'awaitProof'],
      exit: 'resumeWatching',
      on: {
        FORK_PROVED: 'warmingUp',
        MONITOR_EXITED: [
          { cond: 'monitorFailed', actions: ['logFailedMonitor', 'reapMonitor'] },
          { actions: 'reapMonitor' },
        ],
        TERMINATED: 'draining',
        FAILED: 'failing',
      },
    },
    warmingUp: {
      description: 'Runs once what every call will run.',
      entry: 'warmUp',
      on: { WARMED_UP: 'listingFiles', FAILED: 'failing' },
    },
    listingFiles: {
      description: 'Learns which files the program is made of, to see when it is stale.',
      entry: ['pauseWatching', 'readFileList'],
      exit: 'resumeWatching',
      on: {
        FILES_LISTED: { target: 'serving', actions: 'orderStandby' },
        MONITOR_EXITED: [
          { cond: 'monitorFailed', actions: ['logFailedMonitor', 'reapMonitor'] },
          { actions: 'reapMonitor' },
        ],
        TERMINATED: 'draining',
        FAILED: 'failing',
      },
    },
    serving: {
      description: 'The accept loop.',
      meta: { step: 'accept / event loop' },
      initial: 'waiting',
      on: {
        MONITOR_EXITED: [
          {
            cond: 'monitorFailed',
            actions: ['logFailedMonitor', 'reapMonitor', 'hastenStandby'],
          },
          { actions: ['reapMonitor', 'hastenStandby'] },
        ],
        STANDBY_READY: { actions: 'noteStandbyReady' },
        STANDBY_EXITED: { actions: ['logLostStandby', 'reapStandby'] },
        WATCHER_SPOKE: '.readingWatcher',
        TERMINATED: 'draining',
        FAILED: 'failing',
      },
      states: {
        waiting: {
          description: 'Sleeps until a call, the watcher, a signal or the idle timeout wakes it.',
          entry: 'startIdleTimer',
          exit: 'stopIdleTimer',
          on: {
            CONNECTION_WAITING: 'checkingFreshness',
            STANDBY_DUE: { cond: 'standbyWanted', target: 'forkingStandby' },
            IDLE: [
              { cond: 'callsRunning', actions: 'startIdleTimer' },
              { target: '#server.quitting', actions: 'logIdle' },
            ],
          },
        },
        forkingStandby: {
          description: 'Forks a standby ahead of the next call.',
          entry: 'forkStandby',
          on: {
            PARENT: 'waiting',
            CHILD: '#server.becomingStandby',
            // Calls get by without: the next one orders another.
            FAILED: { target: 'waiting', actions: 'logError' },
          },
        },
        checkingFreshness: {
          description: 'A call waits: is any file of the program newer than the server?',
          entry: 'checkFreshness',
          on: {
            FRESH: [{ cond: 'atLimit', target: 'full' }, { target: 'accepting' }],
            STALE: { target: '#server.quitting', actions: 'logStale' },
          },
        },
        full: {
          description: 'As many calls run as may; waits for one to end, heeding everything else.',
          entry: ['pauseListening', 'startFreshnessTimer'],
          exit: ['stopFreshnessTimer', 'resumeListening'],
          on: {
            MONITOR_EXITED: [
              {
                cond: 'monitorFailed',
                target: 'waiting',
                actions: ['logFailedMonitor', 'reapMonitor'],
              },
              { target: 'waiting', actions: 'reapMonitor' },
            ],
            FRESHNESS_DUE: 'recheckingFreshness',
          },
        },
        recheckingFreshness: {
          description:
            'Looks at the files while calls wait, so that none waits for a stale server.',
          entry: 'checkFreshness',
          on: {
            FRESH: 'full',
            STALE: { target: '#server.quitting', actions: 'logStale' },
          },
        },
        accepting: {
          description: 'Accepts the call.',
          meta: { step: 'accepted?' },
          entry: 'acceptCall',
          on: {
            ACCEPTED: [
              { cond: 'standbyReady', target: 'handingOver' },
              { target: 'forkingMonitor' },
            ],
            NOTHING_TO_ACCEPT: 'waiting',
            FAILED: { target: 'countingErrors', actions: ['logError', 'countError'] },
          },
        },
        handingOver: {
          description: 'Has the standby become the monitor of the call.',
          entry: 'handOver',
          on: {
            HANDED_OVER: {
              target: 'waiting',
              actions: ['closeCall', 'forgetErrors', 'orderStandby'],
            },
            // Killed a moment ago, say.
            FAILED: { target: 'forkingMonitor', actions: 'logError' },
          },
        },
        forkingMonitor: {
          description: 'Forks the monitor of the accepted call.',
          meta: { step: 'fork child' },
          entry: 'forkMonitor',
          on: {
            PARENT: { target: 'waiting', actions: ['closeCall', 'forgetErrors', 'orderStandby'] },
            CHILD: '#server.becomingMonitor',
            FAILED: { target: 'countingErrors', actions: ['closeCall', 'logError', 'countError'] },
          },
        },
        countingErrors: {
          description: 'A call could not be taken; after too many in a row the server gives up.',
          meta: { failure: true },
          always: [{ cond: 'tooManyErrors', target: '#server.failing' }, { target: 'waiting' }],
        },
        readingWatcher: {
          description: 'The watcher has spoken, or gone.',
          meta: { step: 'watch stderr read?' },
          entry: 'readWatcher',
          on: {
            SOCKET_LOST: { target: '#server.quitting', actions: 'logLostSocket' },
            WATCHER_COMPLAINED: '#server.failing',
            NOTHING_READ: 'waiting',
          },
        },
      },
    },
    draining: {
      description: 'Told to end: takes no more calls and lets the running ones finish.',
      entry: ['logTermination', 'removeAbandonedFiles', 'stopServing', 'dismissStandby'],
      on: {
        MONITOR_EXITED: [
          { cond: 'monitorFailed', actions: ['logFailedMonitor', 'reapMonitor'] },
          { actions: 'reapMonitor' },
        ],
        STANDBY_EXITED: { actions: 'reapStandby' },
        DISMISSAL_OVERDUE: { actions: 'killStandby' },
      },
      always: { cond: 'noChildren', target: 'ended' },
    },
    quitting: {
      description: 'Drops everything; callers that wait see the end and start a fresh server.',
      // The doors first: to close the watches on its files takes the kernel some milliseconds at exit.
      entry: ['removeAbandonedFiles', 'stopServing', 'dismissStandby'],
      always: [{ cond: 'hasStandby', target: 'dismissingStandby' }, { target: 'ended' }],
    },
    dismissingStandby: {
      description: 'Waits for the standby’s end.',
      on: {
        STANDBY_EXITED: { target: 'ended', actions: 'reapStandby' },
        DISMISSAL_OVERDUE: { actions: 'killStandby' },
      },
    },
    ended: {
      description: 'The server is no more; running calls go on without it.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    failing: {
      description: 'Says what went wrong, to the caller at first, later to syslog.',
      meta: { failure: true },
      entry: ['reportFailure', 'removeAbandonedFiles'],
      always: { target: 'failed' },
    },
    failed: {
      description: 'Ends with the status that stands for our own errors.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
  },
};
