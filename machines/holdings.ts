/** What processes hold open besides what runs between them: the rest of the documented diagram, as data. */

import type { ProcessName } from './topology';

/** What a process holds open besides its ends of the links. */
export interface Holding {
  readonly process: ProcessName;
  /**
   * `null`: /dev/null; `childEnd`: tells of a child's end (pidfd); `loop`: the innards of an event loop,
   * which lead to no process but it and those that it was forked from or has forked; `signals`: those that
   * are for the script; `programFiles`: tells of changes; `syslog`: where there is one.
   */
  readonly what:
    'null' | 'standardError' | 'childEnd' | 'loop' | 'signals' | 'programFiles' | 'syslog';
  /** The numbers of its descriptors, where they are always the same. */
  readonly descriptors?: readonly number[];
  /** The child. */
  readonly of?: ProcessName;
  /** Only in the call that has started the server, or only in those that come after it. */
  readonly call?: 'first' | 'later';
}

export const holdings: readonly Holding[] = [
  { process: 'client', what: 'loop' },
  { process: 'client', what: 'signals' },
  { process: 'watcher', what: 'loop' },
  { process: 'server', what: 'null', descriptors: [0, 1, 2] },
  { process: 'server', what: 'loop' },
  { process: 'server', what: 'childEnd', of: 'monitor' },
  { process: 'server', what: 'programFiles' },
  { process: 'server', what: 'syslog' },
  { process: 'server', what: 'childEnd', of: 'standby' },
  { process: 'standby', what: 'null', descriptors: [0, 1, 2] },
  { process: 'standby', what: 'loop' },
  { process: 'standby', what: 'childEnd', of: 'understudy' },
  { process: 'standby', what: 'syslog' },
  { process: 'monitor', what: 'null', descriptors: [0] },
  { process: 'monitor', what: 'standardError', descriptors: [1, 2], call: 'first' },
  { process: 'monitor', what: 'null', descriptors: [1, 2], call: 'later' },
  { process: 'monitor', what: 'loop' },
  { process: 'monitor', what: 'childEnd', of: 'executor' },
  { process: 'monitor', what: 'syslog' },
  { process: 'understudy', what: 'null', descriptors: [0, 1, 2] },
  { process: 'understudy', what: 'loop' },
  { process: 'understudy', what: 'syslog' },
  { process: 'executor', what: 'loop' },
];
