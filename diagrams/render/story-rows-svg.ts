/** The rows of a drawn story. */

import { fit, widthOf } from './measure';
import { colours } from './palette';
import { realmNames, type Link, type Row, type Step } from './story';
import type { Placed } from './story-layout';
import { arrow, behind, column, linkLooks, realms, size } from './story-looks';
import { round, textAt, type TextLooks } from './svg';
import { element } from './xml';

/** Pixels. */
const line = 13;
const box = { width: 140, padding: 5 } as const;

export const heightOf = (row: Row): number => {
  switch (row.kind) {
    case 'origin':
      return 44;
    case 'link':
      return 22;
    case 'boundary':
      return 20;
    case 'end':
      return row.text === '' ? 6 : 20;
    case 'step': {
      const { label, others, taken } = contentOf(row);
      const below = [...others, ...taken].length;
      return label.length * line + 2 * box.padding + (below === 0 ? 0 : below * 12 + 4) + 8;
    }
  }
};

const contentOf = ({ text: words, pid, conditions }: Step) => {
  const small = (isTaken: boolean): readonly string[] =>
    conditions
      .filter(({ taken }) => taken === isTaken)
      .flatMap((condition) => fit(condition.text, size.small, box.width));
  return {
    label: [
      ...(pid === null ? [] : [`pid ${pid}`]),
      ...fit(words, size.step, box.width - 2 * box.padding),
    ],
    others: small(false),
    taken: small(true),
  };
};

/** `centreOf` tells where a lane is. */
export const drawnRow = (
  { row, top: y, height }: Placed,
  centreOf: (lane: number) => number,
): readonly string[] => {
  if (row.kind === 'link') return link(row, centreOf(row.from), centreOf(row.to), y + height / 2);
  const x = centreOf(row.lane);
  switch (row.kind) {
    case 'origin':
      return [
        textAt(x, y + 12, row.from, { anchor: 'middle', weight: 'bold' }),
        element('line', {
          ...{ x1: x, y1: y + 18, x2: x, y2: y + 44 },
          ...{ stroke: colours.line, 'stroke-width': 1.5 },
        }),
        behind(x, y + 31, row.text),
        textAt(x, y + 34, row.text, { anchor: 'middle', size: size.small }),
      ];
    case 'boundary':
      return boundary(x, y + height / 2, realmNames[row.realm]);
    case 'end':
      return end(x, y, row.text);
    case 'step':
      return step(x, y, row);
  }
};

const step = (x: number, y: number, row: Step): readonly string[] => {
  const { label, others, taken } = contentOf(row);
  const { fill, stroke } = realms[row.realm];
  const height = label.length * line + 2 * box.padding;
  const below = [...others, ...taken];
  const looks = row.failure
    ? { fill: colours.failure, stroke: colours.failureLine }
    : row.documented
      ? { fill, stroke }
      : { fill: colours.page, stroke: colours.faint };
  return [
    element('rect', {
      x: x - box.width / 2,
      y,
      width: box.width,
      height,
      rx: 6,
      ...looks,
      ...(row.realm === 'kernel' ? { 'stroke-dasharray': '3 2' } : {}),
    }),
    ...label.map((words, index) =>
      textAt(x, y + box.padding + 10 + index * line, words, {
        anchor: 'middle',
        colour: row.failure ? colours.failureText : row.documented ? colours.text : colours.muted,
      }),
    ),
    ...below.flatMap((words, index) => {
      const at = y + height + 12 + index * 12;
      const isTaken = index >= others.length;
      const looksOf: TextLooks = isTaken
        ? { anchor: 'middle', size: size.small }
        : { anchor: 'middle', size: size.small, colour: colours.muted, slant: 'italic' };
      return [behind(x, at - 3, words), textAt(x, at, words, looksOf)];
    }),
  ];
};

const boundary = (x: number, y: number, name: string): readonly string[] => [
  element('line', {
    x1: x - column / 2 + 6,
    y1: y,
    x2: x + column / 2 - 6,
    y2: y,
    stroke: colours.applicationLine,
    'stroke-dasharray': '4 3',
  }),
  behind(x, y, name),
  textAt(x, y + 3, name, { anchor: 'middle', size: size.small, colour: colours.muted }),
];

const end = (x: number, y: number, words: string): readonly string[] => {
  const bar = y + (words === '' ? 4 : 18);
  return [
    ...(words === ''
      ? []
      : [
          behind(x, y + 7, words),
          textAt(x, y + 10, words, { anchor: 'middle', size: size.small, colour: colours.muted }),
        ]),
    element('line', {
      x1: x - 28,
      y1: bar,
      x2: x + 28,
      y2: bar,
      stroke: colours.text,
      'stroke-width': 3,
    }),
  ];
};

const link = (row: Link, start: number, finish: number, y: number): readonly string[] => {
  const direction = finish > start ? 1 : -1;
  const head = finish - direction * 2;
  const at = finish - direction * 20;
  const { stroke } = linkLooks[row.by];
  const width = widthOf(row.text, size.small) + 6;
  return [
    ...arrow(start, head, y, row.by),
    element('rect', {
      x: round(direction > 0 ? at - width : at),
      y: y - 6,
      width: round(width),
      height: 12,
      fill: colours.group,
    }),
    textAt(direction > 0 ? at - 3 : at + 3, y + 3, row.text, {
      anchor: direction > 0 ? 'end' : 'start',
      size: size.small,
      colour: stroke,
    }),
  ];
};
