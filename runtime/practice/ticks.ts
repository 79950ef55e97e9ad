// What follows each turn of the event loop: Node's queue of ticks, and promises that nobody has handled.

import { openSession, variablesAround } from '../inner-variables';
import { attempt, withoutMethod } from './trap';

type Tick = (...parameters: unknown[]) => void;

/** Has the ticks that `act` puts off happen at once: otherwise they would in every call. */
export function withTicksHeld(act: () => void): void {
  const { nextTick } = process;
  const ticks: (() => void)[] = [];
  process.nextTick = (tick: Tick, ...parameters: unknown[]) =>
    void ticks.push(() => tick(...parameters));
  try {
    act();
    for (const tick of ticks) tick();
  } finally {
    process.nextTick = nextTick;
  }
}

/** The parts of which the queue consists. The queue itself may hold some of the script's. */
export function practiseTicks(stdoutGetter: unknown): void {
  const { AsyncResource } = require('node:async_hooks') as typeof import('node:async_hooks');
  const { EventEmitter, on } = require('node:events') as typeof import('node:events');
  new AsyncResource('PRACTICE').runInAsyncScope(() => {});
  const emitter = new EventEmitter();
  const events = on(emitter, 'practice');
  emitter.emit('practice');
  void events.next();
  void events.return?.();
  if (!comesWithCompiledSteps) practiseInnerSteps(stdoutGetter);
}

// Node 22 and later.
const comesWithCompiledSteps = Number.parseInt(process.versions.node) >= 22;

type InnerStep = (...parameters: unknown[]) => unknown;

// Steps of Node's own that must not take place here: the ticks that wait are the script's, and so are the
// rejections. Each is called so that it comes to nothing, but is compiled.
function practiseInnerSteps(stdoutGetter: unknown): void {
  const { nextTick } = process;
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
  attempt(() => call(nextTick, 'no function'));
  attempt(() => call(steps.setHasTickScheduled, call(steps.hasTickScheduled)));
  attempt(() => call(steps.setHasRejectionToWarn, call(steps.hasRejectionToWarn)));
  attempt(() => call(steps.hasRejectionToWarn) === false && call(steps.processPromiseRejections));
  attempt(() =>
    withoutMethod(queue as object, 'shift', () => call(steps.processTicksAndRejections)),
  );
  // For a snapshot of the process, which nobody makes.
  attempt(() => call(addCleanup, () => {}));
}
