import type { Chart } from '../../machines/chart';

/** A chart together with everything that its run depends on; both engines get the same. */
export interface Scenario {
  readonly chart: Chart;
  /** For each action the events that it posts while it runs. */
  readonly posts: Readonly<Record<string, readonly string[]>>;
  /** How many events the actions may post in all: actions that feed themselves come to an end. */
  readonly postLimit: number;
  /** The guards' answers, in the order in which guards are asked; then every guard says no. */
  readonly answers: readonly boolean[];
  /** How many of the events are sent before the chart is started. */
  readonly early: number;
  readonly events: readonly string[];
}

/**
 * What a run did, in order: `do <action>`, `ask <guard>: <answer>`, and after the start and after
 * each later event `in <state>` or `ended in <state>`.
 */
export type Trace = readonly string[];
