// Which line of a chart a step has gone along.

import type { ChartLayout, StateLayout, WayLayout } from '../layout/types';

const covers = (state: string, leaf: string): boolean =>
  leaf === state || leaf.startsWith(`${state}.`);

/** The innermost way between the two leaves; undefined where the chart has none. */
export const wayOf = (
  { ways }: ChartLayout,
  [from, to]: readonly [from: string, to: string],
): WayLayout | undefined =>
  ways
    .filter(({ source, target }) => covers(source, from) && covers(target, to))
    .toSorted(
      (one, other) =>
        other.source.length - one.source.length || other.target.length - one.target.length,
    )[0];

/** A line for a way that the chart is drawn without: it crosses to what stands apart. */
export function curveBetween(
  chart: ChartLayout,
  { source, target }: WayLayout,
): Pick<WayLayout, 'line' | 'head'> | undefined {
  const [one, other] = [source, target].map((path) =>
    chart.states.find((state) => state.path === path),
  );
  if (one === undefined || other === undefined) return undefined;
  const isRight = centre(other).x >= centre(one).x;
  const start = { x: isRight ? one.x + one.width : one.x, y: centre(one).y };
  const end = { x: isRight ? other.x : other.x + other.width, y: centre(other).y };
  const reach = Math.max(30, Math.abs(end.x - start.x) / 2) * (isRight ? 1 : -1);
  const bend = [start.x + reach, start.y, end.x - reach, end.y, end.x, end.y];
  return {
    line: `M${start.x},${start.y} C${bend.join(' ')}`,
    head: { x: end.x, y: end.y, angle: isRight ? 0 : 180 },
  };
}

const centre = ({ x, y, width, height }: StateLayout) => ({ x: x + width / 2, y: y + height / 2 });
