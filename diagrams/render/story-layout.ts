/** Where the rows of a story are drawn: each as high up as its lanes and what crosses them allow. */

import type { Row, Story } from './story';

/** Lines, or whatever `heightOf` counts in. */
export interface Placed {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
}

export interface Layout {
  readonly placed: readonly Placed[];
  /** From where to where each lane has a line. */
  readonly lives: readonly (readonly Life[])[];
  readonly height: number;
}

interface Life {
  readonly top: number;
  readonly bottom: number;
}

/** In a recorded story one row never stands above an earlier one: there time runs down the page. */
export const layOut = (story: Story, heightOf: (row: Row) => number): Layout => {
  const free = story.lanes.map(() => 0);
  const taken: (Life & { readonly lane: number })[] = [];
  const placed: Placed[] = [];
  const isTaken = (lane: number, top: number, height: number): boolean =>
    taken.some((one) => one.lane === lane && one.top < top + height && top < one.bottom);
  for (const row of story.rows) {
    const height = heightOf(row);
    const ends = row.kind === 'link' ? [row.from, row.to] : [row.lane];
    const crossed = story.lanes
      .map((_, lane) => lane)
      .filter((lane) => lane >= Math.min(...ends) && lane <= Math.max(...ends));
    let top = Math.max(...ends.map((lane) => free[lane] ?? 0));
    if (story.recorded) top = Math.max(top, placed.at(-1)?.top ?? 0);
    while (crossed.some((lane) => isTaken(lane, top, height))) top += 1;
    placed.push({ row, top, height });
    for (const lane of crossed) taken.push({ lane, top, bottom: top + height });
    for (const lane of ends) free[lane] = top + height;
  }
  const height = Math.max(...placed.map((one) => one.top + one.height), 0);
  return { placed, height, lives: story.lanes.map((_, lane) => livesOf(placed, lane, height)) };
};

const livesOf = (placed: readonly Placed[], lane: number, height: number): readonly Life[] => {
  const lives: Life[] = [];
  let begun: number | undefined;
  for (const one of placed) {
    const { row, top } = one;
    const bottom = top + one.height;
    if (row.kind === 'origin' || (row.kind === 'link' ? row.to : row.lane) !== lane) continue;
    // News of what has ended reaches a lane that has ended; only a fork makes one begin.
    if (row.kind === 'link' && row.by !== 'fork') continue;
    begun ??= row.kind === 'link' ? bottom : top;
    if (row.kind !== 'end' || row.goesOn) continue;
    lives.push({ top: begun, bottom });
    begun = undefined;
  }
  return begun === undefined ? lives : [...lives, { top: begun, bottom: height }];
};
