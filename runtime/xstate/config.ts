// A chart as XState takes it.

import type { EventObject, MachineConfig, StateSchema, StateValue } from 'xstate';
import type { Chart, StateNode } from '../../machines/chart';

export type Config = MachineConfig<unknown, StateSchema, EventObject>;

const mark = '@';

/**
 * XState's form of the chart, with one action more on entry of each leaf, before its own: `enteredBy()` tells
 * from its name which leaf that is. Nothing else tells of leaves that are only passed through.
 */
export function configOf(chart: Chart): Config {
  const marked = (node: StateNode, path: string): StateNode =>
    node.states === undefined
      ? { ...node, entry: [`${mark}${path}`, ...[node.entry ?? []].flat()] }
      : { ...node, states: mapStates(node.states, `${path}.`) };
  const mapStates = (
    states: Readonly<Record<string, StateNode>>,
    prefix: string,
  ): Record<string, StateNode> =>
    Object.fromEntries(
      Object.entries(states).map(([key, node]) => [key, marked(node, prefix + key)]),
    );
  return { ...chart, states: mapStates(chart.states, '') } as unknown as Config;
}

/** The names of those actions, with the leaves that they stand for. */
export function marksFor(leaves: readonly string[]): ReadonlyMap<string, string> {
  return new Map(leaves.map((leaf) => [mark + leaf, leaf]));
}

/** The leaf that is entered where this action is performed; undefined: it is one of the chart's own. */
export function enteredBy(action: string): string | undefined {
  return action.startsWith(mark) ? action.slice(mark.length) : undefined;
}

/** `{ a: { b: 'c' } }` → `a.b.c` */
export function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, child]) => `${key}.${pathOf(child)}`)
    .join();
}
