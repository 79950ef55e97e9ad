// The table on the terminal.

import type { Machine } from './machine';
import type { Both, Containers } from './containers';
import type { Memory } from './memory';
import type { Summary } from './statistics';
import type { Verdict } from './verdicts';

export interface Results {
  readonly machine: Machine;
  /** Milliseconds. */
  readonly durations: Readonly<Record<string, Summary>>;
  readonly callsPerSecond: Readonly<Record<string, number>>;
  /** kB, of the script that loads the TypeScript compiler. */
  readonly memory: Readonly<Record<string, Memory>>;
  /** Of the container monitor; missing where there is no other to compare it with. */
  readonly containers?: Containers;
  readonly verdicts: readonly Verdict[];
}

export function render(results: Results): string {
  const { machine, durations, callsPerSecond, memory, containers, verdicts } = results;
  return [
    `${machine.processor}, ${machine.processors} processors, Linux ${machine.kernel},`,
    `Node ${machine.node}, load ${machine.load.join(' ')}, revision ${machine.revision}`,
    '',
    table(
      ['wall time in ms', 'median', '99 %', 'least', 'runs'],
      Object.entries(durations).map(([name, { median, p99, smallest, runs }]) => [
        name,
        ...[median, p99, smallest].map((duration) => duration.toFixed(2)),
        String(runs),
      ]),
    ),
    '',
    table(
      ['calls per second, 8 at a time', ''],
      Object.entries(callsPerSecond).map(([name, rate]) => [name, rate.toFixed(0)]),
    ),
    '',
    table(
      ['memory in MB, transpile', 'resident', 'proportional'],
      Object.entries(memory).map(([role, { resident, proportional }]) => [
        role,
        (resident / 1000).toFixed(2),
        (proportional / 1000).toFixed(2),
      ]),
    ),
    '',
    ...(containers === undefined ? [] : [tableOfContainers(containers), '']),
    ...verdicts.map(
      ({ claim, value, limit, met }) =>
        `${met ? 'met    ' : 'NOT met'}  ${claim}: ${value.toFixed(3)} (at most ${limit})`,
    ),
    '',
  ].join('\n');
}

function tableOfContainers({ output, start, idle }: Containers): string {
  const row = (name: string, { ours, debian }: Both<number>, digits: number): readonly string[] => [
    name,
    ours.toFixed(digits),
    debian.toFixed(digits),
  ];
  const medians = { ours: start.ours.median, debian: start.debian.median };
  return table(
    ['container monitors', 'ours', 'Debian’s'],
    [
      ...Object.entries(output).map(([name, both]) => row(`MB/s, ${name}`, both, 0)),
      row('ms from start to pid', medians, 2),
      row('kB of one of five idle', idle, 0),
    ],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ');
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}
