/** The form of a cause and its effect in another process. */

import type { LinkName } from './links';

/** What the process does that others notice. */
export interface Cause {
  readonly chart: string;
  /** Every state in which the step is taken. */
  readonly states: readonly string[];
  /** The action that is the step; without one it is the end of the process in that state. */
  readonly action?: string;
  /** The event that says that the action has done it, where it may as well have done nothing. */
  readonly outcome?: string;
  /** How the end comes about, where no chart tells: what the script or the kernel does. */
  readonly through?: readonly Outside[];
}

/** A step that no chart takes, in the words of the diagrams. */
export interface Outside {
  readonly by: 'application' | 'kernel';
  readonly step: string;
}

/** What comes of it elsewhere. */
export interface Effect {
  readonly chart: string;
  /** Every state in which it may be noticed. */
  readonly states: readonly string[];
  /** The event that tells of it; without one the process begins, or ends, in that state. */
  readonly event?: string;
  /** The event that makes it look, where `event` is what it then finds. */
  readonly notice?: { readonly states: readonly string[]; readonly event: string };
}

export interface Causation {
  readonly description: string;
  readonly cause: Cause;
  readonly effect: Effect;
  readonly by: 'descriptor' | 'exit' | 'signal' | 'fork';
  /** What it travels over, by its name in the topology. */
  readonly link?: LinkName;
  /** Only in the variant in which the client is killed. */
  readonly variant?: 'client killed';
}

/** An event that comes to a chart in one of these states. */
export const on = (chart: string, states: string | readonly string[], event: string): Effect => ({
  chart,
  states: typeof states === 'string' ? [states] : states,
  event,
});
/** The beginning, or the end, of a process in that state. */
export const at = (chart: string, state: string): Effect => ({ chart, states: [state] });
/** An action in one of these states; without one the end of the process there. */
export const step = (
  chart: string,
  states: string | readonly string[],
  action?: string,
): Cause => ({
  chart,
  states: typeof states === 'string' ? [states] : states,
  ...(action === undefined ? {} : { action }),
});
/** An end that no chart tells of. */
export const end = (chart: string, state: string, ...through: readonly Outside[]): Cause => ({
  chart,
  states: [state],
  through,
});
