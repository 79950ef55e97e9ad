/** Resolves when the user, or the end of the pipe that is written to, wants this to end. */
export function untilInterrupted(stdout: NodeJS.WritableStream): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  return new Promise((done, failed) => {
    const end = (): void => {
      for (const signal of signals) process.off(signal, end);
      done();
    };
    for (const signal of signals) process.on(signal, end);
    stdout.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? end() : failed(error),
    );
  });
}
