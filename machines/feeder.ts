import type { Chart } from './chart';

/** An attached client as one who types. */
export const feeder: Chart = {
  id: 'feeder',
  description: 'An attached client, as one that writes to the standard input of a container.',
  predictableActionArguments: true,
  initial: 'open',
  meta: {
    posts: {
      watchClient: [],
      stopWatching: [],
      receivePacket: ['PACKET_RECEIVED', 'NOTHING_THERE', 'CLIENT_ENDED'],
      writePacket: ['PACKET_WRITTEN', 'INPUT_FULL', 'INPUT_GONE'],
      awaitRoom: [],
      closeInput: [],
      closeConnection: [],
    },
    watches: { watchClient: ['PACKET_WAITING'], awaitRoom: ['ROOM'] },
    hears: ['CLOSE_ASKED'],
  },
  states: {
    open: {
      description: 'Takes one packet at a time.',
      entry: 'watchClient',
      exit: 'stopWatching',
      initial: 'receiving',
      on: { CLOSE_ASKED: 'ended' },
      states: {
        receiving: {
          description: 'Waits for a packet.',
          on: {
            PACKET_WAITING: { actions: 'receivePacket' },
            PACKET_RECEIVED: 'writing',
            NOTHING_THERE: {},
            CLIENT_ENDED: '#feeder.ending',
          },
        },
        writing: {
          description: 'Writes the packet to the container.',
          entry: 'writePacket',
          on: {
            PACKET_WRITTEN: 'receiving',
            INPUT_GONE: 'receiving',
            INPUT_FULL: '#feeder.waiting',
          },
        },
      },
    },
    waiting: {
      description: 'The container does not read: takes nothing more from the client.',
      entry: 'awaitRoom',
      on: { ROOM: 'open.writing', CLOSE_ASKED: 'ended' },
    },
    ending: {
      description: 'The client writes nothing more.',
      always: [{ cond: 'endsInput', target: 'ended', actions: 'closeInput' }, { target: 'ended' }],
    },
    ended: {
      description: 'The client can write nothing more.',
      type: 'final',
      entry: 'closeConnection',
    },
  },
};
