// What can go wrong between a script and this library, and how it is said.

export type ErrorCode =
  | 'ERR_PREFORK_CALLED_TWICE'
  | 'ERR_PREFORK_NO_SERVER'
  | 'ERR_PREFORK_THREADS'
  | 'ERR_PREFORK_UNSUPPORTED'
  | 'ERR_PREFORK_WORKER';

/** Any failure of this library but a wrong argument, which is a `TypeError`. */
export class PreforkError extends Error {
  override readonly name = 'PreforkError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(`initialisationComplete(): ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** A wrong argument: which one, what it should be, what it is. */
export function wrongArgument(name: string, expected: string, received: unknown): TypeError {
  return new TypeError(`${name} must be ${expected}; received ${describe(received)}`);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return `${typeof value === 'bigint' ? 'bigint ' : ''}${String(value)}`;
}
