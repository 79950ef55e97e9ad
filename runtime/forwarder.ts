// A stream that can be handed out now and become another one later.

import type { EventEmitter } from 'node:events';

type Stream = NodeJS.ReadableStream | NodeJS.WritableStream;
type Method = (this: unknown, ...parameters: unknown[]) => unknown;

export interface Forwarder {
  /** Behaves as the stream that it stands for. */
  readonly proxy: Stream;
  /** Stands for another one from now on, made at the next use, with what was put on this one. */
  forwardTo(make: () => Stream): void;
}

/** Makes a stand-in for `first`. */
export function forwarder(first: Stream): Forwarder {
  let current = first;
  let pending: (() => Stream) | undefined;
  // What the script has set on the stream, a wrapped write() for instance, goes with it.
  const assigned = new Map<string | symbol, unknown>();
  const target = (): Stream => {
    if (pending !== undefined) {
      const make = pending;
      pending = undefined;
      current = make();
      const encoding = encodingOf(first);
      if (encoding !== null) (current as NodeJS.ReadableStream).setEncoding(encoding);
      moveListeners(first, current);
      for (const [name, value] of assigned) Reflect.set(current, name, value);
    }
    return current;
  };

  const methods = new WeakMap<Method, Method>();
  // A method must see the stream itself as `this`, and one that returns it (on, setEncoding) must not
  // hand it out.
  const method = (original: Method): Method => {
    const known = methods.get(original);
    if (known !== undefined) return known;
    const bound: Method = function (...parameters) {
      const stream = target();
      const result = Reflect.apply(original, this === proxy ? stream : this, parameters);
      return result === stream ? proxy : result;
    };
    methods.set(original, bound);
    return bound;
  };

  const proxy = new Proxy(first, {
    get: (_first, name) => {
      const value: unknown = Reflect.get(target(), name, target());
      // A class is not a method; nobody binds `constructor`.
      return typeof value === 'function' && name !== 'constructor'
        ? method(value as Method)
        : value;
    },
    set: (_first, name, value) => {
      assigned.set(name, value);
      return Reflect.set(target(), name, value);
    },
    has: (_first, name) => Reflect.has(target(), name),
    deleteProperty: (_first, name) => Reflect.deleteProperty(target(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(target()),
  });
  return {
    proxy,
    forwardTo: (make) => {
      pending = make;
      // Listeners wait for what happens to the stream, and who has set something on it expects to find it
      // by any way to the stream: then it must come to be now.
      const isChanged = assigned.size > 0 || encodingOf(first) !== null;
      if (isChanged || userListeners(first).length > 0) target();
    },
  };
}

// Streams listen to themselves as well; such listeners belong to the one stream.
const internal = new Set<string | symbol>(['newListener', 'removeListener', 'prefinish']);

const encodingOf = (stream: Stream): BufferEncoding | null =>
  (stream as { readableEncoding?: BufferEncoding | null }).readableEncoding ?? null;

function userListeners(stream: EventEmitter): (string | symbol)[] {
  return stream.eventNames().filter((name) => !internal.has(name));
}

function moveListeners(from: EventEmitter, to: EventEmitter): void {
  for (const name of userListeners(from)) {
    for (const listener of from.rawListeners(name)) to.on(name, listener as () => void);
  }
}
