import type { Chart } from '../../../machines/chart';

/** Small, with one of each: the chart whose header is kept here. */
const door: Chart = {
  id: 'door',
  description: 'Opens, "shuts", and is gone at last.',
  predictableActionArguments: true,
  initial: 'shut',
  meta: {
    posts: { knock: ['OPENED'], creak: [], slam: [] },
    watches: { creak: ['WIND_BLOWN'] },
  },
  states: {
    shut: {
      description: 'Nobody gets in.',
      entry: 'knock',
      on: {
        OPENED: [
          { cond: 'isLocked', target: 'gone' },
          { target: 'open.wide', actions: 'creak' },
        ],
      },
    },
    open: {
      description: 'Anybody gets in.',
      exit: 'slam',
      initial: 'ajar',
      on: { WIND_BLOWN: 'shut' },
      states: {
        ajar: { description: 'Just so.', always: { cond: 'isFallingOff', target: '#door.burnt' } },
        wide: { description: 'All the way.', on: { OPENED: { actions: 'creak' } } },
      },
    },
    gone: { description: 'Somewhere else.', type: 'final', meta: { becomes: 'window' } },
    burnt: {
      description: 'No door any more.',
      type: 'final',
      meta: { failure: true, exitStatus: 3 },
    },
  },
};

/** The least that is a chart: every table but that of the states is empty. */
const wall: Chart = {
  id: 'wall',
  description: 'Stands.',
  predictableActionArguments: true,
  initial: 'standing',
  meta: { posts: {} },
  states: { standing: { description: 'Does nothing else.', type: 'final' } },
};

export const charts: readonly Chart[] = [door, wall];
