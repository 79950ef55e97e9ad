// Which events tell of the end of another process: of one that was killed nothing else does.

import { causality, type Causation } from '../../machines/causality';

/** What an event in that state tells of the end of another process: its chart, and whether it was killed. */
export function endToldBy(
  chart: string,
  state: string,
  event: string,
): { readonly chart: string; readonly isSudden: boolean } | undefined {
  const found = causality.find(
    ({ cause, effect }) =>
      cause.action === undefined &&
      effect.chart === chart &&
      effect.event === event &&
      effect.states.includes(state),
  );
  return found && { chart: found.cause.chart, isSudden: isDeath(found) };
}

const isDeath = ({ variant, by }: Causation): boolean =>
  variant === 'client killed' && by === 'descriptor';

/** Whether it is by a process of the one chart that one of the other gets this event. */
export const isFrom = (cause: string, chart: string, event: string | null): boolean =>
  causality.some(
    (one) => one.cause.chart === cause && one.effect.chart === chart && one.effect.event === event,
  );

/** Whether it is by this event that a server learns of a call. */
export const isArrival = (chart: string, event: string | null): boolean =>
  causality.some(
    ({ link, cause, effect }) =>
      link === 'listen' &&
      cause.action !== undefined &&
      effect.chart === chart &&
      effect.event === event,
  );
