// Lays out a chart with Graphviz: the main way down the page, what leads away from it beside it.

import {
  arrowsOf,
  boxesOf,
  endOf,
  nameOf,
  withInner,
  type Box,
} from '../../diagrams/render/statechart';
import {
  cluster,
  clusterName,
  digraph,
  edgeName,
  nodeName,
  statement,
} from '../../diagrams/render/dot';
import type { Model } from '../../machines/model';
import { defined } from '../world/defined';
import { graphOf, headOf, lineOf, type Drawn } from './graph';
import type { ChartLayout, StateLayout, WayLayout } from './types';

/** Pixels: of a letter of a state's name as the page shows it, of the room about it, of a state. */
const letter = 6.9;
const padding = 26;
const stateHeight = 26;
const perInch = 72;

export async function layoutOf(model: Model): Promise<ChartLayout> {
  const boxes = boxesOf(model);
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const graph = graphOf(viz.renderJSON(dotOf(model, boxes)));
  const all = withInner(boxes);
  const groups = all.filter(({ inside }) => inside.length > 0);
  return {
    id: model.id,
    description: model.description,
    width: graph.width,
    height: graph.height,
    states: all.map((box) => stateOf(box, graph.placeOf(box.state.path), groups.includes(box))),
    ways: waysOf(model, graph.edges),
  };
}

function stateOf(box: Box, place: StatePlace, isGroup: boolean): StateLayout {
  const { path, description, step, failure } = box.state;
  const end = endOf(box.state);
  return {
    path,
    name: box.name,
    description,
    ...defined({ step: step ?? undefined, end: end ?? undefined }),
    kind: isGroup ? 'group' : end === null ? 'state' : 'final',
    failure,
    ...place,
  };
}

type StatePlace = Pick<StateLayout, 'x' | 'y' | 'width' | 'height'>;

function waysOf(model: Model, edges: readonly Drawn[]): WayLayout[] {
  const pairs = new Map<string, WayLayout>();
  for (const { source, target, event, guard } of model.ways) {
    if (target === null) continue;
    const key = `${source} ${target}`;
    const text = [event, guard === null ? null : `[${guard}]`].filter((word) => word !== null);
    const texts = [...(pairs.get(key)?.texts ?? []), text.join(' ')];
    const edge = edges.find(({ id }) => id === key);
    pairs.set(key, {
      ...{ source, target, texts },
      ...(edge && { line: lineOf(edge), head: headOf(edge) }),
    });
  }
  return [...pairs.values()];
}

function dotOf(model: Model, boxes: readonly Box[]): string {
  const isApart = ({ state }: Box): boolean => state.failure;
  const apart = boxes.filter(isApart);
  return digraph(model.id, [
    statement('graph', { compound: 'true', nodesep: '0.3', ranksep: '0.34', fontsize: '11' }),
    statement('node', { shape: 'box', fixedsize: 'true', height: inches(stateHeight), label: '' }),
    statement('edge', { arrowhead: 'none' }),
    ...boxes.filter((box) => !isApart(box)).flatMap(nodesOf),
    ...(apart.length === 0
      ? []
      : cluster('apart', { style: 'invis' }, [
          ...apart.flatMap(nodesOf),
          // One below the other, so that the drawing stays narrow.
          `${apart.map(({ state }) => nodeName(state.path)).join(' -> ')} [style="invis"]`,
        ])),
    ...withInner(boxes).flatMap((box) =>
      arrowsOf(model, box).map(({ target }) => edgeOf(boxes, box.state.path, target)),
    ),
  ]);
}

const inches = (pixels: number): string => (pixels / perInch).toFixed(3);

const nodesOf = (box: Box): readonly string[] =>
  box.inside.length === 0
    ? [
        statement(nodeName(box.state.path), {
          width: inches(box.name.length * letter + padding),
        }),
      ]
    : cluster(
        box.state.path,
        { margin: '12', label: [{ text: nameOf(box.state.path), colour: 'black' }] },
        box.inside.flatMap(nodesOf),
      );

/** Lines run between leaves, and are cut at the border of the group that they mean. */
function edgeOf(boxes: readonly Box[], source: string, target: string): string {
  const all = withInner(boxes);
  const leafOf = (path: string, which: 'first' | 'last'): string => {
    const inside = all.find(({ state }) => state.path === path)?.inside ?? [];
    const inner = which === 'first' ? inside[0] : inside.at(-1);
    return inner === undefined ? path : leafOf(inner.state.path, which);
  };
  const [from, to] = [leafOf(source, 'last'), leafOf(target, 'first')];
  return statement(edgeName(from, to), {
    id: `${source} ${target}`,
    ...(from === source ? {} : { ltail: clusterName(source) }),
    ...(to === target ? {} : { lhead: clusterName(target) }),
  });
}
