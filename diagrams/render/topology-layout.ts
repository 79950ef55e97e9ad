/**
 * Where processes and wires are drawn: a column for each tree of processes, a track of its own between the
 * columns for each wire. Units are characters and lines.
 */

import type { Node, Port, TopologyView, Wire } from './topology';
import { leaderMark } from './text';

export interface Box {
  readonly node: Node;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly left: readonly PlacedPort[];
  readonly right: readonly PlacedPort[];
  /** The first line below the ports. */
  readonly holdsAt: number;
}

export interface PlacedPort {
  readonly wire: Wire;
  readonly text: string;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Route {
  readonly wire: Wire;
  /** From the one box's border to the other's, or to where it ends openly. */
  readonly points: readonly Point[];
  /** Where its label stands, left end; null: its ends say it. */
  readonly label: Point | null;
}

export interface TopologyLayout {
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
  /** Each from a parent down and to its child. */
  readonly branches: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/** Of a child against its parent; also where the parent's branch leaves it. */
const indent = 4;
const branchAt = 1;
const gap = 1;

export const topologyLayout = (view: TopologyView): TopologyLayout => {
  const columns = columnsOf(view);
  const placed = align(columns.map((column, index) => stack(view, columns, column, index)));
  const channels = placed.slice(0, -1).map((_, index) => channelOf(view, placed, index));
  let x = 0;
  const boxes = placed.map((column, index) => {
    const moved = column.map((box) => ({ ...box, x: box.x + x }));
    x += widthOf(column) + (channels[index]?.width ?? 0);
    return moved;
  });
  const all = boxes.flat();
  const routes = view.wires.map((wire) => route(wire, boxes, channels));
  const ends = [...all.map((box) => box.x + box.width), ...routes.flatMap(reach)];
  return {
    boxes: all,
    routes,
    branches: all.flatMap((box) => branch(box, all)),
    width: Math.max(...ends) + 1,
    height: Math.max(...all.map((box) => box.y + box.height)),
  };
};

const reach = ({ points, wire, label }: Route): readonly number[] => [
  // Beside an open end stands what is there.
  ...points.map(({ x }) => x + (wire.from === null ? wire.label.length + 3 : 0)),
  ...(label === null ? [] : [label.x + wire.label.length]),
];

/** Each tree from its root, children below their parents; the caller's tree first, then the larger ones. */
const columnsOf = ({ nodes }: TopologyView): readonly (readonly Node[])[] => {
  const below = (node: Node): readonly Node[] => [
    node,
    ...nodes.filter(({ parent }) => parent === node.id).flatMap(below),
  ];
  const isRoot = ({ parent }: Node): boolean => !nodes.some(({ id }) => id === parent);
  const rank = ([root, ...others]: readonly Node[]): number =>
    root?.realm === 'caller' ? -1000 : -others.length;
  return nodes
    .filter(isRoot)
    .map(below)
    .toSorted((one, other) => rank(one) - rank(other));
};

const columnWith = (columns: readonly (readonly Node[])[], id: string | undefined): number =>
  columns.findIndex((column) => column.some((node) => node.id === id));

/** A column at the top left, its boxes one below the other. */
const stack = (
  view: TopologyView,
  columns: readonly (readonly Node[])[],
  column: readonly Node[],
  index: number,
): readonly Box[] => {
  let y = 0;
  return column.map((node) => {
    const ports = view.wires.flatMap((wire) => portsOf(wire, node, columns, index));
    const [left, right] = (['left', 'right'] as const).map((side) =>
      ports
        .filter((port) => port.side === side)
        .map(({ wire, text }, place) => ({ wire, text, y: y + 1 + place })),
    );
    const rows = Math.max(left?.length ?? 0, right?.length ?? 0);
    const title = titleOf(node);
    const texts = Array.from({ length: rows }, (_, row) =>
      [left?.[row]?.text ?? '', right?.[row]?.text ?? ''].join('  '),
    );
    const content = [`${title}  `, ...texts, ...node.holds];
    const box: Box = {
      ...{ node, title, y },
      x: depthOf(node, column) * indent,
      width: Math.max(...content.map((text) => text.length), 14) + 4,
      height: rows + node.holds.length + 2,
      left: left ?? [],
      right: right ?? [],
      holdsAt: y + 1 + rows,
    };
    y += box.height + gap;
    return box;
  });
};

const titleOf = ({ name, pid, leads }: Node): string =>
  `${name.toUpperCase()}${leaderMark(leads)}${pid === null ? '' : ` ${pid}`}`;

const depthOf = ({ parent }: Node, column: readonly Node[]): number => {
  const above = column.find(({ id }) => id === parent);
  return above === undefined ? 0 : 1 + depthOf(above, column);
};

interface Side {
  readonly wire: Wire;
  readonly text: string;
  readonly side: 'left' | 'right';
}

const portsOf = (
  wire: Wire,
  node: Node,
  columns: readonly (readonly Node[])[],
  index: number,
): readonly Side[] =>
  [wire.from, wire.to].flatMap((port): readonly Side[] => {
    if (port?.node !== node.id) return [];
    const other = port === wire.from ? wire.to : wire.from;
    const there = columnWith(columns, other?.node);
    const isLeft = other === null ? index > 0 && index < columns.length - 1 : there < index;
    return [{ wire, text: port.text, side: isLeft ? 'left' : 'right' }];
  });

/** Moves columns down so that the first wire between two of them is straight. */
const align = (columns: readonly (readonly Box[])[]): readonly (readonly Box[])[] => {
  const moved = columns.map((column) => column);
  for (let index = 1; index < moved.length; ++index) {
    const before = moved[index - 1]?.flatMap(({ right }) => right) ?? [];
    const here = moved[index]?.flatMap(({ left }) => left) ?? [];
    const first = before.find(({ wire }) => here.some((port) => port.wire === wire));
    const match = here.find((port) => port.wire === first?.wire);
    if (first === undefined || match === undefined) continue;
    const offset = first.y - match.y;
    if (offset >= 0) moved[index] = down(moved[index] ?? [], offset);
    else for (let each = 0; each < index; ++each) moved[each] = down(moved[each] ?? [], -offset);
  }
  return moved;
};

const down = (boxes: readonly Box[], by: number): readonly Box[] =>
  boxes.map((box) => ({
    ...box,
    y: box.y + by,
    holdsAt: box.holdsAt + by,
    left: box.left.map((port) => ({ ...port, y: port.y + by })),
    right: box.right.map((port) => ({ ...port, y: port.y + by })),
  }));

const widthOf = (column: readonly Box[]): number =>
  Math.max(...column.map((box) => box.x + box.width));

interface Channel {
  /** The wires that need a track, the leftmost first. */
  readonly tracks: readonly Wire[];
  readonly labelWidth: number;
  readonly width: number;
}

/** What lies between a column and the next one. */
const channelOf = (
  view: TopologyView,
  columns: readonly (readonly Box[])[],
  index: number,
): Channel => {
  const portsAt = (wire: Wire): readonly number[] => {
    const right = columns[index]?.flatMap((box) => box.right) ?? [];
    const left = columns[index + 1]?.flatMap((box) => box.left) ?? [];
    return [...right, ...left].filter((port) => port.wire === wire).map(({ y }) => y);
  };
  const wires = view.wires.filter((wire) => portsAt(wire).length === 2);
  // Who leaves further down turns earlier, and so crosses nobody.
  const tracks = wires
    .filter((wire) => new Set(portsAt(wire)).size === 2)
    .toSorted((one, other) => (portsAt(other)[0] ?? 0) - (portsAt(one)[0] ?? 0));
  const labels = wires.filter(isLabelled).map(({ label }) => label.length + 4);
  const labelWidth = Math.max(0, ...labels);
  return { tracks, labelWidth, width: tracks.length * 2 + labelWidth + 5 };
};

const isLabelled = ({ from, to, label }: Wire): boolean =>
  from?.text !== label && to?.text !== label;

interface Spot extends Point {
  readonly column: number;
}

const route = (
  wire: Wire,
  columns: readonly (readonly Box[])[],
  channels: readonly Channel[],
): Route => {
  const [from, to] = [spotOf(wire, wire.from, columns), spotOf(wire, wire.to, columns)];
  if (from === null || to === null) return stub(wire, from ?? to, columns);
  const [left, right] = from.column <= to.column && from.x <= to.x ? [from, to] : [to, from];
  const channel = channels[left.column];
  const track = channel?.tracks.indexOf(wire) ?? -1;
  const start = widthOf(columns[left.column] ?? []);
  const x = start + 2 + Math.max(track, 0) * 2;
  const bends =
    track < 0
      ? []
      : [
          { x, y: left.y },
          { x, y: right.y },
        ];
  const points = [left, ...bends, right].map((point) => ({ x: point.x, y: point.y }));
  const isSame = left.column === right.column;
  const label =
    isSame || !isLabelled(wire) ? null : { x: right.x - wire.label.length - 3, y: right.y };
  return { wire, points: from === left ? points : points.toReversed(), label };
};

/** Where a wire meets the border of a box. */
const spotOf = (
  wire: Wire,
  port: Port | null,
  columns: readonly (readonly Box[])[],
): Spot | null => {
  for (const [column, boxes] of columns.entries()) {
    const box = boxes.find(({ node }) => node.id === port?.node);
    if (box === undefined) continue;
    const left = box.left.find((one) => one.wire === wire);
    if (left !== undefined) return { column, x: box.x, y: left.y };
    const right = box.right.find((one) => one.wire === wire);
    if (right !== undefined) return { column, x: box.x + box.width - 1, y: right.y };
  }
  return null;
};

/** A wire whose other end nobody of ours holds. */
const stub = (wire: Wire, spot: Spot | null, columns: readonly (readonly Box[])[]): Route => {
  // At a socket that listens nobody has to be.
  if (spot === null || wire.kind === 'listener') return { wire, points: [], label: null };
  const isLeft = columns[spot.column]?.some((box) => box.x === spot.x) === true;
  const end = { x: spot.x + (isLeft ? -4 : 4), y: spot.y };
  const [from, to] = wire.from === null ? [end, spot] : [spot, end];
  return { wire, points: [from, to].map(({ x, y }) => ({ x, y })), label: null };
};

const branch = (box: Box, all: readonly Box[]): readonly (readonly Point[])[] => {
  const parent = all.find(({ node }) => node.id === box.node.parent);
  if (parent === undefined) return [];
  const x = parent.x + branchAt;
  const start = { x, y: parent.y + parent.height - 1 };
  return [[start, { x, y: box.y }, { x: box.x, y: box.y }]];
};
