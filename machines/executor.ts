import type { Chart } from './chart';

/** The process that runs the script's own code, once. */
export const executor: Chart = {
  id: 'executor',
  description: 'Runs the script for one call, as a process of its own.',
  predictableActionArguments: true,
  initial: 'tyingToMonitor',
  meta: {
    posts: {
      tieToMonitor: ['TIED', 'MONITOR_GONE', 'FAILED'],
      leaveMonitor: ['MONITOR_LEFT', 'FAILED'],
      placeDescriptors: ['DESCRIPTORS_PLACED', 'FAILED'],
      adoptRequest: ['REQUEST_ADOPTED', 'FAILED'],
      restoreSignals: [],
      reviveInterpreter: ['INTERPRETER_REVIVED', 'FAILED'],
      resumeInterpreter: [],
      adoptLimits: [],
      reportFailure: [],
    },
  },
  states: {
    tyingToMonitor: {
      description: 'Asks the kernel to end it, should the monitor be killed.',
      entry: 'tieToMonitor',
      on: { TIED: 'leavingMonitor', MONITOR_GONE: 'abandoned', FAILED: 'failing' },
    },
    leavingMonitor: {
      description: 'Closes what belongs to the monitor: the call and the reading end of execterm.',
      entry: 'leaveMonitor',
      on: { MONITOR_LEFT: 'placingDescriptors', FAILED: 'failing' },
    },
    placingDescriptors: {
      description: 'Makes the received descriptors its standard input, output and error.',
      entry: 'placeDescriptors',
      on: { DESCRIPTORS_PLACED: 'adoptingRequest', FAILED: 'failing' },
    },
    adoptingRequest: {
      description: 'Replaces environment and arguments with those of the call.',
      entry: 'adoptRequest',
      on: {
        REQUEST_ADOPTED: [
          {
            cond: 'isRevived',
            target: 'executingService',
            actions: ['restoreSignals', 'resumeInterpreter', 'adoptLimits'],
          },
          { target: 'revivingInterpreter', actions: 'restoreSignals' },
        ],
        FAILED: 'failing',
      },
    },
    revivingInterpreter: {
      description: 'Brings the interpreter’s own event loop back to life.',
      entry: 'reviveInterpreter',
      on: {
        // Last: a caller may allow fewer descriptors than that takes.
        INTERPRETER_REVIVED: {
          target: 'executingService',
          actions: ['resumeInterpreter', 'adoptLimits'],
        },
        FAILED: 'failing',
      },
    },
    executingService: {
      description: 'Returns to the script, which runs until it terminates.',
      type: 'final',
      meta: { step: 'execute service', becomes: 'script' },
    },
    abandoned: {
      description: 'The monitor was killed before the script began: nobody waits for it.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
    failing: {
      description: 'Says on the caller’s standard error what went wrong.',
      meta: { failure: true },
      entry: 'reportFailure',
      always: { target: 'failed' },
    },
    failed: {
      description: 'Ends with the status that stands for our own errors.',
      type: 'final',
      meta: { failure: true, exitStatus: 127 },
    },
  },
};
