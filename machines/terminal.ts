import type { Chart } from './chart';

/** A container's terminal: comes from the runtime over a socket, then is kept at the right size. */
export const terminal: Chart = {
  id: 'terminal',
  description: 'The terminal of a container: received from the runtime, then kept at its size.',
  predictableActionArguments: true,
  initial: 'awaiting',
  meta: {
    posts: {
      watchConsoleSocket: [],
      acceptRuntime: ['RUNTIME_CONNECTED', 'NOTHING_THERE', 'FAILED'],
      watchConnection: [],
      receiveTerminal: ['TERMINAL_RECEIVED', 'NOTHING_THERE', 'FAILED'],
      setUpTerminal: ['TERMINAL_SET_UP', 'FAILED'],
      removeConsoleSocket: [],
      applySize: [],
      tellReady: [],
      tellMissing: [],
      closeTerminal: [],
    },
    watches: {
      watchConsoleSocket: ['CONNECTION_WAITING'],
      watchConnection: ['TERMINAL_WAITING'],
    },
    hears: ['RUNTIME_DONE', 'RESIZED', 'CLOSE_ASKED'],
  },
  states: {
    awaiting: {
      description: 'The runtime is at work.',
      initial: 'connection',
      on: { FAILED: 'missing', CLOSE_ASKED: 'closed' },
      states: {
        connection: {
          description: 'Waits for the runtime to connect to the console socket.',
          entry: 'watchConsoleSocket',
          on: {
            CONNECTION_WAITING: { actions: 'acceptRuntime' },
            NOTHING_THERE: {},
            RUNTIME_CONNECTED: 'message',
            RUNTIME_DONE: '#terminal.lookingOnce.connection',
          },
        },
        message: {
          description: 'Waits for the terminal to come over the connection.',
          entry: 'watchConnection',
          on: {
            TERMINAL_WAITING: { actions: 'receiveTerminal' },
            NOTHING_THERE: {},
            TERMINAL_RECEIVED: '#terminal.settingUp',
            RUNTIME_DONE: '#terminal.lookingOnce.message',
          },
        },
      },
    },
    lookingOnce: {
      description: 'The runtime has ended: what it has not sent by now will not come.',
      initial: 'connection',
      on: { NOTHING_THERE: 'missing', FAILED: 'missing' },
      states: {
        connection: {
          description: 'Takes the connection that the runtime may have left.',
          entry: 'acceptRuntime',
          on: { RUNTIME_CONNECTED: 'message' },
        },
        message: {
          description: 'Takes the terminal from it.',
          entry: 'receiveTerminal',
          on: { TERMINAL_RECEIVED: '#terminal.settingUp' },
        },
      },
    },
    settingUp: {
      description: 'Sets modes and size.',
      entry: ['removeConsoleSocket', 'setUpTerminal'],
      on: { TERMINAL_SET_UP: 'ready', FAILED: 'missing' },
    },
    ready: {
      description: 'Output is read from it and input written to it.',
      entry: 'tellReady',
      on: { RESIZED: { actions: 'applySize' }, CLOSE_ASKED: 'closed' },
    },
    missing: {
      description: 'There is no terminal.',
      meta: { failure: true },
      entry: ['removeConsoleSocket', 'tellMissing'],
      on: { RUNTIME_DONE: 'missing', CLOSE_ASKED: 'closed' },
    },
    closed: {
      description: 'The container has ended.',
      type: 'final',
      entry: ['removeConsoleSocket', 'closeTerminal'],
    },
  },
};
