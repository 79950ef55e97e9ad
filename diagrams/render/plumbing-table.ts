/** Plumbing as a table: a line for each step, a column for each descriptor or pair of ends. */

import type { OpenFile } from '../../machines/plumbing';
import type { PlumbingRow, Table } from './plumbing';

/** What stands in a cell, one thing beside the other. */
export type Cell = readonly Part[];

export interface Part {
  readonly text: string;
  /** Against the line before of the same process. */
  readonly change: 'opened' | 'closed' | 'none';
}

interface Column {
  readonly heading: string;
  of(table: Table): readonly string[];
}

const names: Readonly<Partial<Record<OpenFile, string>>> = {
  standardInput: 'caller 0',
  standardOutput: 'caller 1',
  standardError: 'caller 2',
  null: 'null',
  'watchStandardInput.reads': 'watch in',
  'watchStandardError.writes': 'watch err',
};

const placed = (number: 0 | 1 | 2): Column => ({
  heading: String(number),
  of: (table) => [names[table.placed[number]] ?? table.placed[number]],
});

const single = (heading: string, file: OpenFile): Column => ({
  heading,
  of: ({ others }) => (others.includes(file) ? ['●'] : []),
});

/** The ends that it holds of one link. */
const ends = (heading: string, of: Readonly<Partial<Record<OpenFile, string>>>): Column => ({
  heading,
  of: ({ others }) =>
    Object.entries(of)
      .filter(([file]) => others.includes(file as OpenFile))
      .map(([, end]) => end),
});

export const columns: readonly Column[] = [
  placed(0),
  placed(1),
  placed(2),
  single('lock', 'lock'),
  single('listen', 'listen'),
  ends('call', { 'call.client': 'client', 'call.monitor': 'monitor' }),
  ends('watch in', { 'watchStandardInput.reads': 'r', 'watchStandardInput.writes': 'w' }),
  ends('watch err', { 'watchStandardError.reads': 'r', 'watchStandardError.writes': 'w' }),
  single('sockpath', 'socketPath'),
  single('syslog', 'syslog'),
  ends('passed', { standardInput: '0', standardOutput: '1', standardError: '2' }),
  ends('execterm', { 'execterm.reads': 'r', 'execterm.writes': 'w' }),
];

export const cellsOf = ({ table, before }: PlumbingRow): readonly Cell[] =>
  columns.map((column, index) => {
    const now = column.of(table);
    const was = before === null ? now : column.of(before);
    // A number is never closed here: another file takes it.
    const closed = index < 3 ? [] : was.filter((text) => !now.includes(text));
    return [
      ...now.map((text): Part => ({ text, change: was.includes(text) ? 'none' : 'opened' })),
      ...closed.map((text): Part => ({ text, change: 'closed' })),
    ];
  });
