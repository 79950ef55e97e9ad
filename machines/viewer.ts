import type { Chart } from './chart';

/** An attached client as one who is shown the container's output. */
export const viewer: Chart = {
  id: 'viewer',
  description: 'An attached client, as one that is sent the output of a container.',
  predictableActionArguments: true,
  initial: 'upToDate',
  meta: {
    posts: {
      watchHangUp: [],
      watchRoom: [],
      sendOutput: ['QUEUE_SENT', 'QUEUE_LEFT', 'CLIENT_GONE'],
      sendQueue: ['QUEUE_SENT', 'QUEUE_LEFT', 'CLIENT_GONE'],
      queueOutput: [],
      holdContainer: [],
      releaseContainer: [],
      startPatience: [],
      stopPatience: [],
      reportDropped: [],
      disconnect: [],
      closeConnection: [],
      tellLeft: [],
    },
    watches: {
      watchHangUp: ['HUNG_UP'],
      watchRoom: ['ROOM', 'HUNG_UP'],
      startPatience: ['PATIENCE_OVER'],
    },
    hears: ['OUTPUT_ARRIVED', 'FLUSH_ASKED'],
  },
  states: {
    upToDate: {
      description: 'The client has been sent everything.',
      entry: 'watchHangUp',
      on: {
        OUTPUT_ARRIVED: { actions: 'sendOutput' },
        QUEUE_SENT: {},
        QUEUE_LEFT: 'behind',
        CLIENT_GONE: 'left',
        HUNG_UP: 'left',
        FLUSH_ASKED: 'left',
      },
    },
    behind: {
      description: 'The client does not read as fast as the container writes.',
      initial: 'queueing',
      entry: 'watchRoom',
      on: {
        OUTPUT_ARRIVED: { actions: 'queueOutput' },
        ROOM: { actions: 'sendQueue' },
        QUEUE_SENT: 'upToDate',
        CLIENT_GONE: 'left',
        HUNG_UP: 'left',
      },
      states: {
        queueing: {
          description: 'What it has not read is kept for it.',
          on: { QUEUE_LEFT: {}, FLUSH_ASKED: 'finishing' },
          always: { cond: 'queueIsFull', target: 'full' },
        },
        full: {
          description: 'No more is kept: the container waits as long as the client reads at all.',
          entry: ['holdContainer', 'startPatience'],
          exit: ['stopPatience', 'releaseContainer'],
          on: {
            QUEUE_LEFT: [{ cond: 'queueIsLow', target: 'queueing' }, { actions: 'startPatience' }],
            PATIENCE_OVER: '#viewer.dropped',
            FLUSH_ASKED: 'finishing',
          },
        },
        finishing: {
          description: 'The container has ended: the client may read the rest.',
          entry: 'startPatience',
          exit: 'stopPatience',
          on: {
            QUEUE_SENT: '#viewer.left',
            QUEUE_LEFT: { actions: 'startPatience' },
            PATIENCE_OVER: '#viewer.dropped',
          },
        },
      },
    },
    dropped: {
      description: 'The client has not read anything for too long: lets go of it.',
      meta: { failure: true },
      entry: ['reportDropped', 'disconnect'],
      always: { target: 'left' },
    },
    left: {
      description: 'The client is shown nothing more.',
      type: 'final',
      entry: ['closeConnection', 'tellLeft'],
    },
  },
};
