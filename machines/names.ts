import type { Chart } from './chart';
import { ChartError } from './chart-error';
import { joinPlace, readEvent, readFields, readObject } from './chart-form';
import type { Candidate, ChartNode } from './chart-nodes';

/** What a chart names. */
export interface Names {
  /** In the order of `meta.posts`. */
  readonly actions: readonly string[];
  /** In the order in which the chart first asks them. */
  readonly guards: readonly string[];
  /** In the order in which the chart first handles them. */
  readonly events: readonly string[];
}

/** The names, once `meta` and the states agree on them. */
export const namesOf = (chart: Chart, root: ChartNode, nodes: readonly ChartNode[]): Names => {
  const place = joinPlace(root.place, 'meta');
  const { posts, watches, hears } = readFields(chart.meta, place, ['posts', 'watches', 'hears']);
  const ways = nodes.flatMap(({ on, always }) => [...[...on.values()].flat(), ...always]);
  const events = new Set(ways.flatMap(({ event }) => event ?? []));
  const actions = readPosts(posts, `${place}.posts`, events);
  if (watches !== undefined) readWatches(watches, `${place}.watches`, events, actions);
  if (hears !== undefined) readList(hears, `${place}.hears`, events);
  refuseUnlisted(nodes, ways, actions);
  refuseUnused(nodes, ways, actions, `${place}.posts`);
  const guards = new Set(ways.flatMap(({ guard }) => guard ?? []));
  return { actions: [...actions], guards: [...guards], events: [...events] };
};

type Events = ReadonlySet<string>;
type Actions = ReadonlySet<string>;

const readPosts = (value: unknown, place: string, events: Events): Actions => {
  const posts = readObject(value, place);
  for (const [action, list] of Object.entries(posts)) readList(list, `${place}.${action}`, events);
  return new Set(Object.keys(posts));
};

const readWatches = (value: unknown, place: string, events: Events, actions: Actions): void => {
  for (const [action, list] of Object.entries(readObject(value, place))) {
    const at = `${place}.${action}`;
    if (!actions.has(action)) throw new ChartError(at, 'the action is not listed in meta.posts');
    if (readList(list, at, events).length === 0) throw new ChartError(at, 'nothing may come of it');
  }
};

const readList = (value: unknown, place: string, events: Events): readonly string[] => {
  if (!Array.isArray(value)) throw new ChartError(place, 'expected a list of events');
  const list = value.map((event, index) => readEvent(event, `${place}[${index}]`));
  list.forEach((event, index) => {
    if (!events.has(event)) throw new ChartError(place, `no state handles '${event}'`);
    if (list.indexOf(event) < index) throw new ChartError(place, `names '${event}' twice`);
  });
  return list;
};

const refuseUnlisted = (
  nodes: readonly ChartNode[],
  ways: readonly Candidate[],
  actions: Actions,
): void => {
  const refuse = (names: readonly string[], place: string): void => {
    const unlisted = names.find((name) => !actions.has(name));
    if (unlisted === undefined) return;
    throw new ChartError(place, `the action '${unlisted}' is not listed in meta.posts`);
  };
  for (const node of nodes) {
    refuse(node.entry, joinPlace(node.place, 'entry'));
    refuse(node.exit, joinPlace(node.place, 'exit'));
  }
  for (const way of ways) refuse(way.actions, `${way.place}.actions`);
};

const refuseUnused = (
  nodes: readonly ChartNode[],
  ways: readonly Candidate[],
  actions: Actions,
  place: string,
): void => {
  const used = new Set([
    ...nodes.flatMap(({ entry, exit }) => [...entry, ...exit]),
    ...ways.flatMap((way) => way.actions),
  ]);
  const unused = [...actions].find((action) => !used.has(action));
  if (unused !== undefined) throw new ChartError(`${place}.${unused}`, 'no state runs the action');
};
