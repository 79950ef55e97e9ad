// What a command may touch of its process.

export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** One subcommand of `prefork`. */
export interface Command {
  /** The page that `prefork NAME --help` shows, without a line's end; without it `run` gets those words, too. */
  readonly help?: string;
  /**
   * Runs it; `words` are what stands behind its name. Returns the exit status.
   *
   * @throws {CommandError} for what the user can put right.
   */
  run(words: readonly string[], io: Io): number | Promise<number>;
}

/** Something that the user can put right: one line, which says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The exit status that stands for our own errors. */
export const ourError = 127;
