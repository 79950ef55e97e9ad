// Functions of Node's own as they are before the script can have put others in their places: what those do is
// not for a rehearsal to bring about.

export interface Originals {
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
  readonly setImmediate: typeof setImmediate;
  readonly clearImmediate: typeof clearImmediate;
  readonly exit: typeof process.exit;
}

/** To be called when the library is loaded. */
export function captureOriginals(): Originals {
  const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
  return { setTimeout, clearTimeout, setImmediate, clearImmediate, exit: process.exit };
}
