import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ChartLayout } from '../layout/types';
import type { Lane } from '../world/lanes';
import { standingOf, type Moment } from '../world/story';
import { Chart } from './chart';
import { Thumbnail } from './thumbnail';

interface Props {
  readonly charts: readonly ChartLayout[];
  /** One for each role. */
  readonly tabs: readonly Lane[];
  readonly lane: Lane | undefined;
  readonly moments: readonly Moment[];
  readonly cursor: number | undefined;
  readonly onLane: (lane: Lane) => void;
}

/** All actors of the call in small, one of them in large. */
export function Stage({ charts, tabs, lane, moments, cursor, onLane }: Props): VNode {
  const chartOf = (one: Lane): ChartLayout | undefined => charts.find(({ id }) => id === one.chart);
  const standings = useMemo(() => {
    const until = cursor === undefined ? moments : moments.slice(0, cursor + 1);
    const all = [...tabs, ...(lane === undefined ? [] : [lane])];
    return new Map(
      all.map((one) => [one.key, standingOf(one, until, cursor === undefined)] as const),
    );
  }, [tabs, lane, moments, cursor]);
  const shown = lane && chartOf(lane);
  const standing = lane && standings.get(lane.key);
  return (
    <section class="panel stage" aria-label="Statecharts">
      <div class="tabs" role="tablist">
        {tabs.map((one, index) => (
          <Thumbnail
            key={one.key}
            chart={chartOf(one)}
            lane={one}
            number={index + 1}
            standing={standings.get(one.key)}
            isShown={one.role === lane?.role}
            onLane={onLane}
          />
        ))}
      </div>
      {shown !== undefined && standing !== undefined && lane !== undefined && (
        <Chart key={lane.chart} chart={shown} lane={lane} standing={standing} />
      )}
    </section>
  );
}
