import type { Chart } from './chart';

/** Hands what the container tells of its readiness on to the host. */
export const notify: Chart = {
  id: 'notify',
  description: 'Hands the readiness messages of a container on to the host’s service manager.',
  predictableActionArguments: true,
  initial: 'relaying',
  meta: {
    posts: {
      watchSocket: [],
      receiveMessage: ['MESSAGE_ALLOWED', 'MESSAGE_REFUSED', 'NOTHING_THERE'],
      forwardMessage: [],
      closeSocket: [],
    },
    watches: { watchSocket: ['MESSAGE_WAITING'] },
    hears: ['CLOSE_ASKED'],
  },
  states: {
    relaying: {
      description: 'Waits for messages; those that could harm the host do not pass.',
      entry: 'watchSocket',
      on: {
        MESSAGE_WAITING: { actions: 'receiveMessage' },
        MESSAGE_ALLOWED: { actions: 'forwardMessage' },
        MESSAGE_REFUSED: {},
        NOTHING_THERE: {},
        CLOSE_ASKED: 'emptying',
      },
    },
    emptying: {
      description: 'The container has ended: hands on what it has said last.',
      entry: 'receiveMessage',
      on: {
        MESSAGE_ALLOWED: { target: 'emptying', actions: 'forwardMessage' },
        MESSAGE_REFUSED: 'emptying',
        NOTHING_THERE: 'closed',
      },
    },
    closed: {
      description: 'Everything has been handed on.',
      type: 'final',
      entry: 'closeSocket',
    },
  },
};
