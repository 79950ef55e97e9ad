/** A story as a drawing: a column for each actor, time running down. */

import { widthOf } from './measure';
import { colours } from './palette';
import { realmNames, type Lane, type Link, type Realm, type Story } from './story';
import { layOut, type Layout } from './story-layout';
import { arrow, column, linkLooks, realms, size } from './story-looks';
import { drawnRow, heightOf } from './story-rows-svg';
import { drawing, round, textAt } from './svg';
import { leaderMark } from './text';
import { element } from './xml';

/** Pixels. */
const margin = 12;
const timeWidth = 56;
const narrowest = 660;

export const storySvg = (story: Story): string => {
  const layout = layOut(story, heightOf);
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
      ...layout.placed.flatMap((one) =>
        drawnRow({ ...one, top: sheet.top + one.top }, (lane) => centreOf(sheet, lane)),
      ),
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
    const name = textAt(x + 12, top - 32, `prefork-interp: ${realmNames[lane.realm]}`, {
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

const nameOf = ({ name, leads }: Lane): string => `${name}${leaderMark(leads)}`;

const lives = (sheet: Sheet): readonly string[] =>
  sheet.layout.lives.flatMap((those, lane) => {
    const x = centreOf(sheet, lane);
    return those.map(({ top, bottom }) => {
      const [y1, y2] = [sheet.top + top, sheet.top + bottom];
      return element('line', { x1: x, y1, x2: x, y2, stroke: colours.line, 'stroke-width': 1.5 });
    });
  });

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
    ...Object.entries(realms).map(([realm, { fill, stroke }]) => ({
      words: realmNames[realm as Realm],
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
  readonly sign: (x: number, y: number) => readonly string[];
}

interface Legend {
  readonly content: readonly string[];
  readonly bottom: number;
}
