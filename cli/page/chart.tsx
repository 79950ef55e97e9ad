import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { ChartLayout, StateLayout, WayLayout } from '../layout/types';
import type { Lane } from '../world/lanes';
import type { Standing } from '../world/story';
import { useCamera } from './camera';
import { curveBetween, wayOf } from './ways';
import { StepFacts, tipOn } from './tip';
import { StateFacts } from './state-facts';

interface Props {
  readonly chart: ChartLayout;
  readonly lane: Lane;
  readonly standing: Standing;
}

/** One chart in large: where the actor is, where it has been, which way it took last. */
export function Chart({ chart, lane, standing }: Props): VNode {
  const frame = useRef<SVGSVGElement>(null);
  const lit = chart.states.find(({ path }) => path === standing.state);
  const { transform, isFree, handlers, follow, fit } = useCamera(frame, chart, lit);
  const taken = useMemo(
    () => new Set(standing.taken.flatMap((pair) => wayOf(chart, pair) ?? [])),
    [chart, standing],
  );
  const lastPair = standing.taken.at(-1);
  const isMoved = (standing.last?.path.length ?? 0) > 0;
  const last = lastPair !== undefined && isMoved ? wayOf(chart, lastPair) : undefined;
  const groups = chart.states.filter(({ kind }) => kind === 'group');
  const leaves = chart.states.filter(({ kind }) => kind !== 'group');
  const state = (one: StateLayout): VNode => (
    <State key={one.path} {...{ one, lane, standing }} isLit={one === lit} />
  );
  return (
    <div class={`chart actor-${lane.role} ${standing.isGone ? 'gone' : ''}`}>
      <svg
        ref={frame}
        role="img"
        aria-label={`${lane.role}: ${standing.state ?? ''}`}
        {...handlers}
      >
        <g class="camera" style={{ transform }}>
          {groups.map(state)}
          {chart.ways.map((way, index) => (
            <Way
              key={index}
              chart={chart}
              way={way}
              standing={standing}
              isTaken={taken.has(way)}
              isLast={way === last}
            />
          ))}
          {leaves.map(state)}
        </g>
      </svg>
      <div class="chart-tools">
        <button class="chip" aria-pressed={!isFree} onClick={follow} title="Keep the state in view">
          follow
        </button>
        <button class="chip" onClick={fit} title="Show the whole chart (double click)">
          fit
        </button>
      </div>
    </div>
  );
}

interface StateProps {
  readonly one: StateLayout;
  readonly lane: Lane;
  readonly standing: Standing;
  readonly isLit: boolean;
}

function State({ one, lane, standing, isLit }: StateProps): VNode {
  const { path, name, kind, failure, x, y, width, height } = one;
  const isVisited =
    standing.visited.has(path) ||
    (kind === 'group' && [...standing.visited].some((other) => other.startsWith(`${path}.`)));
  const classes = [kind, failure && 'failure', isVisited && 'visited', isLit && 'lit'];
  return (
    <g
      class={`node ${classes.filter(Boolean).join(' ')}`}
      data-path={path}
      {...tipOn(() => <StateFacts state={one} lane={lane} />)}
    >
      <rect {...{ x, y, width, height }} rx={kind === 'group' ? 10 : 7} />
      {kind === 'final' && (
        <rect class="inner" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={4.5} />
      )}
      <text
        x={kind === 'group' ? x + 12 : x + width / 2}
        y={kind === 'group' ? y + 17 : y + height / 2 + 4}
        text-anchor={kind === 'group' ? 'start' : 'middle'}
      >
        {name}
      </text>
    </g>
  );
}

interface WayProps {
  readonly chart: ChartLayout;
  readonly way: WayLayout;
  readonly standing: Standing;
  readonly isTaken: boolean;
  readonly isLast: boolean;
}

function Way({ chart, way, standing, isTaken, isLast }: WayProps): VNode | null {
  const drawn = way.line === undefined ? (isTaken ? curveBetween(chart, way) : undefined) : way;
  if (drawn?.line === undefined) return null;
  const { line, head } = drawn;
  const classes = [isTaken && 'taken', isLast && 'last', way.line === undefined && 'apart'];
  const { last } = standing;
  return (
    <g
      class={`way ${classes.filter(Boolean).join(' ')}`}
      data-way={`${way.source} ${way.target}`}
      {...tipOn(() => (
        <>
          <h3>
            {way.source} → {way.target}
          </h3>
          {way.texts.map((text) => (
            <p key={text} class="mono">
              {text === '' ? 'at once' : text}
            </p>
          ))}
          {isLast && last !== undefined && <StepFacts step={last} />}
        </>
      ))}
    >
      <path class="reach" d={line} />
      <path class="line" d={line} />
      {head !== undefined && (
        <path
          class="head"
          d="M0,0 L-8,3.4 L-8,-3.4 Z"
          transform={`translate(${head.x},${head.y}) rotate(${head.angle})`}
        />
      )}
    </g>
  );
}
