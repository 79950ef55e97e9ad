/** A run as it is told: a lane for each actor, and what happens in them, in order. */

import type { Causation, Outside } from '../../machines/causation';
import type { Condition } from './labels';

/** Whose work a step is. */
export type Realm = 'program' | 'library' | Outside['by'];

export const realmNames: Readonly<Record<Realm, string>> = {
  program: 'native program',
  library: 'library',
  application: 'application',
  kernel: 'kernel',
};

/** An actor: one process after the other, or a process and the daemon that it makes way for. */
export interface Lane {
  /** As the topology names it. */
  readonly name: string;
  /** What leads a session or a process group in it. */
  readonly leads: 'session' | 'group' | null;
  readonly realm: 'program' | 'library';
}

export interface Step {
  readonly kind: 'step';
  readonly lane: number;
  readonly text: string;
  readonly documented: boolean;
  /** Apart from the main way. */
  readonly failure: boolean;
  readonly realm: Realm;
  /** Where a process of a recorded run begins. */
  readonly pid: number | null;
  /** Microseconds since the run began. */
  readonly t: number;
  conditions: readonly Condition[];
}

/** What a step brings about in another lane. */
export interface Link {
  readonly kind: 'link';
  readonly from: number;
  readonly to: number;
  readonly by: Causation['by'];
  /** The descriptor that it travels over, or what it is. */
  readonly text: string;
  readonly t: number;
}

/** The language or the implementation changes within a lane. */
export interface Boundary {
  readonly kind: 'boundary';
  readonly lane: number;
  readonly realm: Realm;
  readonly t: number;
}

/** A process ends; the lane may go on with a daemon. */
export interface End {
  readonly kind: 'end';
  readonly lane: number;
  readonly text: string;
  readonly goesOn: boolean;
  readonly t: number;
}

/** A process begins that no other one of the story has forked. */
export interface Origin {
  readonly kind: 'origin';
  readonly lane: number;
  /** Who has, and how. */
  readonly from: string;
  readonly text: string;
  readonly t: number;
}

export type Row = Step | Link | Boundary | End | Origin;

export interface Story {
  readonly title: string;
  readonly description: string;
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  /** Whether times and numbers of processes are real. */
  readonly recorded: boolean;
}
