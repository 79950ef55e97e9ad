// Numbers and endings as people read them.

import type { CallClass, Outcome, Step } from './types';

/** Microseconds with their unit, to three digits or so: `420 µs`, `7.61 ms`, `1.2 s`, `3 min`. */
export function duration(microseconds: number): string {
  const us = Math.max(0, microseconds);
  if (us < 999.5) return `${Math.round(us)} µs`;
  if (us < 999_500) return `${threeDigits(us / 1000)} ms`;
  if (us < 99_500_000) return `${threeDigits(us / 1_000_000)} s`;
  const minutes = us / 60_000_000;
  return minutes < 119.5 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}

const threeDigits = (value: number): string =>
  value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0);

/** `12 345`, with narrow spaces that do not break. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** Of Linux, from 1 on. */
const signals = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP ' +
  'TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ');

export const signalName = (number: number): string => {
  const name = signals[number - 1];
  return name === undefined ? `signal ${number}` : `SIG${name}`;
};

/** `exit 0`, `SIGINT`, `client killed`. */
export const outcome = (what: Outcome): string => {
  if (typeof what === 'string') return what;
  return 'code' in what ? `exit ${what.code}` : signalName(what.signal);
};

/** Whether it is what a caller hopes for. */
export const isSuccess = (what: Outcome): boolean =>
  typeof what === 'object' && 'code' in what && what.code === 0;

export const startWords: Readonly<Record<CallClass['start'], string>> = {
  first: 'first call',
  warm: 'warm',
  'without server': 'no server',
};

/** The last part of a path. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a script is called where there is little room. */
export const scriptName = (script: string | undefined): string =>
  script === undefined || script === '' ? '(unknown script)' : fileName(script);

/** `isFull: yes`, one for each guard that was asked. */
export const guardWords = ({ guards }: Pick<Step, 'guards'>): string[] =>
  guards.map(([name, answer]) => `${name}: ${answer ? 'yes' : 'no'}`);

/** `errno: 2`, one for each field. */
export const dataWords = ({ data }: Pick<Step, 'data'>): string[] =>
  Object.entries(data ?? {}).map(([name, value]) => `${name}: ${value}`);

/** The innermost part of a state's path. */
export const leafName = (state: string): string => state.slice(state.lastIndexOf('.') + 1);
