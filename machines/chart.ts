/**
 * The form of a chart: the subset of XState 4's configuration that compiles.
 *
 * Charts are data. Actions and guards are names; what they do stands in the actor of the same name
 * (`native/actors/<id>.cc`). Every state says in one line what it is for.
 */

/** One way out of a state. `cond` names a guard; without `target` the state is not left. */
export interface Transition {
  readonly target?: string;
  readonly cond?: string;
  readonly actions?: string | readonly string[];
  /** Only where `target` lies inside the source: true leaves the source state itself untouched. */
  readonly internal?: boolean;
}

/** What tools may ask of a state beyond its behaviour. */
export interface StateMeta {
  /** The step's wording in the documented diagrams, where it has one. */
  readonly step?: string;
  /** Apart from the main way: a fault, a refusal, an escalation. */
  readonly failure?: true;
  /** Final states: the role that this process takes on next. */
  readonly becomes?: string;
  /** Final states: the status with which the process exits. */
  readonly exitStatus?: number;
}

export interface StateNode {
  readonly description: string;
  readonly type?: 'final';
  readonly initial?: string;
  readonly entry?: string | readonly string[];
  readonly exit?: string | readonly string[];
  readonly on?: Readonly<Record<string, string | Transition | readonly Transition[]>>;
  readonly always?: Transition | readonly Transition[];
  readonly states?: Readonly<Record<string, StateNode>>;
  readonly meta?: StateMeta;
}

export interface Chart {
  readonly id: string;
  readonly description: string;
  readonly predictableActionArguments: true;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateNode>>;
  readonly meta: {
    /** For every action the events of which it posts exactly one, at once or later; none: []. */
    readonly posts: Readonly<Record<string, readonly string[]>>;
    /**
     * For every action that starts something lasting (a watch, a timer) the events that may come
     * from it at any time, any number of times, until the named action stops it.
     */
    readonly watches?: Readonly<Record<string, readonly string[]>>;
    /** The events that other actors of the same process send, at any time. */
    readonly hears?: readonly string[];
  };
}
