import type { VNode } from 'preact';
import type { Moment } from '../world/story';
import type { CallView, Subject } from '../world/view';
import { duration, isSuccess, outcome, scriptName, startWords } from '../world/words';
import { Sign } from './sign';

export interface TitleProps {
  readonly subject: Subject;
  readonly moments: readonly Moment[];
  readonly cursor: number | undefined;
  readonly now: number;
  readonly isPlaying: boolean;
  /** Whether this one was chosen, and is not only the latest. */
  readonly isPinned: boolean;
  readonly isZoomed: boolean;
  readonly onMove: (index: number | undefined) => void;
  readonly onPlay: () => void;
  readonly onFollow: () => void;
  readonly onReset: () => void;
}

/** Which call it is, how it went, and what steps through it. */
export function Title(props: TitleProps): VNode {
  const { subject, moments, cursor, isPlaying, now } = props;
  const { call } = subject;
  const at = cursor ?? moments.length - 1;
  return (
    <h2>
      {call === undefined ? (
        <span class="title">{subject.lanes.map(({ role, pid }) => `${role} ${pid}`).join()}</span>
      ) : (
        <>
          <span class="title">{scriptName(call.script)}</span>
          <span class="chip quiet">{startWords[call.start]}</span>
          <span class={`chip quiet ${endClass(call)}`} id="outcome">
            {call.outcome === undefined ? 'running' : outcome(call.outcome)}
          </span>
          <span class="total-time">{duration(call.duration ?? now - call.begun)}</span>
        </>
      )}
      <span class="gap" />
      {props.isZoomed && (
        <button class="chip" onClick={props.onReset}>
          whole call
        </button>
      )}
      {props.isPinned && (
        <button class="chip" onClick={props.onFollow} title="Show the latest call again (f)">
          back to the latest
        </button>
      )}
      <span class="steps-control" role="group" aria-label="Steps">
        <button onClick={() => props.onMove(0)} title="First step (Home)" aria-label="First step">
          <Sign of="first" />
        </button>
        <button onClick={() => props.onMove(at - 1)} title="Step back (←)" aria-label="Step back">
          <Sign of="back" />
        </button>
        <button
          onClick={props.onPlay}
          title="Play the steps (space)"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          class="play"
        >
          <Sign of={isPlaying ? 'pause' : 'play'} />
        </button>
        <button onClick={() => props.onMove(at + 1)} title="Step on (→)" aria-label="Step on">
          <Sign of="on" />
        </button>
        <span class="position" id="position">
          {moments.length === 0 ? '–' : `${at + 1} / ${moments.length}`}
        </span>
      </span>
    </h2>
  );
}

const endClass = ({ outcome: end }: CallView): string =>
  end === undefined ? 'going' : isSuccess(end) ? 'good' : end === 'unknown' ? '' : 'bad';
