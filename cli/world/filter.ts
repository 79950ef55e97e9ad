// What the words of a filter let through.

import { signalName } from './words';
import type { CallView, ClassView, ProcessView } from './view';

/** `script:greet`, `call:4242`, `actor:monitor`, `state:waiting`, or a word that may be anywhere. */
interface Term {
  readonly field: string | undefined;
  readonly text: string;
}

export type Filter = readonly Term[];

const fields = ['script', 'call', 'actor', 'state', 'outcome'];

export const readFilter = (text: string): Filter =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, field, rest = ''] = /^(\w+):(.*)$/.exec(word) ?? [];
      return field !== undefined && fields.includes(field)
        ? { field, text: rest }
        : { field: undefined, text: word };
    });

/** Every term must be found: in its own field, or in any. A field that it does not have is no obstacle. */
const passes = (filter: Filter, values: Readonly<Record<string, string | undefined>>): boolean =>
  filter.every(({ field, text }) => {
    const contents = field === undefined ? Object.values(values) : [values[field]];
    if (field !== undefined && !(field in values)) return true;
    return contents.some((content) => content?.toLowerCase().includes(text) === true);
  });

/** A process is found by its own number, and by that of the client whose call it serves. */
export const showsProcess = (filter: Filter, process: ProcessView, client?: number): boolean =>
  passes(filter, {
    script: process.script ?? '',
    call: [process.pid, client].join(' '),
    actor: process.role,
    state: process.state,
  });

export const showsCall = (filter: Filter, call: CallView): boolean =>
  passes(filter, {
    script: call.script,
    call: String(call.pid ?? ''),
    outcome: outcomeText(call.outcome),
  });

export const showsClass = (filter: Filter, one: ClassView): boolean =>
  passes(filter, {
    script: one.script,
    call: one.pids.join(' '),
    outcome: outcomeText(one.outcome),
    state: one.path.join(' '),
  });

const outcomeText = (outcome: CallView['outcome']): string => {
  if (outcome === undefined) return 'running';
  if (typeof outcome === 'string') return outcome;
  return 'code' in outcome ? `exit ${outcome.code}` : signalName(outcome.signal);
};
