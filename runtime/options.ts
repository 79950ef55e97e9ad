// The options of initialisationComplete(): their meaning, their defaults, their limits.

import { wrongArgument } from './errors';

export interface InitialisationOptions {
  /** How many calls run at the same time; further ones wait. Negative: any number. Default 4. */
  readonly maxServers?: number;
  /** Seconds without a call after which the server ends. Negative: never. Default 1 000 000. */
  readonly idleTimeout?: number;
  /** Start afresh when a file of the program has changed. Default true. */
  readonly autoreload?: boolean;
  /** More files to watch, also when `autoreload` is false; relative ones are so to the current directory. */
  readonly autoreloadExtra?: readonly string[];
  /** Keep two processes forked ahead of the next call, which need not wait for them then. Default true. */
  readonly standby?: boolean;
  /** How many failures to accept a call the server survives. Default 100. */
  readonly maxErrors?: number;
  /** Facility of syslog(3) for the server's messages, by its name in C; empty: no log. Default LOG_USER. */
  readonly logFacility?: string;
}

const defaults = {
  maxServers: 4,
  idleTimeout: 1_000_000,
  autoreload: true,
  autoreloadExtra: [] as readonly string[],
  standby: true,
  maxErrors: 100,
  logFacility: 'LOG_USER',
};

export type CheckedOptions = typeof defaults;

const facility =
  /^(LOG_)?(AUTH|AUTHPRIV|CRON|DAEMON|FTP|KERN|LOCAL[0-7]|LPR|MAIL|NEWS|SYSLOG|USER|UUCP)$/i;

const isNumberedWhole = (value: unknown): value is number => Number.isSafeInteger(value);

const checks: {
  readonly [Name in keyof CheckedOptions]: readonly [(value: unknown) => boolean, string];
} = {
  // None at all would leave every caller waiting for ever.
  maxServers: [
    (value) => isNumberedWhole(value) && value !== 0,
    'a whole number other than 0 (negative: no limit)',
  ],
  idleTimeout: [Number.isFinite, 'a number of seconds (negative: no limit)'],
  autoreload: [(value) => typeof value === 'boolean', 'true or false'],
  autoreloadExtra: [
    (value) => Array.isArray(value) && value.every(isPath),
    'an array of file names, none of them empty',
  ],
  standby: [(value) => typeof value === 'boolean', 'true or false'],
  maxErrors: [(value) => isNumberedWhole(value) && value >= 0, 'a whole number, 0 or more'],
  logFacility: [
    (value) => typeof value === 'string' && (value === '' || facility.test(value)),
    "the name of a syslog facility, as 'LOG_DAEMON', or ''",
  ],
};

/** Fills in the defaults. Throws a `TypeError` that names the first option that is wrong. */
export function checkOptions(options: unknown): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw wrongArgument('The argument of initialisationComplete()', 'an object', options);
  }
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(checks, name) ? checks[name as keyof CheckedOptions] : undefined;
    if (check === undefined) {
      throw new TypeError(`initialisationComplete() has no option ${JSON.stringify(name)}`);
    }
    const [accepts, expected] = check;
    if (!accepts(value)) throw wrongArgument(`Option ${name}`, expected, value);
    given[name] = value;
  }
  return { ...defaults, ...given };
}

/** Whether a file can have this name at all. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}
