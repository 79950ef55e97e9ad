/** What the parts of a drawn story look like. */

import { widthOf } from './measure';
import { colours } from './palette';
import type { Link, Realm } from './story';
import { round } from './svg';
import { element } from './xml';

/** Pixels. */
export const column = 160;
export const size = { title: 13, name: 11, step: 10, small: 9 } as const;

export const realms: Readonly<Record<Realm, { fill: string; stroke: string }>> = {
  program: { fill: colours.program, stroke: colours.programLine },
  library: { fill: colours.library, stroke: colours.libraryLine },
  application: { fill: colours.application, stroke: colours.applicationLine },
  kernel: { fill: colours.kernel, stroke: colours.kernelLine },
};

export const linkLooks: Readonly<
  Record<Link['by'], { stroke: string; dash?: string; name: string }>
> = {
  fork: { stroke: colours.text, name: 'fork' },
  descriptor: { stroke: colours.descriptor, dash: '2 3', name: 'by a descriptor' },
  exit: { stroke: colours.exit, dash: '7 3', name: 'by the end of a process' },
  signal: { stroke: colours.signal, dash: '12 2 2 2', name: 'by a signal' },
};

/** The ground of small text, so that no line runs through it. */
export const behind = (x: number, y: number, words: string): string => {
  const width = widthOf(words, size.small) + 4;
  return element('rect', {
    x: round(x - width / 2),
    y: y - 6,
    width: round(width),
    height: 12,
    fill: colours.group,
  });
};

/** A line with a head, from left or from right. */
export const arrow = (
  start: number,
  head: number,
  y: number,
  by: Link['by'],
): readonly string[] => {
  const { stroke, dash } = linkLooks[by];
  const direction = head > start ? 1 : -1;
  const back = head - direction * 8;
  return [
    element('line', {
      x1: start,
      y1: y,
      x2: back,
      y2: y,
      stroke,
      'stroke-width': 1.6,
      ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
    }),
    element('path', { d: `M${head} ${y}L${back} ${y - 4}V${y + 4}Z`, fill: stroke }),
  ];
};
