/** A story as a drawing: a column for each actor, time running down. */

import { fit, widthOf } from './measure';
import { colours } from './palette';
import type { Lane, Link, Realm, Row, Step, Story } from './story';
import { layOut, type Layout, type Placed } from './story-layout';
import { drawing, textAt, type TextLooks } from './svg';
import { element } from './xml';

/** Pixels. */
const column = 160;
const margin = 12;
const timeWidth = 56;
const narrowest = 660;
const size = { title: 13, name: 11, step: 10, small: 9 } as const;
const line = 13;
const box = { width: 140, padding: 5 } as const;

const realms: Readonly<Record<Realm, { fill: string; stroke: string; name: string }>> = {
  program: { fill: colours.program, stroke: colours.programLine, name: 'native program' },
  library: { fill: colours.library, stroke: colours.libraryLine, name: 'library' },
  application: {
    fill: colours.application,
    stroke: colours.applicationLine,
    name: 'application',
  },
  kernel: { fill: colours.kernel, stroke: colours.kernelLine, name: 'kernel' },
};

const linkLooks: Readonly<Record<Link['by'], { stroke: string; dash?: string; name: string }>> = {
  fork: { stroke: colours.text, name: 'fork' },
  descriptor: { stroke: colours.descriptor, dash: '2 3', name: 'by a descriptor' },
  exit: { stroke: colours.exit, dash: '7 3', name: 'by the end of a process' },
  signal: { stroke: colours.signal, dash: '12 2 2 2', name: 'by a signal' },
};

export const storySvg = (story: Story): string => {
  const layout = layOut(story, (row) => heightOf(row));
  const sheet: Sheet = {
    story,
    layout,
    left: margin + (story.recorded ? timeWidth : 0),
    top: 100,
  };
  const width = Math.max(sheet.left + story.lanes.length * column + margin, narrowest);
  const explained = legend(story, width, sheet.top + layout.height + 24);
  return drawing(
    { width, height: explained.bottom, title: story.title, description: story.description },
    [
      ...heading(sheet),
      ...bands(sheet),
      ...lives(sheet),
      ...layout.placed.flatMap((placed) => drawn(sheet, placed)),
      ...(story.recorded ? times(sheet) : []),
      ...explained.content,
    ],
  );
};

interface Sheet {
  readonly story: Story;
  readonly layout: Layout;
  readonly left: number;
  readonly top: number;
}

const centreOf = ({ left }: Sheet, lane: number): number => left + (lane + 0.5) * column;

const heading = (sheet: Sheet): readonly string[] => [
  textAt(margin, 24, sheet.story.title, { size: size.title, weight: 'bold' }),
  textAt(margin, 42, sheet.story.description, { colour: colours.muted }),
];

/** Lanes of one realm on a common ground, with its name and theirs. */
const bands = (sheet: Sheet): readonly string[] => {
  const { story, left, top, layout } = sheet;
  return story.lanes.flatMap((lane, index) => {
    const isFirst = story.lanes[index - 1]?.realm !== lane.realm;
    const x = left + index * column;
    const others = story.lanes.slice(index).findIndex(({ realm }) => realm !== lane.realm);
    const count = others < 0 ? story.lanes.length - index : others;
    const ground = element('rect', {
      x: x + 2,
      y: top - 46,
      width: count * column - 4,
      height: layout.height + 50,
      rx: 8,
      fill: colours.group,
      stroke: realms[lane.realm].stroke,
      'stroke-dasharray': '4 4',
    });
    const name = textAt(x + 12, top - 32, `prefork-interp: ${realms[lane.realm].name}`, {
      size: size.small,
      colour: colours.muted,
    });
    return [
      ...(isFirst ? [ground, name] : []),
      textAt(centreOf(sheet, index), top - 12, nameOf(lane), {
        size: size.name,
        anchor: 'middle',
        weight: 'bold',
      }),
    ];
  });
};

const nameOf = ({ name, leads }: Lane): string => {
  const mark = leads === 'session' ? ' &&' : leads === 'group' ? ' &' : '';
  return `${name}${mark}`;
};

const lives = (sheet: Sheet): readonly string[] =>
  sheet.layout.lives.flatMap((those, lane) => {
    const x = centreOf(sheet, lane);
    return those.map(({ top, bottom }) => {
      const [y1, y2] = [sheet.top + top, sheet.top + bottom];
      return element('line', { x1: x, y1, x2: x, y2, stroke: colours.line, 'stroke-width': 1.5 });
    });
  });

// Rows

const heightOf = (row: Row): number => {
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

const drawn = (sheet: Sheet, { row, top: offset, height }: Placed): readonly string[] => {
  const y = sheet.top + offset;
  if (row.kind === 'link') return link(sheet, row, y + height / 2);
  const x = centreOf(sheet, row.lane);
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
      return boundary(x, y + height / 2, realms[row.realm].name);
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

/** The ground of small text, so that no line runs through it. */
const behind = (x: number, y: number, words: string): string => {
  const width = widthOf(words, size.small) + 4;
  return element('rect', {
    x: round(x - width / 2),
    y: y - 6,
    width: round(width),
    height: 12,
    fill: colours.group,
  });
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

const link = (sheet: Sheet, row: Link, y: number): readonly string[] => {
  const [start, finish] = [centreOf(sheet, row.from), centreOf(sheet, row.to)];
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

const arrow = (start: number, head: number, y: number, by: Link['by']): readonly string[] => {
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

const times = (sheet: Sheet): readonly string[] => {
  let last: number | undefined;
  return sheet.layout.placed.flatMap(({ row, top }) => {
    if (row.t === last) return [];
    last = row.t;
    return textAt(margin + timeWidth - 8, sheet.top + top + 14, (row.t / 1000).toFixed(2), {
      anchor: 'end',
      size: size.small,
      colour: colours.muted,
    });
  });
};

/** One after the other, in as many lines as the width asks for. */
const legend = (story: Story, width: number, y: number): Legend => {
  const entries: readonly Entry[] = [
    ...Object.entries(linkLooks).map(([by, { name }]) => ({
      words: name,
      sign: (x: number, at: number) => arrow(x, x + 40, at, by as Link['by']),
    })),
    ...Object.values(realms).map(({ fill, stroke, name }) => ({
      words: name,
      sign: (x: number, at: number) => [
        element('rect', { x: x + 14, y: at - 6, width: 26, height: 12, rx: 3, fill, stroke }),
      ],
    })),
    { words: 'grey: the documented diagrams have no such step', sign: () => [] },
    { words: '&& leads a session, & leads a process group', sign: () => [] },
    ...(story.recorded ? [{ words: 'left: milliseconds', sign: () => [] }] : []),
  ];
  let [x, at] = [margin, y];
  const content = entries.flatMap(({ words, sign }) => {
    const signs = sign(x, at);
    const room = (signs.length === 0 ? 0 : 46) + widthOf(words, size.small) + 16;
    if (x > margin && x + room > width) [x, at] = [margin, at + 20];
    const drawnSigns = sign(x, at);
    const start = x + (drawnSigns.length === 0 ? 0 : 46);
    x = round(x + room);
    return [
      ...drawnSigns,
      textAt(round(start), at + 3, words, { size: size.small, colour: colours.muted }),
    ];
  });
  return { content, bottom: at + 20 };
};

interface Entry {
  readonly words: string;
  sign(x: number, y: number): readonly string[];
}

interface Legend {
  readonly content: readonly string[];
  readonly bottom: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;
