// What Graphviz answers, turned to the axes of a screen.

import type { StateLayout, WayLayout } from './types';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A spline: its first point, then three for each piece. */
export interface Drawn {
  readonly id: string;
  readonly points: readonly Point[];
}

export interface Graph {
  readonly width: number;
  readonly height: number;
  readonly edges: readonly Drawn[];
  placeOf(name: string): Pick<StateLayout, 'x' | 'y' | 'width' | 'height'>;
}

/** The parts of Graphviz's JSON that count here; all numbers are in points, from the lower left. */
interface Answer {
  readonly bb: string;
  readonly objects?: readonly {
    readonly name: string;
    readonly bb?: string;
    readonly pos?: string;
    readonly width?: string;
    readonly height?: string;
  }[];
  readonly edges?: readonly { readonly id?: string; readonly pos?: string }[];
}

const numbers = (text: string): number[] => text.split(/[ ,]/).map(Number);

export function graphOf(answer: object): Graph {
  const { bb, objects = [], edges = [] } = answer as Answer;
  const [, , width = 0, height = 0] = numbers(bb);
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    width,
    height,
    edges: edges.flatMap(({ id, pos }) => {
      if (id === undefined || pos === undefined) return [];
      const points = pos
        .split(' ')
        .filter((word) => !/^[es],/.test(word))
        .map(numbers)
        .map(([x = 0, y = 0]) => ({ x: round(x), y: round(height - y) }));
      return [{ id, points }];
    }),
    placeOf(name) {
      const group = objects.find((one) => one.name === `cluster ${name}`);
      if (group?.bb !== undefined) {
        const [left = 0, bottom = 0, right = 0, top = 0] = numbers(group.bb);
        return {
          x: round(left),
          y: round(height - top),
          width: round(right - left),
          height: round(top - bottom),
        };
      }
      const node = objects.find((one) => one.name === name);
      if (node?.pos === undefined) throw new Error(`Graphviz has not drawn ${name}`);
      const [x = 0, y = 0] = numbers(node.pos);
      const [own, tall] = [Number(node.width) * 72, Number(node.height) * 72];
      return {
        x: round(x - own / 2),
        y: round(height - y - tall / 2),
        width: round(own),
        height: round(tall),
      };
    },
  };
}

/** An SVG path. */
export const lineOf = ({ points }: Drawn): string => {
  const [first, ...others] = points.map(({ x, y }) => `${x},${y}`);
  return `M${first ?? ''} C${others.join(' ')}`;
};

export const headOf = ({ points }: Drawn): NonNullable<WayLayout['head']> => {
  const end = points.at(-1);
  const before = points.findLast(({ x, y }) => end && Math.hypot(x - end.x, y - end.y) > 1);
  if (end === undefined || before === undefined) throw new Error('a line of one point');
  const angle = Math.round((Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI);
  return { x: end.x, y: end.y, angle };
};
