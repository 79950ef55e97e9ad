import type { Chart } from './chart';

/** Ends when the socket on disk is no longer the one it was started for, or the server has died. */
export const watcher: Chart = {
  id: 'watcher',
  description:
    'Lives as long as the socket on disk is the one it was started for and the server lives.',
  predictableActionArguments: true,
  initial: 'settingUp',
  meta: {
    posts: {
      setUpWatch: ['WATCH_SET_UP', 'SOCKET_REPLACED', 'FAILED'],
      forkDaemon: ['PARENT', 'CHILD', 'FAILED'],
      leadSession: ['SESSION_LED', 'SOCKET_REPLACED', 'FAILED'],
      checkSocket: ['SOCKET_UNCHANGED', 'SOCKET_REPLACED', 'FAILED'],
      removeAbandonedFiles: [],
      reportFailure: [],
    },
    watches: { setUpWatch: ['SOCKET_TOUCHED', 'SERVER_GONE'] },
  },
  states: {
    settingUp: {
      description: 'Watches the socket path and its own standard input; errors go to the caller.',
      entry: 'setUpWatch',
      on: { WATCH_SET_UP: 'daemonising', SOCKET_REPLACED: 'ended', FAILED: 'failing' },
    },
    daemonising: {
      description: 'Forks, so that the client may stop waiting.',
      meta: { step: 'fork/daemonise' },
      entry: 'forkDaemon',
      on: { PARENT: 'handedOver', CHILD: 'leadingSession', FAILED: 'failing' },
    },
    handedOver: {
      description: 'In the parent: the watch stands.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    leadingSession: {
      description: 'Leads a session of its own; from here errors go down the pipe to the server.',
      meta: { step: 'WATCHER(C) &&' },
      entry: 'leadSession',
      on: { SESSION_LED: 'checkingSocket', SOCKET_REPLACED: 'ended', FAILED: 'failing' },
    },
    checkingSocket: {
      description: 'Compares what is at the socket path with what was there at the start.',
      entry: 'checkSocket',
      on: { SOCKET_UNCHANGED: 'watching', SOCKET_REPLACED: 'ended', FAILED: 'failing' },
    },
    watching: {
      description: 'Sleeps until something happens to the socket path or to the server.',
      meta: { step: 'inotify sockpath' },
      on: { SOCKET_TOUCHED: 'checkingSocket', SERVER_GONE: 'tidyingAway' },
    },
    tidyingAway: {
      description: 'The server has gone: removes the socket and the lock that it left.',
      entry: 'removeAbandonedFiles',
      always: { target: 'ended' },
    },
    ended: {
      description: 'Ends; the server sees its pipe close.',
      type: 'final',
      meta: { exitStatus: 0 },
    },
    failing: {
      description: 'Says what went wrong.',
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
