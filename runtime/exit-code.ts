// The exit status of a natural end: JavaScript knows it, Node's native hooks there do not.

/**
 * Calls `tell` with the status once the 'exit' event has been emitted. Until the process is ending,
 * `process.emit` is whatever it was: no frame of ours appears in any stack trace before.
 */
export function tellExitCode(tell: (code: number) => void): void {
  type Emit = (this: NodeJS.Process, event: string | symbol, ...rest: unknown[]) => boolean;
  const ending = process as NodeJS.Process & { _exiting?: boolean };
  let current = process.emit as Emit;

  const telling = (emit: Emit): Emit =>
    function (event, ...rest) {
      const result = Reflect.apply(emit, this, [event, ...rest]);
      if (event === 'exit') tell(Number(process.exitCode ?? rest[0] ?? 0));
      return result;
    };

  Object.defineProperty(process, 'emit', {
    configurable: true,
    enumerable: false,
    // Closed over the value of the moment: a wrapper that is itself wrapped and set must not find itself.
    get: () => (ending._exiting === true ? telling(current) : current),
    set: (emit: Emit) => {
      current = emit;
    },
  });
}
