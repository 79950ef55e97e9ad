/** The courses that the documented diagrams show. */

import type { Course } from './course';

const yes = ['monitorTakesSignals', 'childExited'];

export const courses: readonly Course[] = [
  {
    name: 'first-call',
    title: 'A first call',
    description: 'Nobody answers at the socket: the client starts watcher and script, then calls.',
    present: [['client', null]],
    outcomes: { 'client connect': 'ABSENT', 'server startLullTimer': 'LULL_OVERDUE' },
    yes: [...yes, 'servesFirstCall'],
  },
  {
    name: 'later-call',
    title: 'A later call',
    description: 'The server stands: it forks a monitor for the call.',
    present: [
      ['watcher', 'watching'],
      ['server', 'serving.waiting'],
      ['client', null],
    ],
    outcomes: {},
    yes,
  },
  {
    name: 'call-ahead',
    title: 'A later call, with a standby',
    description:
      'Standby and understudy have been forked ahead: they become monitor and executor of the call.',
    present: [
      ['watcher', 'watching'],
      ['server', 'serving.waiting'],
      ['standby', 'waiting'],
      ['understudy', 'waiting'],
      ['client', null],
    ],
    outcomes: {},
    yes: [...yes, 'standbyReady', 'hasUnderstudy', 'isRevived'],
  },
  {
    name: 'client-killed',
    title: 'A call whose client is killed',
    description:
      'The kernel closes the client’s end of the call: the monitor interrupts the script.',
    present: [
      ['server', 'serving.waiting'],
      ['client', 'awaitingStatus'],
      ['monitor', 'supervising.waitingForRead'],
      ['executor', 'executingService'],
    ],
    outcomes: { 'monitor readCall': 'CLIENT_GONE', 'monitor sendStatus': 'CLIENT_GONE' },
    yes,
    killed: 'client',
  },
  {
    name: 'server-ended',
    title: 'The end of a server',
    description:
      'A client removes the socket: the watcher sees it, and the server sees the watcher end.',
    present: [
      ['watcher', 'watching'],
      ['server', 'serving.waiting'],
      ['client', null],
    ],
    outcomes: { 'watcher checkSocket': 'SOCKET_REPLACED' },
    yes: ['mustNotConnect', 'mustKill'],
  },
];
