/** A story in characters: a column for each actor, time running down. */

import { realmNames, type Lane, type Link, type Row, type Step, type Story } from './story';
import { layOut, type Placed } from './story-layout';
import { leaderMark, wrap } from './text';

/** Characters of a column, and between two of them; where languages meet there is a line between. */
const width = 20;
const gap = 1;
const boundaryGap = 3;

/** Characters for the time at the left of a recorded story. */
const timeWidth = 10;

const strokes: Readonly<Record<Link['by'], string>> = {
  fork: '─',
  descriptor: '·',
  exit: '╌',
  signal: '═',
};

export const storyText = (story: Story): string =>
  [
    story.title,
    ...wrap(story.description, 100),
    '',
    ...new Sheet(story).lines(),
    '',
    ...legend(story),
    '',
  ].join('\n');

const legend = ({ recorded }: Story): readonly string[] => [
  '│ ───          control flow; a fork',
  '··· ╌╌╌ ═══    a cause elsewhere: by a descriptor, by the end of a process, by a signal',
  'EVENT?         condition; ↘ what follows when another one holds',
  '· step         a step that the documented diagrams do not have',
  '━━━            the end of a process',
  '###            the language or the implementation changes',
  '&& &           leads a session; leads a process group',
  ...(recorded ? ['left           milliseconds since the first record'] : []),
];

class Sheet {
  private readonly cells: string[][] = [];
  private readonly centres: number[] = [];
  private readonly boundaries: number[] = [];

  constructor(private readonly story: Story) {
    let left = story.recorded ? timeWidth : 0;
    story.lanes.forEach(({ realm }, index) => {
      const before = story.lanes[index - 1];
      const isBoundary = before !== undefined && before.realm !== realm;
      if (before !== undefined) left += isBoundary ? boundaryGap : gap;
      if (isBoundary) this.boundaries.push(left - 2);
      this.centres.push(left + width / 2);
      left += width;
    });
  }

  lines(): readonly string[] {
    const { placed, lives, height } = layOut(this.story, (row) => linesOf(row).length);
    for (const column of this.boundaries) this.column(column, 0, height, '#');
    lives.forEach((those, lane) => {
      for (const { top, bottom } of those) this.column(this.centreOf(lane), top, bottom, '│');
    });
    for (const one of placed) this.draw(one);
    if (this.story.recorded) this.drawTimes(placed);
    const body = this.cells.map((line) => textOf(line));
    return [...this.heading(), ...body];
  }

  private heading(): readonly string[] {
    const realms: string[] = [];
    const names: string[] = [];
    for (const column of this.boundaries) realms[column] = names[column] = '#';
    this.story.lanes.forEach((lane, index) => {
      const isFirst = this.story.lanes[index - 1]?.realm !== lane.realm;
      if (isFirst) put(realms, this.centreOf(index) - width / 2, realmNames[lane.realm]);
      putCentred(names, this.centreOf(index), nameOf(lane));
    });
    return [textOf(realms), textOf(names)];
  }

  private draw({ row, top }: Placed): void {
    if (row.kind === 'link') return this.drawLink(row, top);
    linesOf(row).forEach((text, index) => {
      const line = this.line(top + index);
      const centre = this.centreOf(row.lane);
      const isCondition = row.kind === 'step' && /^ *(↘ | {2})/.test(text);
      if (isCondition) {
        line[centre] = ' ';
        put(line, centre - width / 2 + 1, text);
      } else if (text !== '│') {
        line[centre] = ' ';
        putCentred(line, centre, text);
      }
    });
  }

  private drawLink({ from, to, by, text }: Link, top: number): void {
    const line = this.line(top);
    const [start, end] = [this.centreOf(from), this.centreOf(to)];
    const isForward = end > start;
    const [left, right] = isForward ? [start, end] : [end, start];
    for (let column = left + 1; column < right; ++column) {
      const isCrossed = line[column] === '│';
      if (!isCrossed) line[column] = strokes[by];
      else if (by === 'fork') line[column] = '┼';
    }
    // Beside the arrow's head, where no other line is crossed.
    put(line, isForward ? right - text.length - 4 : left + 3, ` ${text} `);
    line[start] = line[start] === '│' ? (isForward ? '├' : '┤') : strokes[by];
    if (by === 'fork' && line[end] !== '│') line[end] = isForward ? '┐' : '┌';
    else line[isForward ? end - 1 : end + 1] = isForward ? '>' : '<';
  }

  private drawTimes(placed: readonly Placed[]): void {
    let last: number | undefined;
    for (const { row, top } of placed) {
      if (row.t === last) continue;
      last = row.t;
      put(this.line(top), 0, (row.t / 1000).toFixed(2).padStart(timeWidth - 1));
    }
  }

  private column(column: number, top: number, bottom: number, character: string): void {
    for (let index = top; index < bottom; ++index) this.line(index)[column] = character;
  }

  private line(index: number): string[] {
    while (this.cells.length <= index) this.cells.push([]);
    return this.cells[index] ?? [];
  }

  private centreOf(lane: number): number {
    return this.centres[lane] ?? 0;
  }
}

const linesOf = (row: Row): readonly string[] => {
  switch (row.kind) {
    case 'origin':
      return [row.from.toUpperCase(), '│', row.text, '│'];
    case 'link':
      return [row.text];
    case 'boundary':
      return [` ${realmNames[row.realm]} `.padStart(16, '#').padEnd(width, '#')];
    case 'end':
      return [...(row.text === '' ? [] : [row.text]), `━━━━${row.goesOn ? '┿' : '┷'}━━━━`];
    case 'step':
      return stepLines(row);
  }
};

const stepLines = ({ text, documented, pid, conditions }: Step): readonly string[] => {
  const others = conditions.filter(({ taken }) => !taken);
  const taken = conditions.filter((condition) => condition.taken);
  return [
    ...(pid === null ? [] : [`pid ${pid}`]),
    ...wrap(documented ? text : `· ${text}`, width),
    ...others.flatMap((condition) =>
      wrap(condition.text, width - 4).map((line, index) => `${index === 0 ? '↘ ' : '  '}${line}`),
    ),
    ...taken.flatMap((condition) => wrap(condition.text, width)),
    '│',
  ];
};

const nameOf = ({ name, leads }: Lane): string => `${name.toUpperCase()}${leaderMark(leads)}`;

const put = (line: string[], column: number, text: string): void => {
  Array.from(text).forEach((character, index) => (line[column + index] = character));
};

const putCentred = (line: string[], column: number, text: string): void =>
  put(line, Math.max(column - Math.floor(text.length / 2), 0), text);

const textOf = (line: readonly (string | undefined)[]): string =>
  Array.from(line, (cell) => cell ?? ' ')
    .join('')
    .trimEnd();
