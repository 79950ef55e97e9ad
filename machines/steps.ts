import { ChartError } from './chart-error';
import type { Candidate, ChartNode } from './chart-nodes';
import { joinPlace } from './chart-form';

/**
 * What XState 4.38 does on one way out: which states it leaves and enters, and the actions that it
 * runs on the way. Leaving and entering is a difference of two configurations, plus the states that
 * an external transition enters anew; document order decides which these are.
 */

/** What one way does when it is taken in a certain leaf. */
export interface Step {
  /** The leaf reached; null: the leaf is not left. */
  readonly leaf: ChartNode | null;
  /** Exit actions from the innermost state outwards, the way's own, entry actions inwards. */
  readonly actions: readonly string[];
  /** Whether a final state inside another state is entered. */
  readonly endsGroup: boolean;
}

/** The leaf in which one ends up who enters a node. */
export const leafOf = (node: ChartNode): ChartNode => {
  const child = node.initial === null ? undefined : node.children.get(node.initial);
  return child ? leafOf(child) : node;
};

/** The node and what surrounds it, outermost first. */
export const lineOf = (node: ChartNode): readonly ChartNode[] =>
  node.parent ? [...lineOf(node.parent), node] : [node];

/** The node that a way's target names, as XState looks it up. */
export const targetOf = (root: ChartNode, source: ChartNode, way: Candidate): ChartNode | null => {
  if (way.target === null) return null;
  const place = joinPlace(way.place, 'target');
  const [start, keys] = startOf(root, source, way.target);
  let node = start;
  for (const key of keys) {
    const child = node.children.get(key);
    if (!child) {
      throw new ChartError(place, `no state '${way.target}': '${key}' is not in ${node.place}`);
    }
    node = child;
  }
  if (way.internal && (node === source || !lineOf(node).includes(source))) {
    throw new ChartError(place, `'${way.target}' is not inside the source, so it is not internal`);
  }
  return node;
};

const startOf = (
  root: ChartNode,
  source: ChartNode,
  target: string,
): readonly [ChartNode, readonly string[]] => {
  const keys = target.split('.');
  if (keys[0] === '') return [source, keys.slice(1)];
  if (keys[0] === `#${root.place}`) return [root, keys.slice(1)];
  return [source.parent ?? root, keys];
};

/** What the way does when the chart is in `from`. */
export const stepOf = (
  from: ChartNode,
  source: ChartNode,
  way: Candidate,
  target: ChartNode | null,
): Step => {
  if (!target) return { leaf: null, actions: way.actions, endsGroup: false };
  const leaf = leafOf(target);
  const before = lineOf(from);
  const after = lineOf(leaf);
  const renewed = way.internal ? [] : renewedBy(source, target);
  const exited = outermostFirst(before, (node) => !after.includes(node) || renewed.includes(node));
  const entered = outermostFirst(after, (node) => !before.includes(node) || renewed.includes(node));
  return {
    // An internal transition into the very leaf enters nothing.
    leaf: entered.length === 0 ? null : leaf,
    actions: [
      ...exited.reverse().flatMap(({ exit }) => exit),
      ...way.actions,
      ...entered.flatMap(({ entry }) => entry),
    ],
    endsGroup: endsGroup(entered),
  };
};

/** Entering the chart at its start. */
export const firstStep = (root: ChartNode): Step & { readonly leaf: ChartNode } => {
  const leaf = leafOf(root);
  const entered = lineOf(leaf);
  const actions = entered.flatMap(({ entry }) => entry);
  return { leaf, actions, endsGroup: endsGroup(entered) };
};

/** The part of a line that starts at the first node for which `changes` holds. */
const outermostFirst = (
  line: readonly ChartNode[],
  changes: (node: ChartNode) => boolean,
): ChartNode[] => {
  const first = line.findIndex(changes);
  return first < 0 ? [] : line.slice(first);
};

/** The active states that an external transition leaves although it leads back into them. */
const renewedBy = (source: ChartNode, target: ChartNode): readonly ChartNode[] => {
  if (source.order < target.order) return [source];
  const line = lineOf(source);
  return line.includes(target) ? line.slice(line.indexOf(target)) : [];
};

const endsGroup = (entered: readonly ChartNode[]): boolean =>
  entered.some(({ final, parent }) => final && parent?.parent !== null);
