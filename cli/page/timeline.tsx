import type { VNode } from 'preact';
import { actorClass } from './actor-class';
import { useRef } from 'preact/hooks';
import { phases } from '../../machines/phases';
import type { Lane } from '../world/lanes';
import { statesOf } from '../world/timeline';
import type { CallView, Subject } from '../world/view';
import { duration, leafName } from '../world/words';
import { ticksOf, useRange, type Range } from './range';
import { StepFacts, tipOn } from './tip';
import { Title, type TitleProps } from './title';

interface Props extends Omit<TitleProps, 'subject' | 'isZoomed' | 'onReset'> {
  readonly subject: Subject | undefined;
  /** The key of the lane whose chart is shown. */
  readonly shown: string | undefined;
  readonly onLane: (lane: Lane) => void;
}

export function Timeline(props: Props): VNode {
  const { subject, moments, cursor, now } = props;
  const track = useRef<HTMLDivElement>(null);
  const call = subject?.call;
  const begin = call?.begun ?? moments[0]?.step.t ?? 0;
  const end = call?.duration === undefined ? now : begin + call.duration;
  const last = Math.max(end, moments.at(-1)?.step.t ?? 0);
  const { range, zoom, shift, reset, isZoomed } = useRange(subject?.key, begin, last);
  if (subject === undefined)
    return (
      <section class="panel timeline" aria-label="Time line">
        <h2>Time line</h2>
        <p class="empty">
          The first call that arrives will be here, from its begin to its end. Meanwhile, the
          machines at rest:
        </p>
      </section>
    );

  const share = (t: number): number => ((t - range.from) / (range.to - range.from)) * 100;
  const timeAt = (x: number): number => {
    const box = track.current?.getBoundingClientRect();
    const part = box === undefined ? 0 : (x - box.left) / box.width;
    return range.from + part * (range.to - range.from);
  };
  const moveTo = (x: number): void => {
    const t = timeAt(x);
    const next = moments.findIndex(({ step }) => step.t > t);
    props.onMove(next < 0 ? undefined : Math.max(0, next - 1));
  };
  const at = cursor === undefined ? undefined : moments[cursor]?.step.t;
  return (
    <section class="panel timeline" aria-label="Time line">
      <Title {...props} subject={subject} now={now} isZoomed={isZoomed} onReset={reset} />
      <div
        class="lanes"
        onWheel={(event) => {
          if (event.shiftKey || event.deltaX !== 0) shift((event.deltaX || event.deltaY) / 1000);
          else zoom(timeAt(event.clientX), event.deltaY > 0 ? 1.25 : 0.8);
          event.preventDefault();
        }}
      >
        <div class="lane axis">
          <span class="label" />
          <div
            class="track"
            ref={track}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              moveTo(event.clientX);
            }}
            onPointerMove={(event) => event.buttons > 0 && moveTo(event.clientX)}
          >
            {ticksOf(range, begin).map(({ t, text }) => (
              <i
                key={text}
                class={`tick ${share(t) > 92 ? 'leftward' : ''}`}
                style={{ left: `${share(t)}%` }}
              >
                <span>{text}</span>
              </i>
            ))}
          </div>
        </div>
        {call !== undefined && <Phases call={call} end={end} range={range} share={share} />}
        {subject.lanes.map((lane) => (
          <LaneRow key={lane.key} {...props} lane={lane} end={last} range={range} share={share} />
        ))}
        {at !== undefined && (
          <div class="cursor">
            <i style={{ left: `${share(at)}%` }} class={share(at) > 80 ? 'leftward' : ''}>
              <span>+{duration(at - begin)}</span>
            </i>
          </div>
        )}
      </div>
    </section>
  );
}

interface Scale {
  readonly range: Range;
  readonly end: number;
  /** Per cent of the width at which a time stands. */
  readonly share: (t: number) => number;
}

const place = (from: number, to: number, { share, range }: Scale) => {
  const left = Math.max(share(from), 0);
  const right = Math.min(share(to), 100);
  const isInside = to >= range.from && from <= range.to;
  return isInside ? { left: `${left}%`, width: `${Math.max(right - left, 0)}%` } : undefined;
};

function Phases({ call, ...scale }: Scale & { readonly call: CallView }): VNode {
  return (
    <div class="lane phases">
      <span class="label">phases</span>
      <div class="track">
        {call.phases.map(({ what, from, to = scale.end }) => {
          const style = place(from, to, scale);
          const phase = phases[what];
          if (style === undefined || phase === undefined) return null;
          return (
            <i
              key={`${what} ${from}`}
              class={`segment phase-${phase.name}`}
              data-phase={phase.name}
              style={style}
              {...tipOn(() => (
                <>
                  <h3>
                    {phase.name} <small>{duration(to - from)}</small>
                  </h3>
                  <p>{phase.description}</p>
                </>
              ))}
            >
              <span>
                {phase.name}
                <small>{duration(to - from)}</small>
              </span>
            </i>
          );
        })}
      </div>
    </div>
  );
}

type LaneProps = Scale &
  Pick<Props, 'moments' | 'shown' | 'onLane' | 'onMove'> & { readonly lane: Lane };

function LaneRow({ lane, moments, shown, onLane, onMove, ...scale }: LaneProps): VNode {
  const spans = statesOf(lane.steps, lane.gone?.t);
  return (
    <div
      class={`lane ${actorClass(lane.role)} ${lane.key === shown ? 'shown' : ''}`}
      data-role={lane.role}
    >
      <button class="label" onClick={() => onLane(lane)}>
        <i class="dot" />
        {lane.role} <small class="mono">{lane.pid}</small>
      </button>
      <div class="track">
        {spans.map(({ what, from, to = scale.end }) => {
          const style = place(from, to, scale);
          const step = lane.steps.find(({ t, path }) => t === from && path.includes(what));
          if (style === undefined) return null;
          return (
            <i
              key={`${what} ${from}`}
              class="segment"
              data-state={what}
              style={style}
              onClick={() => {
                onLane(lane);
                const index = moments.findIndex((moment) => moment.step === step);
                if (index >= 0) onMove(index);
              }}
              {...tipOn(() => (
                <>
                  <h3>
                    {what} <small>{duration(to - from)}</small>
                  </h3>
                  {step !== undefined && <p>{step.event ?? 'begins'}</p>}
                  {step !== undefined && <StepFacts step={step} />}
                </>
              ))}
            >
              <span>{leafName(what)}</span>
            </i>
          );
        })}
      </div>
    </div>
  );
}
