import type { VNode } from 'preact';
import { actorClass } from './actor-class';
import type { ChartLayout } from '../layout/types';
import type { Lane } from '../world/lanes';
import type { Standing } from '../world/story';
import { leafName } from '../world/words';

interface Props {
  readonly chart: ChartLayout | undefined;
  readonly lane: Lane;
  readonly number: number;
  readonly standing: Standing | undefined;
  readonly isShown: boolean;
  readonly onLane: (lane: Lane) => void;
}

/** An actor's chart without words, and the name of the state that it is in. */
export function Thumbnail({ chart, lane, number, standing, isShown, onLane }: Props): VNode {
  const { state, visited, isGone } = standing ?? {};
  return (
    <button
      role="tab"
      class={`thumb ${actorClass(lane.role)} ${state === undefined ? 'idle' : ''} ${isGone === true ? 'gone' : ''}`}
      aria-selected={isShown}
      data-role={lane.role}
      data-state={state}
      title={[`${lane.role} (${number})`, state, isGone === true && 'gone']
        .filter(Boolean)
        .join(' · ')}
      onClick={() => onLane(lane)}
    >
      {chart !== undefined && (
        <svg viewBox={`-4 -4 ${chart.width + 8} ${chart.height + 8}`} aria-hidden="true">
          {chart.ways.map(({ line }, index) => line && <path key={index} class="line" d={line} />)}
          {chart.states.map(({ path, kind, x, y, width, height }) => (
            <rect
              key={path}
              class={`${kind} ${path === state ? 'lit' : visited?.has(path) === true ? 'visited' : ''}`}
              {...{ x, y, width, height }}
              rx={kind === 'group' ? 12 : 8}
            />
          ))}
        </svg>
      )}
      <span class="caption">
        <b>{lane.role}</b>
        <span>{state === undefined ? (lane.pid === 0 ? '' : 'not yet') : leafName(state)}</span>
      </span>
    </button>
  );
}
