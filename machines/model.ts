import type { Chart } from './chart';
import { ChartError } from './chart-error';
import { nodesOf, type Candidate, type ChartNode } from './chart-nodes';
import { namesOf, type Names } from './names';
import { firstStep, lineOf, stepOf, targetOf, type Step } from './steps';
import { refuseEarlyGuards, refuseEndlessSteps } from './eventless';

/**
 * The one model of a chart: its leaf states, and for each the ways out in the order in which they
 * are tried, with everything that taking them does. Tables and diagrams are rendered from it alone.
 * It is equal to what XState 4.38 does with the chart, `predictableActionArguments` set.
 */
export interface Model extends Names {
  readonly id: string;
  readonly description: string;
  /** The step that starts the chart; its target is the initial leaf. */
  readonly initial: Branch & { readonly target: string };
  /** The leaves, in document order. */
  readonly states: readonly State[];
  /** The states that have states, in document order. */
  readonly groups: readonly Group[];
  /** The ways out as the chart declares them, in document order. */
  readonly ways: readonly Way[];
}

interface Described {
  /** The keys from the outermost state inwards, with dots between them. */
  readonly path: string;
  readonly description: string;
  /** The state's own wording in the documented diagrams. */
  readonly step: string | null;
  /** Whether the state, or one around it, is apart from the main way. */
  readonly failure: boolean;
  /** What is done whenever it is entered, and left: its own actions alone. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
}

export interface Group extends Described {
  /** The path of the child that is entered with it. */
  readonly initial: string;
}

export interface State extends Described {
  /** Whether reaching it ends the chart. A final state inside another one does not. */
  readonly final: boolean;
  readonly becomes: string | null;
  readonly exitStatus: number | null;
  /** For each event that the state or one around it handles the branches, to be tried in order. */
  readonly on: ReadonlyMap<string, readonly Branch[]>;
  /** The eventless branches, to be tried in order. */
  readonly always: readonly Branch[];
}

/** A way as it is taken in one leaf. */
export interface Branch {
  readonly guard: string | null;
  /** In the order in which they run: exit, transition and entry actions. */
  readonly actions: readonly string[];
  /** The path of the leaf reached; null: the leaf is not left. */
  readonly target: string | null;
  /**
   * How often the eventless branches are tried after it: once, and in XState once more for either
   * of the two events that tell that a final state inside another one is entered.
   */
  readonly rounds: 1 | 3;
  /** What declares it; null: the chart's start. */
  readonly way: Way | null;
}

/** A way out as the chart declares it. */
export interface Way {
  /** The path of the state that has it, and of the state that it names. */
  readonly source: string;
  readonly target: string | null;
  /** null: eventless. */
  readonly event: string | null;
  readonly guard: string | null;
  /** Its own alone, without those of the states left and entered. */
  readonly actions: readonly string[];
  readonly internal: boolean;
}

/** @throws {ChartError} if the chart is outside the subset that compiles */
export const modelOf = (chart: Chart): Model => {
  const root = nodesOf(chart);
  const nodes = withDescendants(root).slice(1);
  const names = namesOf(chart, root, nodes);
  const ways = new Map<Candidate, DeclaredWay>();
  for (const node of nodes) {
    for (const way of waysOf(node)) ways.set(way, declare(root, node, way));
  }
  const start = firstStep(root);
  const model: Model = {
    id: chart.id,
    description: root.description,
    ...names,
    initial: { ...branchOf(start), guard: null, way: null, target: start.leaf.path },
    states: nodes.filter(isLeaf).map((leaf) => stateOf(leaf, ways)),
    groups: nodes.filter((node) => !isLeaf(node)).map(groupOf),
    ways: [...ways.values()].map(({ way }) => way),
  };
  refuseEndlessSteps(model);
  refuseEarlyGuards(model);
  return model;
};

interface DeclaredWay {
  readonly way: Way;
  readonly source: ChartNode;
  readonly target: ChartNode | null;
}

const withDescendants = (node: ChartNode): readonly ChartNode[] => [
  node,
  ...[...node.children.values()].flatMap(withDescendants),
];

const isLeaf = (node: ChartNode): boolean => node.children.size === 0;

const waysOf = (node: ChartNode): readonly Candidate[] => [
  ...[...node.on.values()].flat(),
  ...node.always,
];

const declare = (root: ChartNode, source: ChartNode, candidate: Candidate): DeclaredWay => {
  const target = targetOf(root, source, candidate);
  const { event, guard, actions, internal } = candidate;
  const way = {
    source: source.path,
    target: target?.path ?? null,
    event,
    guard,
    actions,
    internal,
  };
  return { way, source, target };
};

const describe = (node: ChartNode): Described => ({
  path: node.path,
  description: node.description,
  step: node.meta.step ?? null,
  failure: lineOf(node).some(({ meta }) => meta.failure === true),
  entry: node.entry,
  exit: node.exit,
});

const groupOf = (node: ChartNode): Group => ({
  ...describe(node),
  initial: `${node.path}.${node.initial}`,
});

const stateOf = (leaf: ChartNode, ways: ReadonlyMap<Candidate, DeclaredWay>): State => {
  const innermostFirst = lineOf(leaf).toReversed();
  const branches = (candidatesOf: (node: ChartNode) => readonly Candidate[]): readonly Branch[] =>
    upToTheCertain(innermostFirst.flatMap(candidatesOf)).map((candidate) => {
      const declared = ways.get(candidate);
      if (!declared) throw new ChartError(candidate.place, 'no state has this way');
      const step = stepOf(leaf, declared.source, candidate, declared.target);
      return { ...branchOf(step), guard: candidate.guard, way: declared.way };
    });
  const events = new Set(innermostFirst.flatMap(({ on }) => [...on.keys()]));
  return {
    ...describe(leaf),
    final: leaf.final && leaf.parent?.parent === null,
    becomes: leaf.meta.becomes ?? null,
    exitStatus: leaf.meta.exitStatus ?? null,
    on: new Map([...events].map((event) => [event, branches(({ on }) => on.get(event) ?? [])])),
    always: branches(({ always }) => always),
  };
};

/** What follows a way without a guard is never tried. */
const upToTheCertain = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const certain = candidates.findIndex(({ guard }) => guard === null);
  return certain < 0 ? candidates : candidates.slice(0, certain + 1);
};

const branchOf = (step: Step): Pick<Branch, 'actions' | 'target' | 'rounds'> => ({
  actions: step.actions,
  target: step.leaf?.path ?? null,
  rounds: step.endsGroup ? 3 : 1,
});
