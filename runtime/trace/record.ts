// What every process tells of its chart: the records of a trace, version 1. `record.schema.json` says the same
// for other programs, and what each field means.

/** The version of the records; one that a reader does not know is refused. */
export const recordVersion = 1;

/** Bytes: of a datagram, which holds one record or more, each on a line; and so of a record. */
export const largestDatagram = 4096;

/** The socket in the run directory at which a listener receives them. */
export const listenerSocket = 'inspect.sock';

export type Engine = 'native' | 'xstate';

/** A guard's name and what it answered. */
export type GuardAnswer = readonly [guard: string, answer: boolean];

/** What an effect has to tell besides the event: errno, what was tried, a status, a child's pid. */
export type EventData = Readonly<Record<string, string | number>>;

interface Common {
  readonly v: typeof recordVersion;
  /** How many records this process has made before; those that could not be sent count. */
  readonly seq: number;
  /** Microseconds of CLOCK_MONOTONIC: when the event was taken, before its actions. */
  readonly t: number;
  readonly pid: number;
  readonly ppid: number;
  /** Microseconds of CLOCK_MONOTONIC: when this process began to trace, or was forked. */
  readonly born: number;
  /** The chart's id. */
  readonly actor: string;
  /** Which of the actors that the process has beside its own, from 1 on; missing: its own. */
  readonly instance?: number;
  readonly engine: Engine;
}

/** What one event, or the start, has led to, eventless transitions included. */
interface Step {
  /** In the order in which they were asked. */
  readonly guards: readonly GuardAnswer[];
  /** In the order in which they were performed. */
  readonly actions: readonly string[];
  /** The leaf states entered, in order; the last one is `to`. Empty: the state was not left. */
  readonly path: readonly string[];
  /** The leaf state reached. */
  readonly to: string;
}

/** An actor begins. */
export interface StartRecord extends Common, Step {
  readonly kind: 'start';
  readonly session: number;
  readonly group: number;
  /** Absolute path of the server's socket, where it is known. */
  readonly socket?: string;
  /** Absolute path of the script, where it is known. */
  readonly script?: string;
  /** The caller's client, where the kernel has told. */
  readonly client?: number;
}

/** An event has been taken. */
export interface TransitionRecord extends Common, Step {
  readonly kind: 'transition';
  /** The leaf state before. */
  readonly from: string;
  readonly event: string;
  readonly data?: EventData;
}

/** How a process ends; an exit code or a signal's number. */
export type Ending = { readonly code: number } | { readonly signal: number };

/** The actor is in a final state; the process ends, or goes on as another actor. */
export interface EndRecord extends Common {
  readonly kind: 'end';
  readonly state: string;
  /** The role that the process takes on. */
  readonly becomes?: string;
  readonly status?: Ending;
}

/** A line of a datagram. */
export type ActorRecord = StartRecord | TransitionRecord | EndRecord;

/** The first line of a recording. */
export interface RecordingHeader {
  readonly v: typeof recordVersion;
  readonly kind: 'recording';
  /** Microseconds since the epoch, at `monotonic`. */
  readonly realtime: number;
  readonly monotonic: number;
  /** Of the package that recorded. */
  readonly version: string;
  readonly runDirectory: string;
}

/** In a recording, before a record whose `seq` shows that others were lost: how many. */
export interface DropsLine {
  readonly v: typeof recordVersion;
  readonly kind: 'drops';
  readonly t: number;
  readonly pid: number;
  readonly born: number;
  readonly count: number;
}

/** In a recording: this process was seen to be no more. One that is killed does not say so itself. */
export interface GoneLine {
  readonly v: typeof recordVersion;
  readonly kind: 'gone';
  readonly t: number;
  readonly pid: number;
  readonly born: number;
}

/** A line of a recording. */
export type RecordingLine = RecordingHeader | DropsLine | GoneLine | ActorRecord;

/** Whether an actor tells it itself, as nothing about the recording does. */
export const isActorRecord = (line: RecordingLine): line is ActorRecord => 'actor' in line;
