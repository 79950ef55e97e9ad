import type { Chart } from './chart';

/** A fork of the server made ahead of the next call, of which it becomes the monitor. */
export const standby: Chart = {
  id: 'standby',
  description: 'Forked from the server ahead of the next call: becomes the monitor of that.',
  predictableActionArguments: true,
  initial: 'leavingServer',
  meta: {
    posts: {
      leaveServer: ['SERVER_LEFT', 'FAILED'],
      leadGroup: ['GROUP_LED', 'FAILED'],
      makeExecterm: ['EXECTERM_MADE', 'FAILED'],
      forkUnderstudy: ['PARENT', 'CHILD', 'FAILED'],
      reportReady: ['READY_REPORTED', 'DISMISSED', 'FAILED'],
      receiveCall: ['CALL_RECEIVED', 'NOTHING_RECEIVED', 'DISMISSED', 'FAILED'],
      killUnderstudy: [],
      reapUnderstudy: [],
      reportFailure: [],
    },
    watches: {
      leaveServer: ['HANDOVER_READABLE'],
      forkUnderstudy: ['UNDERSTUDY_READY', 'UNDERSTUDY_EXITED'],
    },
  },
  states: {
    leavingServer: {
      description:
        'Closes what belongs to the server: the listening socket, the watcher’s pipes; keeps the handover.',
      entry: 'leaveServer',
      on: { SERVER_LEFT: 'leadingGroup', FAILED: 'failing' },
    },
    leadingGroup: {
      description: 'Leads the process group of the call to come.',
      entry: 'leadGroup',
      on: { GROUP_LED: 'makingExecterm', FAILED: 'failing' },
    },
    makingExecterm: {
      description: 'Makes the pipe that the kernel closes when the executor has gone.',
      entry: 'makeExecterm',
      on: { EXECTERM_MADE: 'forkingUnderstudy', FAILED: 'failing' },
    },
    forkingUnderstudy: {
      description: 'Forks the process that is to run the script.',
      entry: 'forkUnderstudy',
      on: { PARENT: 'awaitingUnderstudy', CHILD: 'becomingUnderstudy', FAILED: 'failing' },
    },
    becomingUnderstudy: {
      description: 'In the child: goes on as the understudy.',
      type: 'final',
      meta: { becomes: 'understudy' },
    },
    awaitingUnderstudy: {
      description: 'Waits until the understudy has rehearsed.',
      on: {
        UNDERSTUDY_READY: 'reportingReady',
        UNDERSTUDY_EXITED: { target: 'failed', actions: 'reapUnderstudy' },
        HANDOVER_READABLE: 'receivingCall',
      },
    },
    reportingReady: {
      description: 'Tells the server that a call would be served at once.',
      entry: 'reportReady',
      on: { READY_REPORTED: 'waiting', DISMISSED: 'dismissingUnderstudy', FAILED: 'failing' },
    },
    waiting: {
      description: 'Sleeps until the server has a call for it, or has gone.',
      on: {
        HANDOVER_READABLE: 'receivingCall',
        UNDERSTUDY_READY: 'reportingReady',
        UNDERSTUDY_EXITED: { target: 'failed', actions: 'reapUnderstudy' },
      },
    },
    receivingCall: {
      description: 'Receives the call that the server has accepted.',
      entry: 'receiveCall',
      on: {
        CALL_RECEIVED: 'becomingMonitor',
        NOTHING_RECEIVED: 'waiting',
        DISMISSED: 'dismissingUnderstudy',
        FAILED: 'failing',
      },
    },
    becomingMonitor: {
      description: 'Goes on as the monitor of that call.',
      type: 'final',
      meta: { step: 'SCRIPT [monitor]', becomes: 'monitor' },
    },
    dismissingUnderstudy: {
      description: 'No call will come: ends the understudy.',
      entry: 'killUnderstudy',
      on: { UNDERSTUDY_EXITED: { target: 'dismissed', actions: 'reapUnderstudy' } },
    },
    dismissed: {
      description: 'The server has gone, or does without.',
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
      description: 'Ends with the status that stands for our own errors; the understudy with it.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
  },
};
