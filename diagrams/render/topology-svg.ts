/** Parentage and descriptors as a drawing. */

import { widthOf } from './measure';
import { colours } from './palette';
import { drawing, round, textAt } from './svg';
import type { Node, TopologyView, Wire } from './topology';
import { topologyLayout, type Box, type Point, type Route } from './topology-layout';
import { element } from './xml';

/** Pixels of a character and of a line of the layout. */
const unit = { x: 7.4, y: 18 } as const;
const left = 16;
const top = 64;

const realms: Readonly<Record<Node['realm'], { fill: string; stroke: string }>> = {
  caller: { fill: colours.kernel, stroke: colours.kernelLine },
  program: { fill: colours.program, stroke: colours.programLine },
  library: { fill: colours.library, stroke: colours.libraryLine },
};

interface Looks {
  readonly stroke: string;
  readonly width: number;
  readonly dash?: string;
  readonly name: string;
}

const kinds: Readonly<Record<Wire['kind'], Looks>> = {
  listener: { stroke: colours.descriptor, width: 1.5, dash: '2 3', name: 'connects to a socket' },
  socket: { stroke: colours.descriptor, width: 1.8, name: 'socket, both ways' },
  pipe: { stroke: colours.finalLine, width: 1.8, name: 'pipe' },
  passed: { stroke: colours.applicationLine, width: 3, name: 'the same open file' },
  inotify: { stroke: colours.exit, width: 1.5, dash: '5 3', name: 'news of a path' },
};

export const topologySvg = (view: TopologyView): string => {
  const layout = topologyLayout(view);
  const width = Math.max(Math.ceil(left * 2 + layout.width * unit.x), 900);
  const bottom = top + layout.height * unit.y;
  const { title, description } = view;
  return drawing({ width, height: bottom + 52, title, description }, [
    textAt(left, 26, title, { size: 13, weight: 'bold' }),
    textAt(left, 44, description, { colour: colours.muted }),
    ...layout.branches.map((points) => path(points, { stroke: colours.text, width: 3, name: '' })),
    ...layout.routes.flatMap(wire),
    ...layout.boxes.flatMap(box),
    ...layout.routes.flatMap(label),
    ...legend(bottom + 24),
  ]);
};

const at = ({ x, y }: Point): Point => ({
  x: round(left + (x + 0.5) * unit.x),
  y: round(top + (y + 0.5) * unit.y),
});

const path = (points: readonly Point[], { stroke, width, dash }: Looks): string => {
  const d = points.map(at).map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`);
  return element('path', {
    ...{ d: d.join(''), fill: 'none', stroke },
    ...{ 'stroke-width': width, 'stroke-linejoin': 'round' },
    ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
  });
};

const wire = ({ wire: { kind, from, to }, points }: Route): readonly string[] => {
  const [start] = points;
  const end = points.at(-1);
  const before = points.at(-2);
  if (start === undefined || end === undefined || before === undefined) return [];
  const looks = kinds[kind];
  const lines = [path(points, looks)];
  const isClosed = kind !== 'inotify' && (from === null || to === null);
  if (isClosed) return [...lines, cross(at(from === null ? start : end))];
  if (kind === 'socket') return lines;
  const head = at(end);
  const direction = before.x < end.x ? 1 : -1;
  const tip = head.x - direction * 3;
  const back = round(tip - direction * 9);
  const d = `M${round(tip)} ${head.y}L${back} ${head.y - 5}V${head.y + 5}Z`;
  return [...lines, element('path', { d, fill: looks.stroke })];
};

/** The other end is closed. */
const cross = ({ x, y }: Point): string =>
  element('path', {
    d: `M${round(x - 5)} ${y - 5}l10 10m0 -10l-10 10`,
    ...{ stroke: colours.signal, 'stroke-width': 2, fill: 'none' },
  });

const box = (one: Box): readonly string[] => {
  const { node, title } = one;
  const x = left + one.x * unit.x;
  const y = top + one.y * unit.y;
  const width = one.width * unit.x;
  const lineAt = (row: number): number => round(top + (row + 0.5) * unit.y + 4);
  return [
    element('rect', {
      ...{ x: round(x), y: round(y - 3), width: round(width), height: one.height * unit.y },
      ...{ rx: 7, 'stroke-width': 1.3 },
      ...realms[node.realm],
    }),
    textAt(round(x + 10), lineAt(one.y), title.toLowerCase(), { size: 11, weight: 'bold' }),
    ...one.left.map(({ text, y: row }) => textAt(round(x + 10), lineAt(row), text)),
    ...one.right.map(({ text, y: row }) =>
      textAt(round(x + width - 10), lineAt(row), text, { anchor: 'end' }),
    ),
    ...node.holds.map((words, index) =>
      textAt(round(x + 10), lineAt(one.holdsAt + index), words, {
        size: 9,
        colour: colours.muted,
      }),
    ),
  ];
};

const label = ({
  wire: { label: words, kind, from },
  label: place,
  points,
}: Route): readonly string[] => {
  const [start] = points;
  const spot = kind === 'inotify' && from === null ? start : place;
  if (spot === null || spot === undefined) return [];
  const { x, y } = at(spot);
  const width = widthOf(words, 9) + 8;
  return [
    element('rect', {
      ...{ x: round(x - 4), y: y - 7, width: round(width), height: 14, fill: colours.page },
    }),
    textAt(x, y + 3, words, { size: 9, colour: colours.muted }),
  ];
};

const legend = (y: number): readonly string[] => {
  const entries: readonly Looks[] = [
    { stroke: colours.text, width: 3, name: 'parentage' },
    ...Object.values(kinds),
  ];
  let x = left;
  const lines = entries.flatMap((looks) => {
    const { stroke, width, dash, name } = looks;
    const sign = element('line', {
      ...{ x1: x, y1: y, x2: x + 30, y2: y, stroke, 'stroke-width': width },
      ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
    });
    const words = textAt(x + 36, y + 3, name, { size: 9, colour: colours.muted });
    x = round(x + 36 + widthOf(name, 9) + 18);
    return [sign, words];
  });
  const explanation =
    '0 1 2: numbers of descriptors · && leads a session, & leads a process group · small: what else it holds';
  return [...lines, textAt(left, y + 20, explanation, { size: 9, colour: colours.muted })];
};
