// The part of the time that is shown, and the marks on it.

import { useEffect, useState } from 'preact/hooks';
import { duration } from '../world/words';

/** Microseconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Of the whole, from 0 to 1. */
interface Part {
  readonly from: number;
  readonly to: number;
}

const whole: Part = { from: 0, to: 1 };
const smallestPart = 0.001;

/** The whole of a subject, until it is zoomed into; another subject is shown as a whole again. */
export function useRange(subject: string | undefined, begin: number, end: number) {
  const [part, setPart] = useState<Part>(whole);
  useEffect(() => setPart(whole), [subject]);
  // Room at the right, so that what happens last can be seen.
  const length = Math.max(end - begin, 1) * 1.015;
  return {
    range: { from: begin + part.from * length, to: begin + part.to * length },
    isZoomed: part !== whole,
    reset: () => setPart(whole),
    /** Keeps the time where it is on the screen. */
    zoom: (t: number, factor: number): void => {
      const at = (t - begin) / length;
      const size = Math.max((part.to - part.from) * factor, smallestPart);
      if (size >= 1) return setPart(whole);
      const from = at - (at - part.from) * (size / (part.to - part.from));
      setPart(inside({ from, to: from + size }));
    },
    /** By a share of what is shown. */
    shift: (by: number): void => {
      const move = by * (part.to - part.from);
      setPart(inside({ from: part.from + move, to: part.to + move }));
    },
  };
}

const inside = ({ from, to }: Part): Part => {
  const left = Math.min(Math.max(from, 0), 1 - (to - from));
  return { from: left, to: left + (to - from) };
};

/** Marks at round times, six or so. */
export function ticksOf({ from, to }: Range, begin: number): { t: number; text: string }[] {
  const rough = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power;
  const first = Math.ceil((from - begin) / step);
  const last = Math.floor((to - begin) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const after = (first + index) * step;
    return { t: begin + after, text: after === 0 ? '0' : duration(after) };
  });
}
