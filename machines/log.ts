import type { Chart } from './chart';

/** One log of a container: never makes the container wait, and never holds half a record. */
export const log: Chart = {
  id: 'log',
  description: 'One log of a container: never makes it wait and never holds half a record.',
  predictableActionArguments: true,
  initial: 'ready',
  meta: {
    posts: {
      writePending: [
        'PENDING_WRITTEN',
        'PARTLY_WRITTEN',
        'SIZE_REACHED',
        'TOTAL_REACHED',
        'FAILED',
      ],
      rotateFiles: ['LOG_RENEWED', 'FAILED'],
      replaceFile: ['LOG_RENEWED', 'FAILED'],
      continueBeyondLimit: [],
      reportStall: [],
      reportRecovery: [],
      boundBacklog: [],
      awaitRetry: [],
      completePartialLines: [],
      startFinishTimer: [],
      reportLoss: [],
      dropPending: [],
      syncLog: ['LOG_SYNCED', 'FAILED'],
      closeLog: [],
      tellFinished: [],
    },
    watches: { awaitRetry: ['RETRY_DUE'], startFinishTimer: ['TIME_IS_UP'] },
    hears: ['OUTPUT_ARRIVED', 'RENEWAL_ASKED', 'FINISH_ASKED'],
  },
  states: {
    ready: {
      description: 'Everything is written.',
      on: {
        OUTPUT_ARRIVED: 'writing',
        RENEWAL_ASKED: [{ cond: 'rotates', target: 'rotating' }, { target: 'replacing' }],
        FINISH_ASKED: { target: 'writing', actions: ['completePartialLines', 'startFinishTimer'] },
      },
    },
    writing: {
      description: 'Writes what has come, in whole records.',
      entry: 'writePending',
      on: {
        PENDING_WRITTEN: [
          { cond: 'isFinishing', target: 'syncing', actions: 'reportRecovery' },
          { target: 'ready', actions: 'reportRecovery' },
        ],
        SIZE_REACHED: [{ cond: 'rotates', target: 'rotating' }, { target: 'replacing' }],
        TOTAL_REACHED: 'silenced',
        // As long as it takes anything, the end of the container can wait for it.
        PARTLY_WRITTEN: [
          { cond: 'isFinishing', target: 'stalled', actions: 'startFinishTimer' },
          { target: 'stalled' },
        ],
        FAILED: 'stalled',
      },
    },
    rotating: {
      description: 'Renames the log out of the way and begins a new one.',
      entry: 'rotateFiles',
      on: {
        LOG_RENEWED: 'writing',
        FAILED: { target: 'writing', actions: 'continueBeyondLimit' },
      },
    },
    replacing: {
      description: 'Begins a new log in the place of the old one.',
      entry: 'replaceFile',
      on: {
        LOG_RENEWED: 'writing',
        FAILED: { target: 'writing', actions: 'continueBeyondLimit' },
      },
    },
    stalled: {
      description: 'The log takes nothing now: keeps what it did not take, and tries again.',
      meta: { failure: true },
      entry: ['reportStall', 'awaitRetry'],
      on: {
        OUTPUT_ARRIVED: { actions: 'boundBacklog' },
        RETRY_DUE: 'writing',
        RENEWAL_ASKED: [{ cond: 'rotates', target: 'rotating' }, { target: 'replacing' }],
        FINISH_ASKED: { target: 'writing', actions: ['completePartialLines', 'startFinishTimer'] },
        TIME_IS_UP: 'givingUp',
      },
    },
    silenced: {
      description: 'As much has been logged as may be in all.',
      entry: 'dropPending',
      on: { OUTPUT_ARRIVED: { actions: 'dropPending' }, FINISH_ASKED: 'syncing' },
      always: { cond: 'isFinishing', target: 'syncing' },
    },
    givingUp: {
      description: 'The container has ended and the log still takes nothing.',
      meta: { failure: true },
      entry: 'reportLoss',
      always: { target: 'syncing' },
    },
    syncing: {
      description: 'Sees to it that the log is on disk.',
      entry: 'syncLog',
      on: { LOG_SYNCED: 'finished', FAILED: 'finished' },
    },
    finished: {
      description: 'The log is complete.',
      type: 'final',
      entry: ['closeLog', 'tellFinished'],
    },
  },
};
