import type { Chart } from './chart';

/** A named pipe that takes commands, one a line. */
export const control: Chart = {
  id: 'control',
  description: 'A named pipe for commands to a container’s monitor, one a line.',
  predictableActionArguments: true,
  initial: 'reading',
  meta: {
    posts: {
      watchPipe: [],
      readPipe: ['BYTES_READ', 'NOTHING_THERE'],
      takeLine: ['RESIZE_ASKED', 'RENEWAL_ASKED', 'LINE_MALFORMED', 'NO_LINE'],
      resizeTerminal: [],
      renewLogs: [],
      reportMalformed: [],
      closePipe: [],
    },
    watches: { watchPipe: ['PIPE_READABLE'] },
    hears: ['CLOSE_ASKED'],
  },
  states: {
    reading: {
      description: 'Waits for commands.',
      entry: 'watchPipe',
      on: {
        PIPE_READABLE: { actions: 'readPipe' },
        BYTES_READ: 'interpreting',
        NOTHING_THERE: {},
        CLOSE_ASKED: 'closed',
      },
    },
    interpreting: {
      description: 'Carries out what has been read, line by line.',
      entry: 'takeLine',
      on: {
        RESIZE_ASKED: { target: 'interpreting', actions: 'resizeTerminal' },
        RENEWAL_ASKED: { target: 'interpreting', actions: 'renewLogs' },
        LINE_MALFORMED: { target: 'interpreting', actions: 'reportMalformed' },
        NO_LINE: 'reading',
      },
    },
    closed: {
      description: 'Takes no more commands.',
      type: 'final',
      entry: 'closePipe',
    },
  },
};
