import type { Chart } from './chart';

/** Where clients attach to a container. */
export const attach: Chart = {
  id: 'attach',
  description: 'The socket at which clients attach to a container.',
  predictableActionArguments: true,
  initial: 'listening',
  meta: {
    posts: {
      watchSocket: [],
      stopWatching: [],
      acceptClient: ['CLIENT_ACCEPTED', 'NOTHING_THERE', 'FAILED'],
      reportFailure: [],
      startPause: [],
      closeSocket: [],
      askClientsToFinish: [],
      tellFlushed: [],
    },
    watches: {
      watchSocket: ['CLIENT_WAITING'],
      startPause: ['PAUSE_OVER'],
      askClientsToFinish: ['CLIENT_LEFT'],
    },
    hears: ['FLUSH_ASKED'],
  },
  states: {
    listening: {
      description: 'Takes every client that connects.',
      entry: 'watchSocket',
      exit: 'stopWatching',
      on: {
        CLIENT_WAITING: { actions: 'acceptClient' },
        CLIENT_ACCEPTED: {},
        NOTHING_THERE: {},
        FAILED: 'pausing',
        FLUSH_ASKED: 'flushing',
      },
    },
    pausing: {
      description: 'No descriptor or memory is to be had: leaves clients waiting for a while.',
      meta: { failure: true },
      entry: ['reportFailure', 'startPause'],
      on: { PAUSE_OVER: 'listening', FLUSH_ASKED: 'flushing' },
    },
    flushing: {
      description: 'The container has ended: clients get what they have not got yet.',
      entry: ['closeSocket', 'askClientsToFinish'],
      on: { CLIENT_LEFT: {} },
      always: { cond: 'isAlone', target: 'closed' },
    },
    closed: {
      description: 'Nobody is attached any more.',
      type: 'final',
      entry: 'tellFlushed',
    },
  },
};
