// Who has started the threads of this process, as far as it happens under our eyes.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';

export interface ThreadOrigin {
  readonly kind: 'Worker' | 'loader';
  /** Its stack is that of whoever started the thread. */
  readonly creation: Error;
}

export interface ThreadOrigins {
  /** Of the threads that have not ended. */
  living(): readonly ThreadOrigin[];
  /** From here on nobody looks. */
  stop(): void;
}

const announcements = 'worker_threads';

interface Thread {
  /** -1 once it has ended. */
  readonly threadId: number;
}

/** Wraps nothing: Node itself announces each new thread, and no stack trace has a frame of ours. */
export function watchThreadOrigins(): ThreadOrigins {
  const started: { readonly thread: Thread; readonly origin: ThreadOrigin }[] = [];
  const note = (message: unknown): void => {
    const { worker } = message as { readonly worker: Thread };
    // Node's own subclass, which no script can get at, runs the loaders of module.register().
    const kind = worker.constructor.name === 'InternalWorker' ? 'loader' : 'Worker';
    const creation = new Error(`the ${kind} was started here`);
    Error.captureStackTrace(creation, note);
    started.push({ thread: worker, origin: { kind, creation } });
  };
  subscribe(announcements, note);
  return {
    living: () =>
      started.filter(({ thread }) => thread.threadId !== -1).map(({ origin }) => origin),
    stop: () => {
      unsubscribe(announcements, note);
      started.length = 0;
    },
  };
}
