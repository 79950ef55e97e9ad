// Threads of this process that a fork would leave behind, where something would then wait for them.

import { readFileSync, readdirSync } from 'node:fs';

export interface ThreadWatch {
  /** What stands in the way of a fork now; undefined if nothing does. */
  inTheWay(): string | undefined;
}

// Node's, V8's and libuv's threads either are not needed in a child or start again there.
const harmless = /^(DelayedTaskSche|(node-)?V8Worker|SignalInspector|libuv-worker|prefork-worker)$/;
const explanations: Readonly<Record<string, string>> = {
  WorkerThread: 'a Worker, or the thread of a module.register() loader',
  InspectorIo: 'the inspector',
};

export function watchThreads(): ThreadWatch {
  const major = Number.parseInt(process.versions.node, 10);
  const look = major >= 24 ? namedThreadsInTheWay : countedThreadsInTheWay;
  return { inTheWay: () => lasting(look) };
}

// A thread that has just been started bears the main thread's name until it first runs and sets its own;
// one that is ending is still to be seen. Neither lasts.
function lasting(look: () => string | undefined): string | undefined {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  for (let attempts = 50; attempts > 0; --attempts) {
    const found = look();
    if (found === undefined) return undefined;
    Atomics.wait(flag, 0, 0, 2);
  }
  return look();
}

function namedThreadsInTheWay(): string | undefined {
  return complaint(otherThreads().filter((name) => !harmless.test(name)));
}

// Here a thread has the name that the process had when it was started. What can be told is how many there
// should be: V8's workers, the one that waits for SIGUSR1, on Node 20 the one for delayed tasks (which has
// a name from 22 on), and, once any file or name has been asked for asynchronously, libuv's.
function countedThreadsInTheWay(): string | undefined {
  const unnamed = otherThreads().filter((name) => !harmless.test(name));
  const own = v8Workers() + (process.versions.node.startsWith('20.') ? 2 : 1);
  const libuv = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const surplus = unnamed.length - own;
  if (surplus <= 0 || surplus === libuv) return undefined;
  return complaint(unnamed.slice(0, surplus > libuv ? surplus - libuv : surplus));
}

function complaint(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const each = names.map(
    (name) => explanations[name] ?? `'${name}': a Worker, a loader or an addon's`,
  );
  return `threads are running that would not survive the fork (${each.join('; ')})`;
}

function otherThreads(): readonly string[] {
  const main = String(process.pid);
  return readdirSync('/proc/self/task')
    .filter((thread) => thread !== main)
    .flatMap((thread) => {
      try {
        return [readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trimEnd()];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

function v8Workers(): number {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(' ')].join(' ');
  const size = Number(/--v8[-_]pool[-_]size[= ](\d+)/.exec(flags)?.[1] ?? 4);
  return size > 0 ? size : 4;
}
