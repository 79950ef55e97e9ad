/** Plumbing as a drawn table. */

import { widthOf } from './measure';
import { colours } from './palette';
import type { PlumbingRow } from './plumbing';
import { cellsOf, columns, type Cell, type Part } from './plumbing-table';
import { drawing, textAt } from './svg';
import { element } from './xml';

interface Heading {
  readonly title: string;
  readonly description: string;
  readonly recorded: boolean;
}

/** Pixels. */
const size = 10;
const margin = 12;
const line = 20;
const top = 64;
const gap = 14;

const looks: Readonly<Record<Part['change'], { colour: string; weight?: 'bold'; struck?: true }>> =
  {
    opened: { colour: colours.finalLine, weight: 'bold' },
    closed: { colour: colours.failureText, struck: true },
    none: { colour: colours.text },
  };

export const plumbingSvg = (heading: Heading, rows: readonly PlumbingRow[]): string => {
  const head = ['process', 'after the step', ...columns.map((column) => column.heading)];
  const lines = rows.map((row): readonly Cell[] => [
    [{ text: heading.recorded ? `${row.process} ${row.pid}` : row.process, change: 'none' }],
    [{ text: row.step, change: 'none' }],
    ...cellsOf(row),
  ]);
  const widths = head.map((words, index) =>
    Math.max(
      widthOf(words, size) * bold,
      ...lines.map((cells) => widthOf(wordsOf(cells[index]), size) * bold),
    ),
  );
  const starts = widths.map((_, index) =>
    widths.slice(0, index).reduce((sum, width) => sum + width + gap, margin + 8),
  );
  const width = Math.ceil((starts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + 8 + margin);
  const height = top + (lines.length + 1) * line + 44;
  const at = (index: number): number => Math.round(starts[index] ?? 0);
  return drawing({ width, height, ...heading }, [
    textAt(margin, 24, heading.title, { size: 13, weight: 'bold' }),
    textAt(margin, 42, heading.description, { colour: colours.muted }),
    ...head.map((words, index) => textAt(at(index), top + 14, words, { weight: 'bold' })),
    ...lines.flatMap((cells, row) => {
      const y = top + (row + 1) * line;
      const isNew = rows[row]?.process !== rows[row - 1]?.process;
      return [
        ...(row % 2 === 0 ? [stripe(y, width)] : []),
        ...(isNew ? [rule(y, width)] : []),
        ...cells.flatMap((cell, index) =>
          cell.map(({ text, change }, part) => {
            const before = `${wordsOf(cell.slice(0, part))} `;
            const x = at(index) + (part === 0 ? 0 : Math.round(widthOf(before, size) * bold));
            return textAt(x, y + 14, text, { ...looks[change], ...(index === 0 ? heavy : {}) });
          }),
        ),
      ];
    }),
    textAt(margin, height - 22, explanation[0], { colour: colours.muted, size: 9 }),
    textAt(margin, height - 8, explanation[1], { colour: colours.muted, size: 9 }),
  ]);
};

const explanation = [
  'caller 0 1 2: what the caller has given to the client; passed: the same, received over the call',
  'r, w: the end that reads, that writes · green: opened or placed by this step · struck out: closed by it',
] as const;

/** How much wider bold text is. */
const bold = 1.12;
const heavy = { weight: 'bold' } as const;

const wordsOf = (cell: Cell = []): string => cell.map(({ text }) => text).join(' ');

const stripe = (y: number, width: number): string =>
  element('rect', { x: margin, y, width: width - 2 * margin, height: line, fill: colours.group });

const rule = (y: number, width: number): string =>
  element('line', {
    ...{ x1: margin, y1: y, x2: width - margin, y2: y },
    stroke: colours.faint,
  });
