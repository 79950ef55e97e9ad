// What a trace tells of the world: processes, the actors that run in them, and the calls they serve. All times
// are microseconds of CLOCK_MONOTONIC.

import type { Ending, Engine, EventData, GuardAnswer } from '../../runtime/trace/record';

/** One event taken, or the start of an actor. */
export interface Step {
  readonly t: number;
  /** null: the actor's start. */
  readonly event: string | null;
  readonly from: string | null;
  readonly to: string;
  /** The leaf states entered; empty: the state was not left. */
  readonly path: readonly string[];
  readonly guards: readonly GuardAnswer[];
  readonly actions: readonly string[];
  readonly data?: EventData;
  /** How many records of the process were lost before this one. */
  readonly lost?: number;
}

/** A chart that runs, or has run, in a process. */
export interface Actor {
  readonly chart: string;
  readonly engine: Engine;
  /** The latest ones: an actor that lives long has had more. */
  steps: Step[];
  stepCount: number;
  state: string;
  /** Since when it is in that state. */
  since: number;
  /** When it came to its end, and which role the process took on then, if any. */
  ended?: { readonly t: number; readonly becomes?: string };
}

export interface Process {
  /** Unlike its pid, nobody else's. */
  readonly key: string;
  readonly pid: number;
  parent: number;
  born: number;
  /** Of the topology's processes, or the id of the chart that it runs. */
  role: string;
  session?: number;
  group?: number;
  socket?: string;
  script?: string;
  /** In the order in which it was them; the last one it is now. */
  actors: Actor[];
  /** The key of the call that it belongs to. */
  call?: string;
  /** The number that its next record should have. */
  nextSeq: number;
  gone?: Gone;
}

/** The end of a process. */
export interface Gone {
  readonly t: number;
  /** Where it is known. */
  readonly ending?: Ending;
  /** Whether others have noticed that it was killed. */
  readonly isSudden?: true;
}

/** The processes of one call. */
export type Part = 'client' | 'monitor' | 'executor';

export interface Call {
  readonly key: string;
  begun: number;
  ended?: number;
  readonly parts: Partial<Record<Part, Process>>;
  /** What its client has started besides: the watcher, the setup, the server. */
  others: Process[];
  /** The server that served it, and what that did for this call alone. */
  server?: Process;
  served: Step[];
}

/** How a call ended, as its caller sees it. */
export type Outcome = Ending | 'client killed' | 'unknown';

/** What many finished calls have in common, and what is kept of them. */
export interface CallClass {
  readonly key: string;
  readonly script: string;
  readonly outcome: Outcome;
  /** The outermost states that client, monitor and executor went through. */
  readonly path: readonly string[];
  /** Whether records of its calls were lost; then the path is empty. */
  readonly isIncomplete: boolean;
  /** Whether a server was started, used, or done without. */
  readonly start: 'first' | 'warm' | 'without server';
  count: number;
  /** Microseconds, of the latest ones. */
  durations: number[];
  /** Microseconds in each phase, by its place among the phases, over all of them. */
  readonly phaseSums: number[];
  latest: Call[];
  slowest: Call[];
}
