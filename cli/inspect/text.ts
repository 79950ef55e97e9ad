// The live view without a browser: a screen that is drawn anew, or, in a pipe, a line for each record.

import type { ActorRecord, RecordingHeader } from '../../runtime/trace/record';
import type { Io } from '../io';
import { phases } from '../../machines/phases';
import { treeOf, type Branch } from '../world/tree';
import { viewOf, type ClassView, type View } from '../world/view';
import {
  count,
  dataWords,
  duration,
  guardWords,
  outcome,
  scriptName,
  signalName,
  startWords,
} from '../world/words';
import type { World } from '../world/world';

/** `12:00:01.123456 monitor 4242 receiving.length LENGTH_RECEIVED → receiving.message` and what came with it. */
export function lineOf(record: ActorRecord, lost: number, header: RecordingHeader): string {
  const words = [
    clockTime(record.t, header, 6),
    record.actor.padEnd(9),
    String(record.pid).padStart(7),
    happening(record),
    ...('guards' in record ? guardWords(record).map((word) => `[${word}]`) : []),
    ...(record.kind === 'transition' ? dataWords(record).map((word) => `{${word}}`) : []),
    ...(lost > 0 ? [`(${lost} lost before)`] : []),
  ];
  return words.join(' ');
}

function happening(record: ActorRecord): string {
  if (record.kind === 'start') return `begins → ${record.to}`;
  if (record.kind === 'transition') {
    const { from, event, to, path } = record;
    return `${from} ${event}${path.length > 0 ? ` → ${to}` : ''}`;
  }
  const { state, becomes, status } = record;
  if (becomes !== undefined) return `${state}: becomes ${becomes}`;
  if (status === undefined) return `${state}: ends`;
  return `${state}: ${'code' in status ? `exit ${status.code}` : signalName(status.signal)}`;
}

function clockTime(t: number, header: RecordingHeader, digits: 0 | 6): string {
  const microseconds = header.realtime + t - header.monotonic;
  const date = new Date(Math.floor(microseconds / 1000));
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return digits === 0 ? time : `${time}.${String(microseconds % 1_000_000).padStart(6, '0')}`;
}

/** Draws the screen a few times in a second, on the terminal's other page; returns what puts that back. */
export function drawScreens(
  world: World,
  header: RecordingHeader,
  { stdout }: Io,
  notes: () => readonly string[],
): () => void {
  const terminal = stdout as NodeJS.WriteStream;
  const draw = (): void => {
    const { columns, rows } = terminal;
    const lines = screenOf(viewOf(world, { open: [] }), header, notes());
    const shown = lines.slice(0, rows - 1).map((line) => line.slice(0, columns));
    terminal.write(`${home}${shown.map((line) => `${line}${clearLine}\n`).join('')}${clearBelow}`);
  };
  terminal.write(otherPage);
  draw();
  const drawing = setInterval(draw, screenMilliseconds);
  return () => {
    clearInterval(drawing);
    terminal.write(backToFirstPage);
  };
}

const screenMilliseconds = 250;
const otherPage = '\u001b[?1049h\u001b[?25l';
const backToFirstPage = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The lines of a screen, the most important ones first. */
export function screenOf(view: View, header: RecordingHeader, notes: readonly string[]): string[] {
  const totals = [
    `${count(view.finished)} calls`,
    `${view.running.length} running`,
    `${count(view.records)} records`,
    `${count(view.drops)} lost`,
  ];
  return [
    `${clockTime(view.time, header, 0)}  ${header.runDirectory}`,
    `${totals.join(' · ')}   Ctrl-C ends this`,
    ...notes,
    '',
    ...table(
      ['process', 'pid', 'state', 'for', 'last event'],
      treeOf(view.processes).map((branch) => rowOf(branch, view.time)),
    ),
    '',
    ...table(
      ['finished calls', 'number', 'end', 'start', 'median', '99 %', 'most of it in'],
      view.classes.toSorted((one, other) => other.count - one.count).map(rowOfClass),
    ),
  ];
}

const rowOf = ({ process, depth, isLast }: Branch, time: number): string[] => [
  `${depth === 0 ? '' : `${'   '.repeat(depth - 1)}${isLast ? '└─ ' : '├─ '}`}${process.role}` +
    (process.role === 'server' ? ` ${scriptName(process.script)}` : ''),
  String(process.pid),
  process.state,
  duration(time - process.since),
  process.last?.event ?? '',
];

const rowOfClass = (one: ClassView): string[] => [
  scriptName(one.script),
  count(one.count),
  outcome(one.outcome),
  startWords[one.start],
  duration(one.median),
  duration(one.p99),
  one.phases
    .map((mean, place) => ({ mean, name: phases[place]?.name ?? '' }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, 2)
    .map(({ mean, name }) => `${name} ${duration(mean)}`)
    .join(', '),
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
