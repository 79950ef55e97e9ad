/** Which states and ways of a chart a run has come through. */

import type { Model } from '../../machines/model';
import type { ActorRecord } from '../../runtime/trace/record';
import { arrowsOf, boxesOf, withInner } from './statechart';

export interface Visits {
  /** Paths of states, also of those around others. */
  readonly states: ReadonlySet<string>;
  /** Source and target of arrows, with a space between. */
  readonly ways: ReadonlySet<string>;
}

export const visitsOf = (model: Model, records: readonly ActorRecord[]): Visits => {
  const steps = records
    .filter(({ actor }) => actor === model.id)
    .flatMap((record): readonly (readonly [string | null, string])[] => {
      if (record.kind === 'end') return [];
      const from = record.kind === 'transition' ? record.from : null;
      return record.path.map((path, index) => [record.path[index - 1] ?? from, path]);
    });
  const isWithin = (path: string, group: string): boolean =>
    path === group || path.startsWith(`${group}.`);
  const boxes = withInner(boxesOf(model));
  const states = boxes
    .map(({ state }) => state.path)
    .filter((path) =>
      steps.some((step) => step.some((one) => one !== null && isWithin(one, path))),
    );
  const ways = boxes.flatMap((box) =>
    arrowsOf(model, box)
      .filter(({ target }) =>
        steps.some(
          ([from, to]) => from !== null && isWithin(from, box.state.path) && isWithin(to, target),
        ),
      )
      .map(({ target }) => wayKey(box.state.path, target)),
  );
  return { states: new Set(states), ways: new Set(ways) };
};

export const wayKey = (source: string, target: string): string => `${source} ${target}`;

/** The drawing of a chart with what a run has not come through faded. */
export const fadeUnvisited = (svg: string, model: Model, { states, ways }: Visits): string => {
  const boxes = withInner(boxesOf(model));
  const unvisited = [
    ...boxes
      .filter(({ state, inside }) => inside.length === 0 && !states.has(state.path))
      .map(({ state }) => `state-${state.path}`),
    ...boxes.flatMap((box) =>
      arrowsOf(model, box)
        .filter(({ target }) => !ways.has(wayKey(box.state.path, target)))
        .map(({ target }) => `way-${box.state.path}-${target}`),
    ),
  ];
  if (unvisited.length === 0) return svg;
  const selectors = unvisited.map((id) => `[id="${id}"]`).join(',');
  return svg.replace('</style>', `${selectors}{opacity:.3}</style>`);
};
