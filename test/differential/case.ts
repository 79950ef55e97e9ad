// What a case of the differential suite is: a script, and how it is run.

/** A script's work, and what surrounds it. Strings of shell and JavaScript are run as they stand. */
export interface Details {
  /** The script after initialisationComplete(). */
  readonly body: string;
  /** The script before it. With this, or `own`, the case has a script and a server of its own. */
  readonly setup?: string;
  /** A script of its own: for what depends on being the main module. */
  readonly own?: boolean;
  readonly kind?: 'cjs' | 'mjs';
  /** After the script's name; by default `one two`. */
  readonly args?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Commands for bash, in which `run` stands for the call; `$OUT` is an empty folder. By default `run`.
   * What it leaves in `$OUT` is compared, too.
   */
  readonly shell?: string;
  /** The shell has a terminal of its own, 100 columns by 40 lines, without echo. */
  readonly terminal?: boolean;
  /** Typed at the terminal once this has been shown. */
  readonly keys?: { readonly after: string; readonly text: string };
  /** What must differ between two plain runs as well, and why. */
  readonly normalise?: readonly Normalisation[];
  /** Node versions, by major, where the case makes sense. */
  readonly from?: number;
}

export interface Normalisation {
  readonly pattern: RegExp;
  readonly by: string;
  readonly because: string;
}

/** A case by its name; a string is the body alone. */
export type Cases = Readonly<Record<string, string | Details>>;

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: number | string | null;
  readonly files: Readonly<Record<string, string>>;
}

export interface Difference {
  readonly name: string;
  /** For the README, in Markdown: what differs, and why. */
  readonly text: string;
  readonly proof: Details;
  /** What is to be seen in the outcome, as JSON, of a plain run and of a warm call. */
  readonly plain: RegExp;
  readonly warm: RegExp;
  /** Where only calls of one kind differ. */
  readonly only?: 'warm' | 'ahead';
}

export const details = (given: string | Details): Details =>
  typeof given === 'string' ? { body: given } : given;
