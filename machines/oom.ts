import type { Chart } from './chart';

/** Whether the kernel killed something in the container for want of memory. */
export const oom: Chart = {
  id: 'oom',
  description: 'Watches whether a container runs out of memory.',
  predictableActionArguments: true,
  initial: 'starting',
  meta: {
    posts: {
      startWatch: ['WATCH_STARTED', 'NO_WATCH'],
      reportNoWatch: [],
      reportCgroupGone: [],
      readEvent: ['OUT_OF_MEMORY', 'NOTHING_NEW', 'CGROUP_GONE'],
      recordOutOfMemory: [],
      stopWatch: [],
    },
    watches: { startWatch: ['MEMORY_EVENT'] },
    hears: ['CHECK_ASKED'],
  },
  states: {
    starting: {
      description: 'Finds the memory cgroup and asks the kernel for news of it.',
      entry: 'startWatch',
      on: { WATCH_STARTED: 'watching', NO_WATCH: { target: 'stopped', actions: 'reportNoWatch' } },
    },
    watching: {
      description: 'Waits for news.',
      on: {
        MEMORY_EVENT: { actions: 'readEvent' },
        OUT_OF_MEMORY: { actions: 'recordOutOfMemory' },
        NOTHING_NEW: {},
        CGROUP_GONE: { target: 'stopped', actions: 'reportCgroupGone' },
        CHECK_ASKED: 'lookingOnce',
      },
    },
    lookingOnce: {
      description: 'The container has ended: was it for want of memory?',
      entry: 'readEvent',
      on: {
        OUT_OF_MEMORY: { target: 'stopped', actions: 'recordOutOfMemory' },
        NOTHING_NEW: 'stopped',
        CGROUP_GONE: 'stopped',
      },
    },
    stopped: {
      description: 'No more news is to come.',
      type: 'final',
      entry: 'stopWatch',
    },
  },
};
