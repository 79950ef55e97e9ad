/** Plumbing as a table in characters. */

import type { PlumbingRow } from './plumbing';
import { cellsOf, columns } from './plumbing-table';
import { wrap } from './text';

/** Title and explanation of a drawing. */
interface Heading {
  readonly title: string;
  readonly description: string;
  readonly recorded: boolean;
}

export const plumbingText = (heading: Heading, rows: readonly PlumbingRow[]): string => {
  const marks = { opened: '+', closed: '−', none: '' } as const;
  const lines = rows.map((row) => [
    heading.recorded ? `${row.process} ${row.pid}` : row.process,
    row.step,
    ...cellsOf(row).map((cell) =>
      cell.map(({ text, change }) => `${marks[change]}${text}`).join(' '),
    ),
  ]);
  const head = ['process', 'after the step', ...columns.map((column) => column.heading)];
  const widths = head.map((_, index) =>
    Math.max(...[head, ...lines].map((line) => (line[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(' │ ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  return [
    heading.title,
    ...wrap(heading.description, 100),
    '',
    line(head),
    rule,
    ...lines.map(line),
    '',
    'caller 0 1 2   what the caller has given to the client; passed: received over the call',
    'r w            the end that reads, the end that writes',
    '+ −            opened or placed, closed by this step',
    '',
  ].join('\n');
};
