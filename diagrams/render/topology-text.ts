/** Parentage and descriptors in characters. */

import { wrap } from './text';
import type { TopologyView, Wire } from './topology';
import { topologyLayout, type Box, type Point, type Route } from './topology-layout';

type Style = 'thin' | 'double' | 'heavy';

interface Cell {
  character: string;
  readonly across?: Style;
  readonly down?: Style;
}

export const topologyText = (view: TopologyView): string => {
  const layout = topologyLayout(view);
  const sheet = new Sheet();
  for (const points of layout.branches) sheet.line(points, 'heavy');
  for (const one of layout.routes) sheet.line(one.points, styleOf(one.wire));
  for (const box of layout.boxes) drawBox(sheet, box);
  for (const [start] of layout.branches) sheet.text(start?.x ?? 0, start?.y ?? 0, '┰');
  for (const one of layout.routes) drawEnds(sheet, one);
  return [
    view.title,
    ...wrap(view.description, 100),
    '',
    ...sheet.lines(),
    '',
    '┃ ┗━       parentage',
    '─          pipes, sockets, the news of a path; > who gets it',
    '═          the same open file in both',
    '0 1 2      numbers of descriptors',
    '&& &       leads a session; leads a process group',
    '╳          the other end is closed',
    '',
  ].join('\n');
};

const styleOf = ({ kind }: Wire): Style => (kind === 'passed' ? 'double' : 'thin');

const drawBox = (sheet: Sheet, box: Box): void => {
  const { x, y, width, height, title, left, right, node, holdsAt } = box;
  const bottom = y + height - 1;
  sheet.text(x, y, `┌─ ${title} `.padEnd(width - 1, '─') + '┐');
  for (let row = y + 1; row < bottom; ++row) {
    sheet.text(x, row, `│${' '.repeat(width - 2)}│`);
  }
  sheet.text(x, bottom, `└${'─'.repeat(width - 2)}┘`);
  for (const port of left) {
    sheet.text(x, port.y, borderOf(port.wire, '┤', '╡'));
    sheet.text(x + 2, port.y, port.text);
  }
  for (const port of right) {
    sheet.text(x + width - 1, port.y, borderOf(port.wire, '├', '╞'));
    sheet.text(x + width - 2 - port.text.length, port.y, port.text);
  }
  node.holds.forEach((words, index) => sheet.text(x + 2, holdsAt + index, words));
};

const borderOf = ({ kind, from, to }: Wire, thin: string, double: string): string => {
  if (kind === 'listener' && (from === null || to === null)) return '│';
  return kind === 'passed' ? double : thin;
};

const drawEnds = (sheet: Sheet, { wire, points, label }: Route): void => {
  const to = points.at(-1);
  const before = points.at(-2);
  const [from] = points;
  if (to === undefined || before === undefined || from === undefined) return;
  const isForward = before.x < to.x;
  if (wire.kind === 'inotify') {
    sheet.text(isForward ? from.x - wire.label.length : from.x + 1, from.y, ` ${wire.label}`);
  } else if (wire.from === null) sheet.text(from.x, from.y, '╳');
  if (wire.to !== null && wire.kind !== 'socket') {
    sheet.text(isForward ? to.x - 1 : to.x + 1, to.y, isForward ? '>' : '<');
  }
  if (label !== null)
    sheet.text(label.x, label.y, ` ${wire.label} `.slice(0, wire.label.length + 2));
};

const crossings: Readonly<Record<Style, Readonly<Record<Style, string>>>> = {
  thin: { thin: '┼', double: '╫', heavy: '╂' },
  double: { thin: '╪', double: '╬', heavy: '╫' },
  heavy: { thin: '┿', double: '╪', heavy: '╋' },
};
const corners: Readonly<Record<Style, readonly [string, string, string, string]>> = {
  thin: ['┌', '┐', '└', '┘'],
  double: ['╔', '╗', '╚', '╝'],
  heavy: ['┏', '┓', '┗', '┛'],
};
const strokes: Readonly<Record<Style, readonly [across: string, down: string]>> = {
  thin: ['─', '│'],
  double: ['═', '║'],
  heavy: ['━', '┃'],
};

class Sheet {
  private readonly cells: (Cell | undefined)[][] = [];

  text(x: number, y: number, text: string): void {
    Array.from(text).forEach((character, index) => this.set(x + index, y, { character }));
  }

  /** A line with corners; where it crosses another one both go on. */
  line(points: readonly Point[], style: Style): void {
    points.slice(1).forEach((point, index) => {
      const before = points[index] ?? point;
      const [x1, x2] = [before.x, point.x].toSorted((one, other) => one - other);
      const [y1, y2] = [before.y, point.y].toSorted((one, other) => one - other);
      for (let x = x1 ?? 0; x <= (x2 ?? 0); ++x) {
        for (let y = y1 ?? 0; y <= (y2 ?? 0); ++y) this.stroke(x, y, style, before.y === point.y);
      }
    });
    points.slice(1, -1).forEach((point, index) => {
      const before = points[index] ?? point;
      const after = points[index + 2] ?? point;
      const isRight = before.x > point.x || after.x > point.x;
      const isDown = before.y > point.y || after.y > point.y;
      const character = corners[style][(isDown ? 0 : 2) + (isRight ? 0 : 1)] ?? '';
      this.set(point.x, point.y, { character });
    });
  }

  lines(): readonly string[] {
    return this.cells.map((row) =>
      Array.from(row, (cell) => cell?.character ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  private stroke(x: number, y: number, style: Style, isAcross: boolean): void {
    const { across, down } = this.cells[y]?.[x] ?? {};
    const other = isAcross ? down : across;
    const character =
      other === undefined
        ? strokes[style][isAcross ? 0 : 1]
        : crossings[isAcross ? style : other][isAcross ? other : style];
    this.set(x, y, {
      character,
      ...(isAcross ? { across: style } : { down: style }),
      ...(other === undefined ? {} : isAcross ? { down: other } : { across: other }),
    });
  }

  private set(x: number, y: number, cell: Cell): void {
    while (this.cells.length <= y) this.cells.push([]);
    const row = this.cells[y];
    if (row !== undefined) row[x] = cell;
  }
}
