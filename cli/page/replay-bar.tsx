import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Hello } from '../world/messages';
import { duration } from '../world/words';
import { Sign } from './sign';

/** How much of a recording's time passes in the reader's. */
const speeds = [0.01, 0.1, 1, 10] as const;
const frameMilliseconds = 50;

/** By which the slider moves, in microseconds. */
const notch = 1000;

export interface Replay {
  /** What the recording is shown as of. */
  readonly time: number | undefined;
  readonly isPlaying: boolean;
  readonly speed: number;
  begin(hello: Hello | undefined): void;
  seek(time: number): void;
  toggle(): void;
  setSpeed(speed: number): void;
}

/** A recording is shown as of its end, until it is moved. */
export function useReplay(): Replay {
  const [hello, setHello] = useState<Hello | undefined>(undefined);
  const [time, setTime] = useState<number | undefined>(undefined);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const { first = 0, last = 0 } = hello ?? {};
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => {
      setTime((old = last) => Math.min(last, old + frameMilliseconds * 1000 * speed));
    }, frameMilliseconds);
    return () => clearInterval(timer);
  }, [isPlaying, speed, last]);
  useEffect(() => {
    if (time === last) setPlaying(false);
  }, [time, last]);
  return {
    time,
    isPlaying,
    speed,
    begin(said) {
      if (said?.mode !== 'replay') return;
      setHello(said);
      setTime(said.last);
    },
    seek: setTime,
    toggle() {
      if (hello === undefined) return;
      if (!isPlaying && time === last) setTime(first);
      setPlaying(!isPlaying);
    },
    setSpeed,
  };
}

interface Props {
  readonly hello: Hello;
  readonly replay: Replay;
}

export function ReplayBar({ hello, replay }: Props): VNode {
  const { first = 0, last = 0, activity = [] } = hello;
  const time = replay.time ?? last;
  const most = Math.max(1, ...activity);
  const date = new Date((hello.realtime + time - hello.monotonic) / 1000);
  return (
    <footer class="panel replay-bar">
      <button class="big" onClick={() => replay.toggle()} title="Play the recording (p)">
        <Sign of={replay.isPlaying ? 'pause' : 'play'} />
      </button>
      <label>
        <select
          aria-label="Speed"
          value={String(replay.speed)}
          onChange={(event) => replay.setSpeed(Number(event.currentTarget.value))}
        >
          {speeds.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed} ×
            </option>
          ))}
        </select>
      </label>
      <div class="slider">
        <svg viewBox={`0 0 ${activity.length} 1`} preserveAspectRatio="none" aria-hidden="true">
          {activity.map((records, index) => (
            <rect
              key={index}
              x={index}
              y={1 - records / most}
              width={0.8}
              height={records / most}
            />
          ))}
        </svg>
        <input
          type="range"
          aria-label="Time"
          min={first}
          // The browser allows whole notches only, and the end must be within reach.
          max={first + Math.ceil((last - first) / notch) * notch}
          step={notch}
          value={time}
          onInput={(event) => replay.seek(Math.min(last, Number(event.currentTarget.value)))}
        />
      </div>
      <span class="clock">
        <span>
          <b id="replay-time">{duration(time - first)}</b>{' '}
          <small>of {duration(last - first)}</small>
        </span>
        <small>{date.toLocaleTimeString()}</small>
      </span>
    </footer>
  );
}
