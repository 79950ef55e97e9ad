import type { Chart } from './chart';

/** A fork of the standby made ahead of the next call: becomes the executor of that. */
export const understudy: Chart = {
  id: 'understudy',
  description: 'Forked from the standby ahead of the next call: becomes the executor of that.',
  predictableActionArguments: true,
  initial: 'tyingToMonitor',
  meta: {
    posts: {
      tieToMonitor: ['TIED', 'MONITOR_GONE', 'FAILED'],
      holdSignals: [],
      leaveStandby: ['STANDBY_LEFT', 'FAILED'],
      reviveInterpreter: ['INTERPRETER_REVIVED', 'FAILED'],
      rehearse: ['REHEARSED', 'FAILED'],
      reportReady: ['READY_REPORTED', 'MONITOR_GONE', 'FAILED'],
      receiveRequest: ['REQUEST_RECEIVED', 'MONITOR_GONE', 'FAILED'],
      discardSignals: [],
      reportFailure: [],
    },
  },
  states: {
    tyingToMonitor: {
      description: 'Asks the kernel to end it, should the standby be killed, or the monitor later.',
      entry: ['holdSignals', 'tieToMonitor'],
      on: { TIED: 'leavingStandby', MONITOR_GONE: 'dismissed', FAILED: 'failing' },
    },
    leavingStandby: {
      description:
        'Closes what belongs to the standby: the handover and the reading end of execterm.',
      entry: 'leaveStandby',
      on: { STANDBY_LEFT: 'revivingInterpreter', FAILED: 'failing' },
    },
    revivingInterpreter: {
      description: 'Brings the interpreter’s own event loop back to life.',
      entry: 'reviveInterpreter',
      on: { INTERPRETER_REVIVED: 'rehearsing', FAILED: 'failing' },
    },
    rehearsing: {
      description: 'Does once what the call will do, so that the memory for it is there.',
      entry: 'rehearse',
      on: { REHEARSED: 'reportingReady', FAILED: 'failing' },
    },
    reportingReady: {
      description: 'Tells the standby that it could begin.',
      entry: 'reportReady',
      on: { READY_REPORTED: 'waiting', MONITOR_GONE: 'dismissed', FAILED: 'failing' },
    },
    waiting: {
      description: 'Sleeps until the monitor passes a request on.',
      entry: 'receiveRequest',
      on: {
        REQUEST_RECEIVED: { target: 'becomingExecutor', actions: 'discardSignals' },
        MONITOR_GONE: 'dismissed',
        FAILED: 'failing',
      },
    },
    becomingExecutor: {
      description: 'Goes on as the executor of that call.',
      type: 'final',
      meta: { step: 'SCRIPT (executor)', becomes: 'executor' },
    },
    dismissed: {
      description: 'Nobody is left to send a request.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    failing: {
      description: 'Says in syslog what went wrong.',
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
