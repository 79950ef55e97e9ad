// The one loader of the native addon, and its face in types.

import { join } from 'node:path';

/** What an executor is told about the call that it is to run. */
export interface Call {
  /** This process, as the kernel counts: `process.pid` still names an ancestor. */
  readonly pid: number;
  /** Its parent, as the kernel counts: the monitor. */
  readonly parentPid: number;
  /** From the kernel's random numbers; 1 to 2 ** 31 - 1. */
  readonly seed: number;
  /** As the client sent them; see `scriptArguments()`. */
  readonly arguments: readonly string[];
  /** The first call of a server: it alone goes on from the state that the setup has left. */
  readonly isFirst: boolean;
  /** Whether the client is this project's. */
  readonly fromOwnClient: boolean;
  /** The client's process, where the kernel tells. */
  readonly clientPid?: number;
}

/** The native side of an actor: what its chart's names mean, and who is told what the chart does. */
export interface NativeActor {
  perform(action: string): void;
  test(guard: string): boolean;
  /** A step begins: the start, or an event. */
  beginStep(event?: string): void;
  enterState(leaf: string): void;
  endStep(leaf: string): void;
}

/** A run of a chart. */
export interface RunningChart {
  start(): void;
  /** Takes the event. One that comes within a step, or before the start, waits until that is complete. */
  send(event: string): void;
}

/** Runs the chart with this id over an actor's native side. */
export type CreateActor = (id: string, native: NativeActor) => RunningChart;

/** Clean values only: `checkOptions()` has been over them. */
export interface ServeOptions {
  /** PREFORK_INTERP, as it was. */
  readonly variable: string;
  /** Absolute path of the script, for messages and the log. */
  readonly script: string;
  /** Negative: no limit. */
  readonly maxServers: number;
  /** Seconds; negative: for ever. */
  readonly idleTimeout: number;
  /** Whether processes are forked ahead of calls. */
  readonly standby: boolean;
  readonly maxErrors: number;
  /** `LOG_…`, or empty for no log. */
  readonly logFacility: string;
  /** Why this Node cannot be forked: then the client is told to run its calls without a server. */
  readonly unsupported?: string;
  /** Absolute paths: when one of these has changed, the server is stale. */
  readonly files: readonly string[];
  /**
   * Lists more of these, all absolute, each behind a `+` if something was there or a `-` if nothing was.
   * Called in a short-lived child, beside the first call, because it takes long; until it has answered,
   * nobody can tell whether the server is stale.
   */
  readonly programFiles?: () => readonly string[];
  /**
   * Called in the server, after the first call, when nobody waits, with the writing end of a pipe that is
   * closed afterwards, and with what a call might be, made as all are; its client is this process. What it
   * throws is ignored.
   */
  readonly warmUp: (pipe: number, practice: Call) => void;
  /**
   * Called in a process that waits for its call, likewise: what it brings into memory is there when the call
   * comes. The call is to be made in that very process.
   */
  readonly rehearse: (pipe: number, practice: Call) => void;
  /** Runs the charts; without it their compiled tables do. */
  readonly createActor?: CreateActor;
}

export interface Addon {
  /** As `worker_threads` says it, which takes a millisecond to load. */
  isMainThread(): boolean;
  /**
   * Prepares this process for forking and marks the descriptors that `variable` names close-on-exec.
   * Main thread only, as early as possible. Returns why this process cannot become a server.
   */
  install(variable: string): string | undefined;
  /**
   * Waits, for so many milliseconds at most, until libuv's thread pool has done what it was asked; returns
   * how many requests it has not.
   */
  waitForThreadPool(limit: number): number;
  /** How many it has done without Node having looked at the result. */
  unseenPoolResults(): number;
  /** Has every end of this process happen without waiting for the pool. */
  leaveThreadsBehind(): void;
  /** Has that pool's threads running, if they were not, so that they can be counted. */
  startThreadPool(): void;
  /**
   * Becomes a server. Returns in an executor only, once per call; the process that calls it ends with
   * status 0 as soon as the server stands, and throws an `Error` if none could be had.
   */
  serve(options: ServeOptions): Call;
  /** The names of all threads of this process but the main one. */
  threadNames(): readonly string[];
  /** What V8 seeds the next context's `Math.random` with; 0: with what nobody knows. */
  setRandomSeed(seed: number): void;
  /** What a natural end of this process shall have as its exit status. */
  setExitCode(code: number): void;
  /** The run directory, which is made if need be. Throws an `Error` if there is none to be had. */
  findRunDirectory(): string;
  /**
   * Receives the records of a trace at that socket, on a thread of its own; `wake` is called when there is
   * something to take after there was nothing. Throws an `Error` with an `errno`: EADDRINUSE where a
   * living process has the socket.
   */
  receiveRecords(path: string, wake: () => void): RecordReceiver;
}

export interface RecordReceiver {
  /** What has come since the last time, each record with a newline behind it. */
  take(): Buffer;
  /** Ends the thread and removes the socket; a second call does nothing. */
  close(): void;
}

let loaded: Addon | undefined;

export function addon(): Addon {
  if (loaded === undefined) {
    // Not by require(), which looks for it where it is known to be, and shows it to the script among its
    // modules, where a plain run has none.
    const module = { exports: {} };
    process.dlopen(module, join(__dirname, '../addon/prefork.node'));
    loaded = module.exports as Addon;
  }
  return loaded;
}
