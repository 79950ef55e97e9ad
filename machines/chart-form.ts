import { ChartError } from './chart-error';

/**
 * The readers of a chart's values. They take `unknown`: a chart that the type checker has not seen,
 * or that was cast past it, is refused here and not misread.
 */

type Fields = Readonly<Record<string, unknown>>;

const reasonsByKey: Readonly<Record<string, string>> = {
  activities: 'no activities: one action starts what lasts, another stops it',
  after: 'no delayed transitions: a timer is an action that posts an event',
  context: 'no context: what a chart decides on is its state, everything else is the actor’s',
  history: 'no history states: name the state to go to',
  id: 'no id of its own: a state is addressed by its path, as #chart.state.child',
  in: 'no condition on another state: use a guard',
  invoke: 'nothing is invoked: an action starts it and posts what comes of it',
  onDone: 'no onDone: the parent leaves by an event or an eventless transition',
  parallel: 'no parallel states: concurrency is more actors',
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
};

export const joinPlace = (place: string, key: string): string => `${place}: ${key}`;

/** The object's fields, if it has no others than the known ones. */
export const readFields = (value: unknown, place: string, known: readonly string[]): Fields => {
  const fields = readObject(value, place);
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    throw new ChartError(joinPlace(place, key), reasonAgainst(key) ?? 'unknown key');
  }
  return fields;
};

/** Why XState's key or state type of this name is outside the subset. */
export const reasonAgainst = (key: string): string | undefined =>
  Object.hasOwn(reasonsByKey, key) ? reasonsByKey[key] : undefined;

export const readObject = (value: unknown, place: string): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ChartError(place, `expected an object, got ${kindOf(value)}`);
  }
  return value as Fields;
};

export const readText = (value: unknown, place: string): string => {
  if (typeof value !== 'string') {
    throw new ChartError(place, `expected one line of text, got ${kindOf(value)}`);
  }
  if (/^(?! )\P{Cc}+(?<! )$/u.test(value)) return value;
  throw new ChartError(place, 'expected one line of text, without spaces around it');
};

/** States, actions, guards and charts: what becomes a method or, with a `k` before it, a constant. */
export const readName = (value: unknown, place: string, what: string): string => {
  if (typeof value !== 'string') {
    throw new ChartError(place, `expected the name of ${what}, got ${kindOf(value)}`);
  }
  if (/^[a-z][A-Za-z0-9]*$/.test(value)) return value;
  throw new ChartError(place, `'${value}' cannot name ${what}: write it in camelCase`);
};

export const readEvent = (value: unknown, place: string): string => {
  if (typeof value !== 'string') {
    throw new ChartError(place, `expected the name of an event, got ${kindOf(value)}`);
  }
  if (value === '*') throw new ChartError(place, 'no wildcard: name every event');
  if (value === '') throw new ChartError(place, "eventless transitions stand under 'always'");
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(value)) return value;
  throw new ChartError(place, `'${value}' cannot name an event: write it in UPPER_SNAKE`);
};

/** One name or a list of names. */
export const readNames = (value: unknown, place: string, what: string): readonly string[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [readName(value, place, what)];
  return value.map((name, index) => readName(name, `${place}[${index}]`, what));
};
