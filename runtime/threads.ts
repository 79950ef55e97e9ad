// Threads of this process that a fork would leave behind, where something would then wait for them.

import { addon } from './addon';
import { PreforkError } from './errors';
import { tellExitCode } from './exit-code';
import { nodeOptions } from './node-options';
import { watchThreadOrigins } from './thread-origins';
import type { ThreadOrigin } from './thread-origins';
import { counted } from './words';

export interface ThreadWatch {
  /** Throws if anything stands in the way of a fork now. */
  check(): void;
  /** To be called in the executor: threads are no concern of ours there. */
  stop(): void;
}

// Work in libuv's pool that takes longer is not waited for.
const poolPatience = 1000;
// Node's, V8's and libuv's threads either are not needed in a child or start again there.
const harmless = /^(DelayedTaskSche|(node-)?V8Worker|SignalInspector|libuv-worker|prefork-worker)$/;
const libuvWorker = 'libuv-worker';

export function watchThreads(): ThreadWatch {
  const origins = watchThreadOrigins();
  return {
    check: () => {
      refuseUnfinishedWork();
      const inTheWay = lasting(() => look(origins.living()));
      if (inTheWay !== undefined) throw refusal(inTheWay);
    },
    stop: () => origins.stop(),
  };
}

function refuseUnfinishedWork(): void {
  const unfinished = addon().waitForThreadPool(poolPatience);
  if (unfinished === 0) return;
  // Node would wait for the pool at its end, for ever perhaps, and the caller for Node.
  addon().leaveThreadsBehind();
  tellExitCode((code) => addon().setExitCode(code));
  const { poolRequests } = require('./setup-resources') as typeof import('./setup-resources');
  const requests = poolRequests().join(', ');
  throw new PreforkError(
    'ERR_PREFORK_THREADS',
    `libuv's thread pool is still at work after ${poolPatience} ms (${unfinished} unfinished` +
      `${requests === '' ? '' : `, among them ${requests}`}); wait for the results before the call`,
  );
}

interface InTheWay {
  /** Of these we know who started them. */
  readonly origins: readonly ThreadOrigin[];
  /** Names of others. */
  readonly others: readonly string[];
}

// A thread that has just been started bears the main thread's name until it first runs and sets its own;
// one that is ending is still to be seen. Neither lasts.
function lasting(look: () => InTheWay | undefined): InTheWay | undefined {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  for (let attempts = 500; attempts > 0; --attempts) {
    if (look() === undefined) return undefined;
    Atomics.wait(flag, 0, 0, 2);
  }
  return look();
}

function look(origins: readonly ThreadOrigin[]): InTheWay | undefined {
  const major = Number.parseInt(process.versions.node, 10);
  const names = major >= 24 ? namedThreads() : countedThreads();
  if (names.length === 0 && origins.length === 0) return undefined;
  return { origins, others: names.slice(origins.length) };
}

function namedThreads(): readonly string[] {
  return addon()
    .threadNames()
    .filter((name) => !harmless.test(name));
}

// Here a thread has the name that the process had when it was started. What can be told is how many there
// should be: V8's workers, the one that waits for SIGUSR1, on Node 20 the one for delayed tasks (which has
// a name from 22 on), and, once any file or name has been asked for asynchronously, libuv's.
function countedThreads(): readonly string[] {
  const own = v8Workers() + (/--disable-sigusr1\b/.test(nodeOptions()) ? 0 : 1);
  const delayed = process.versions.node.startsWith('20.') ? 1 : 0;
  const surplus = (): readonly string[] => namedThreads().slice(own + delayed);
  if (surplus().length === 0) return [];
  // Four Workers and libuv's four look the same: unless the latter are certain to be there.
  addon().startThreadPool();
  const pool = addon().threadNames().includes(libuvWorker) ? 0 : libuvWorkers();
  return surplus().slice(pool);
}

function refusal({ origins, others }: InTheWay): PreforkError {
  const { describeOrigin, describeUnknown } =
    require('./thread-descriptions') as typeof import('./thread-descriptions');
  const found = counted([...origins.map(describeOrigin), ...describeUnknown(others)]);
  return new PreforkError(
    'ERR_PREFORK_THREADS',
    `threads are running that would not survive the fork: ${found.join('; ')}`,
    origins[0]?.creation,
  );
}

function v8Workers(): number {
  const size = Number(/--v8[-_]pool[-_]size[= ](\d+)/.exec(nodeOptions())?.[1] ?? 4);
  if (size > 0) return size;
  const { availableParallelism } = require('node:os') as typeof import('node:os');
  return Math.max(1, availableParallelism() - 1);
}

// As libuv reads it.
function libuvWorkers(): number {
  const given = process.env['UV_THREADPOOL_SIZE'];
  if (given === undefined) return 4;
  return Math.min(1024, Math.max(1, Number.parseInt(given, 10) || 0));
}
