// The exit status of a natural end: JavaScript knows it, Node's native hooks there do not.

import { EventEmitter } from 'node:events';

type Emit = (this: NodeJS.Process, event: string | symbol, ...rest: unknown[]) => boolean;

/**
 * Calls `tell` with the status when the 'exit' event has been heard. No frame of ours appears in a stack
 * trace, not even in that of an 'exit' listener that throws: as Node takes hold of `process.emit` to emit
 * the event, `tell` is made its last listener. Only where the script has an `emit` of its own, which may
 * do more after the event, is that wrapped.
 */
export function tellExitCode(tell: (code: number) => void): void {
  const ending = process as NodeJS.Process & { _exiting?: boolean };
  const original = EventEmitter.prototype.emit as Emit;
  // The setup may have put one of its own there, which would hide the property below.
  let current = process.emit as Emit;
  Reflect.deleteProperty(process, 'emit');

  const listener = (code: number): void => tell(Number(process.exitCode ?? code));
  let isListening = false;
  const listenLast = (emitter: EventEmitter): Emit => {
    // To add a listener is an event of its own.
    if (isListening) return original;
    isListening = true;
    emitter.off('exit', listener);
    emitter.on('exit', listener);
    isListening = false;
    return original;
  };
  const telling = (emit: Emit): Emit =>
    function (event, ...rest) {
      const result = Reflect.apply(emit, this, [event, ...rest]);
      if (event === 'exit') tell(Number(process.exitCode ?? rest[0] ?? 0));
      return result;
    };

  const property: PropertyDescriptor = {
    configurable: true,
    enumerable: false,
    // Closed over the value of the moment: a wrapper that is itself wrapped and set must not find itself.
    get: () => {
      if (ending._exiting !== true) return current;
      return current === original ? listenLast(process) : telling(current);
    },
    set: (emit: Emit) => {
      current = emit;
    },
  };
  // Not on the process itself, among whose own properties it would be seen.
  Object.defineProperty(Object.getPrototypeOf(process), 'emit', property);

  // Gone through once, so that it need not be compiled at each end.
  const practice = new EventEmitter();
  listenLast(practice);
  practice.emit('exit', 0);
  property.get?.();
}
