/** What causes what where processes are forked ahead of a call, and how the call comes to them then. */

import { at, on, step, type Causation } from './causation';

export const aheadOfCalls: readonly Causation[] = [
  {
    description: 'The server forks a standby.',
    cause: step('server', 'serving.forkingStandby', 'forkStandby'),
    effect: at('standby', 'leavingServer'),
    by: 'fork',
  },
  {
    description: 'The standby forks an understudy.',
    cause: step('standby', 'forkingUnderstudy', 'forkUnderstudy'),
    effect: at('understudy', 'tyingToMonitor'),
    by: 'fork',
  },
  {
    description: 'The understudy is ready.',
    cause: step('understudy', 'reportingReady', 'reportReady'),
    effect: on('standby', ['awaitingUnderstudy', 'waiting'], 'UNDERSTUDY_READY'),
    by: 'descriptor',
    link: 'prompt',
  },
  {
    description: 'The standby is ready.',
    cause: step('standby', 'reportingReady', 'reportReady'),
    effect: on('server', ['serving.waiting', 'serving.full'], 'STANDBY_READY'),
    by: 'descriptor',
    link: 'handover',
  },
  {
    description: 'The server hands a call over to the standby, which becomes its monitor.',
    cause: step('server', 'serving.handingOver', 'handOver'),
    effect: {
      ...on('standby', 'receivingCall', 'CALL_RECEIVED'),
      notice: { states: ['waiting'], event: 'HANDOVER_READABLE' },
    },
    by: 'descriptor',
    link: 'handover',
  },
  {
    description: 'The monitor passes the request on to the understudy, which becomes the executor.',
    cause: step('monitor', 'promptingUnderstudy', 'promptUnderstudy'),
    effect: on('understudy', 'waiting', 'REQUEST_RECEIVED'),
    by: 'descriptor',
    link: 'prompt',
  },
  {
    description: 'The server dismisses the standby.',
    cause: step('server', ['draining', 'quitting'], 'dismissStandby'),
    effect: {
      ...on('standby', 'receivingCall', 'DISMISSED'),
      notice: { states: ['awaitingUnderstudy', 'waiting'], event: 'HANDOVER_READABLE' },
    },
    by: 'descriptor',
    link: 'handover',
  },
  {
    description: 'The understudy ends.',
    cause: step('understudy', ['dismissed', 'failed']),
    effect: on(
      'standby',
      ['awaitingUnderstudy', 'waiting', 'dismissingUnderstudy'],
      'UNDERSTUDY_EXITED',
    ),
    by: 'exit',
  },
  {
    description: 'The standby ends.',
    cause: step('standby', ['dismissed', 'failed']),
    effect: on(
      'server',
      ['serving.waiting', 'serving.full', 'draining', 'dismissingStandby'],
      'STANDBY_EXITED',
    ),
    by: 'exit',
  },
];
