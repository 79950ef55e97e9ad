// What nearly every call needs of Node and no setup has used: loaded and run once in the server, so that
// it is compiled, and its pages shared, when the calls come.

import type { Console as ConsoleClass } from 'node:console';
import { openSession, variablesAround } from './inner-variables';

/**
 * Leaves nothing behind that anybody could see: no active handle, no tick, no listener. `pipe` is a writing
 * end; `stdoutGetter` is what Node makes its process.stdout by.
 */
export function warmUp(pipe: number, stdoutGetter: (() => unknown) | undefined): void {
  require('node:tty');
  const { nextTick } = process;
  // What the streams below put off would happen in every call.
  const ticks: (() => void)[] = [];
  process.nextTick = (tick: (...parameters: unknown[]) => void, ...parameters: unknown[]) =>
    void ticks.push(() => tick(...parameters));
  try {
    practise(pipeStream(pipe));
    practise(discarded(() => void stdoutGetter?.call(process)));
    for (const tick of ticks) tick();
  } finally {
    process.nextTick = nextTick;
  }
  practiseTicks();
  if (!comesWithCompiledSteps) practiseInnerSteps(nextTick, stdoutGetter);
}

// The parts of which Node's queue of ticks consists. The queue itself may hold some of the script's.
function practiseTicks(): void {
  const { AsyncResource } = require('node:async_hooks') as typeof import('node:async_hooks');
  const { EventEmitter, on } = require('node:events') as typeof import('node:events');
  new AsyncResource('PRACTICE').runInAsyncScope(() => {});
  const emitter = new EventEmitter();
  const events = on(emitter, 'practice');
  for (let round = 0; round < rounds; ++round) emitter.emit('practice');
  void events.next();
  void events.return?.();
}

// Node 22 and later.
const comesWithCompiledSteps = Number.parseInt(process.versions.node) >= 22;

type InnerStep = (...parameters: unknown[]) => unknown;

// Steps of Node's own that must not take place here: the ticks that wait are the script's, and so are the
// rejections. Each is called so that it comes to nothing, but is compiled.
function practiseInnerSteps(nextTick: unknown, stdoutGetter: unknown): void {
  const session = openSession();
  const { queue, ...steps } = variablesAround(session, nextTick, [
    'queue',
    'processTicksAndRejections',
    'hasTickScheduled',
    'setHasTickScheduled',
    'processPromiseRejections',
    'hasRejectionToWarn',
    'setHasRejectionToWarn',
  ]);
  const { addCleanup } = variablesAround(session, stdoutGetter, ['addCleanup']);
  session.disconnect();
  const call = (step: unknown, ...parameters: unknown[]): unknown =>
    (step as InnerStep)(...parameters);
  const rehearsals = [
    () => call(nextTick, 'no function'),
    () => call(steps.setHasTickScheduled, call(steps.hasTickScheduled)),
    () => call(steps.setHasRejectionToWarn, call(steps.hasRejectionToWarn)),
    () => call(steps.hasRejectionToWarn) === false && call(steps.processPromiseRejections),
    () => withoutTicks(queue as object, () => call(steps.processTicksAndRejections)),
    // For a snapshot of the process, which nobody makes.
    () => call(addCleanup, () => {}),
  ];
  for (const rehearse of rehearsals) {
    try {
      rehearse();
    } catch {
      // as planned, or a Node that has no such step
    }
  }
}

/** Whoever takes a tick from the queue meanwhile fails at once. */
function withoutTicks(queue: object, act: () => void): void {
  Object.defineProperty(queue, 'shift', {
    configurable: true,
    value() {
      throw new Error('not to be taken');
    },
  });
  try {
    act();
  } finally {
    Reflect.deleteProperty(queue, 'shift');
  }
}

// Made as Node makes process.stdout. Its descriptor is closed behind its back: a handle that is closed in the
// proper way would wait for the event loop's next turn, and so for each call's.
function pipeStream(fd: number): NodeJS.WritableStream {
  const { Socket } = require('node:net') as typeof import('node:net');
  return new Socket({ fd, readable: false, writable: true }).unref();
}

function practise(stream: NodeJS.WritableStream): void {
  const { Console } = require('node:console') as { Console: typeof ConsoleClass };
  const practice = new Console(stream);
  for (let round = 0; round < rounds; ++round) {
    practice.log('%s', 'text', round, { key: [round] });
    practice.error('text');
  }
}

// Enough for the parser's lazy work; more would have V8 compile for speed, which takes longer.
const rounds = 1;

// As Node makes process.stdout, but Node must not keep it: a call's descriptor is another one. So this fails
// when the stream is made and only has to be named. Here descriptor 1 is /dev/null, that is, a file.
function discarded(makeStdout: () => void): NodeJS.WritableStream {
  const { Writable } = require('node:stream') as typeof import('node:stream');
  let made: NodeJS.WritableStream | undefined;
  const prototype = Writable.prototype as object;
  Object.defineProperty(prototype, '_type', {
    configurable: true,
    set(this: NodeJS.WritableStream) {
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- there is no other way to it
      made = this;
      throw new Error('not to be kept');
    },
  });
  try {
    makeStdout();
  } catch {
    // as planned
  } finally {
    Reflect.deleteProperty(prototype, '_type');
  }
  if (made === undefined) throw new Error('this Node makes its streams in another way');
  return made;
}
