import type { Chart } from './chart';

/** One output of the container: read as it comes, handed to the logs and to who is attached. */
export const stream: Chart = {
  id: 'stream',
  description: 'One output of a container: reads it and hands it to logs and attached clients.',
  predictableActionArguments: true,
  initial: 'reading',
  meta: {
    posts: {
      watchOutput: [],
      stopWatching: [],
      readOutput: ['OUTPUT_TAKEN', 'NOTHING_THERE', 'HUNG_UP', 'OUTPUT_ENDED'],
      measureRest: [],
      startHangUpTimer: [],
      closeOutput: [],
      tellEnded: [],
    },
    watches: { watchOutput: ['OUTPUT_WAITING'], startHangUpTimer: ['TRY_AGAIN'] },
    hears: ['HOLD_ASKED', 'RELEASE_ASKED', 'DRAIN_ASKED', 'END_AWAITED'],
  },
  states: {
    reading: {
      description: 'Reads whatever the container writes.',
      entry: 'watchOutput',
      exit: 'stopWatching',
      on: {
        OUTPUT_WAITING: { actions: 'readOutput' },
        OUTPUT_TAKEN: {},
        NOTHING_THERE: {},
        HUNG_UP: 'hungUp',
        OUTPUT_ENDED: 'ended',
        HOLD_ASKED: 'held',
        DRAIN_ASKED: 'draining',
        END_AWAITED: 'awaitingEnd',
      },
    },
    held: {
      description: 'A slow client must catch up first; the container waits at its full pipe.',
      on: { RELEASE_ASKED: 'reading', DRAIN_ASKED: 'draining', END_AWAITED: 'awaitingEnd' },
    },
    hungUp: {
      description: 'Nobody has the terminal open; somebody may open it again.',
      entry: 'startHangUpTimer',
      on: { TRY_AGAIN: 'reading', DRAIN_ASKED: 'draining', END_AWAITED: 'awaitingEnd' },
    },
    awaitingEnd: {
      description: 'The container has ended: reads until the last writer has closed.',
      entry: 'watchOutput',
      exit: 'stopWatching',
      on: {
        OUTPUT_WAITING: { actions: 'readOutput' },
        OUTPUT_TAKEN: {},
        NOTHING_THERE: {},
        HUNG_UP: 'ended',
        OUTPUT_ENDED: 'ended',
      },
    },
    draining: {
      description: 'The container has ended: reads what it has left behind, and no more than that.',
      initial: 'takingStock',
      states: {
        takingStock: {
          description: 'Notes how much its last words can be at most.',
          entry: 'measureRest',
          always: { target: 'readingRest' },
        },
        readingRest: {
          description: 'Reads without waiting for anything.',
          entry: 'readOutput',
          on: {
            OUTPUT_TAKEN: [
              { cond: 'restIsRead', target: '#stream.ended' },
              { target: 'readingRest' },
            ],
            NOTHING_THERE: '#stream.ended',
            HUNG_UP: '#stream.ended',
            OUTPUT_ENDED: '#stream.ended',
          },
        },
      },
    },
    ended: {
      description: 'Nothing more will come.',
      type: 'final',
      entry: ['closeOutput', 'tellEnded'],
    },
  },
};
