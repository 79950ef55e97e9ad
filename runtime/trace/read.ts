// One line of a trace, from text to a checked value.

import { recordVersion, type RecordingLine } from './record';

/** A line that is none of a trace's; the message says why. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

type Check = readonly [accepts: (value: unknown) => boolean, expected: string];
type Shape = Readonly<Record<string, Check>>;

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isGuardAnswer = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isText(value[0]) && typeof value[1] === 'boolean';
const listOf = (accepts: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(accepts);

const whole: Check = [isWhole, 'a whole number'];
const text: Check = [isText, 'a string'];
const names: Check = [listOf(isText), 'a list of strings'];
const ending: Check = [
  (value) => isObject(value) && (isWhole(value['code']) || isWhole(value['signal'])),
  'an object with a code or a signal',
];
const data: Check = [
  (value) =>
    isObject(value) &&
    Object.values(value).every((item) => isText(item) || typeof item === 'number'),
  'an object of strings and numbers',
];

const common: Shape = {
  seq: whole,
  t: whole,
  pid: whole,
  ppid: whole,
  born: whole,
  actor: text,
  engine: [(value) => value === 'native' || value === 'xstate', "'native' or 'xstate'"],
};
const step: Shape = {
  guards: [listOf(isGuardAnswer), 'a list of pairs of a name and an answer'],
  actions: names,
  path: names,
  to: text,
};

/** By kind: what a line must have. */
const required: Readonly<Record<string, Shape>> = {
  start: { ...common, ...step, session: whole, group: whole },
  transition: { ...common, ...step, from: text, event: text },
  end: { ...common, state: text },
  recording: { realtime: whole, monotonic: whole, version: text, runDirectory: text },
  drops: { t: whole, pid: whole, born: whole, count: whole },
  gone: { t: whole, pid: whole, born: whole },
};
/** By kind: what it may have besides. What is not named here is left alone: a later writer may know more. */
const optional: Readonly<Record<string, Shape>> = {
  start: { instance: whole, socket: text, script: text, client: whole },
  transition: { instance: whole, data },
  end: { instance: whole, becomes: text, status: ending },
};

/**
 * Reads one line.
 *
 * @throws {RecordError} if it is not JSON, of another version, or not of the form that its kind has.
 */
export function readLine(line: string): RecordingLine {
  const value = parse(line);
  if (!isObject(value)) throw new RecordError('is not an object');
  if (value['v'] !== recordVersion) {
    throw new RecordError(`is of version ${JSON.stringify(value['v'])}, not ${recordVersion}`);
  }
  const kind = String(value['kind']);
  const shape = Object.hasOwn(required, kind) ? required[kind] : undefined;
  if (shape === undefined) throw new RecordError(`is of an unknown kind, '${kind}'`);
  for (const [name, [accepts, expected]] of Object.entries(shape)) {
    if (!accepts(value[name])) throw new RecordError(`'${name}' must be ${expected}`);
  }
  for (const [name, [accepts, expected]] of Object.entries(optional[kind] ?? {})) {
    if (name in value && !accepts(value[name])) {
      throw new RecordError(`'${name}' must be ${expected}`);
    }
  }
  return value as unknown as RecordingLine;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RecordError('is not JSON');
  }
}
