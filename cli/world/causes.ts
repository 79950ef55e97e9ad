// Which events tell of the end of another process: of one that was killed nothing else does.

import { causality } from '../../machines/causality';

/** The chart of the process that must have ended when that one gets this event in that state. */
export const chartThatEnded = (chart: string, state: string, event: string): string | undefined =>
  causality.find(
    ({ cause, effect }) =>
      cause.action === undefined &&
      effect.chart === chart &&
      effect.event === event &&
      effect.states.includes(state),
  )?.cause.chart;

/** Whether it is by this event that a server learns of a call. */
export const isArrival = (chart: string, event: string | null): boolean =>
  causality.some(
    ({ link, cause, effect }) =>
      link === 'listen' &&
      cause.action !== undefined &&
      effect.chart === chart &&
      effect.event === event,
  );
