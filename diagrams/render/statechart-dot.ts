/** A chart in Graphviz's language: the main way down the page, what leads away from it beside it. */

import type { Model } from '../../machines/model';
import {
  cluster,
  clusterName,
  digraph,
  edgeName,
  nodeName,
  statement,
  type Attributes,
  type Line,
} from './dot';
import { colours } from './palette';
import {
  arrowsOf,
  boxesOf,
  endOf,
  notesOf,
  startOf,
  withInner,
  type Box,
  type Note,
} from './statechart';
import { wrap } from './text';
import { wayKey, type Visits } from './visits';

/** Characters in a line: in a state, beside an arrow, over the whole. */
const width = { state: 26, arrow: 18, title: 100 } as const;

/** Wide, and known to Graphviz: what is drawn in another font takes no more room. */
const font = 'Verdana';

const visited = { penwidth: '2.5' } as const;

/** What a run has come through is drawn with broader lines. */
export const statechartDot = (model: Model, visits?: Visits): string => {
  const boxes = boxesOf(model);
  const apart = boxes.filter(({ state }) => state.failure);
  const main = boxes.filter(({ state }) => !state.failure);
  return digraph(model.id, [
    statement('graph', {
      fontname: font,
      fontsize: '10',
      compound: 'true',
      nodesep: '0.15',
      ranksep: '0.3',
      labelloc: 't',
      labeljust: 'l',
      tooltip: model.id,
      label: [
        { text: model.id, colour: colours.text, looks: 'b' },
        ...wrap(model.description, width.title).map((text) => ({ text, colour: colours.muted })),
        { text: ' ', colour: colours.muted },
      ],
    }),
    statement('node', {
      fontname: font,
      fontsize: '10',
      shape: 'box',
      style: 'rounded,filled',
      fillcolor: colours.state,
      color: colours.stateLine,
      margin: '0.08,0.05',
    }),
    statement('edge', {
      fontname: font,
      fontsize: '9',
      color: colours.line,
      arrowsize: '0.7',
    }),
    ...startPoint(model.id, 'start'),
    ...main.flatMap((box) => drawn(model, box, visits)),
    ...(apart.length === 0 ? [] : drawnApart(model, apart, visits)),
    arrow(withInner(boxes), pointIn(model.id), startOf(model), { class: 'way' }),
    ...arrowsFrom(model, withInner(boxes), visits),
  ]);
};

const drawn = (model: Model, box: Box, visits: Visits | undefined): readonly string[] => {
  const { path, failure } = box.state;
  const looks = failure
    ? { fillcolor: colours.failure, color: colours.failureLine }
    : endOf(box.state) !== null
      ? { fillcolor: colours.final, color: colours.finalLine }
      : {};
  const kinds = [
    box.inside.length > 0 ? 'group' : 'state',
    ...(failure ? ['failure'] : []),
    ...(endOf(box.state) === null ? [] : ['final']),
  ];
  const attributes = {
    id: `state-${path}`,
    class: kinds.join(' '),
    tooltip: path,
    label: linesOf(model, box),
    ...(visits?.states.has(path) === true ? visited : {}),
  };
  if (box.inside.length === 0) {
    const border = endOf(box.state) === null ? {} : { peripheries: '2' };
    return [statement(nodeName(path), { ...attributes, ...looks, ...border })];
  }
  return cluster(
    path,
    {
      ...attributes,
      style: 'rounded,filled',
      fillcolor: colours.group,
      color: colours.stateLine,
      ...looks,
      margin: '10',
    },
    insideOf(model, box, visits),
  );
};

/**
 * Between two points, the upper of which is where the group starts: arrows to the whole of the group end
 * at the one, arrows from the whole of it start at the other.
 */
const insideOf = (model: Model, box: Box, visits: Visits | undefined): readonly string[] => {
  const { path } = box.state;
  const leaves = withInner(box.inside).filter(({ inside }) => inside.length === 0);
  const unseen = { style: 'invis' };
  return [
    ...startPoint(path, 'start inner'),
    ...box.inside.flatMap((inner) => drawn(model, inner, visits)),
    statement(nodeName(footOf(path)), { shape: 'point', width: '0.01', ...unseen }),
    ...leaves.flatMap(({ state }) => [
      ...('initial' in box.state && state.path === box.state.initial
        ? [statement(edgeName(pointIn(path), state.path), { class: 'way' })]
        : [statement(edgeName(pointIn(path), state.path), unseen)]),
      statement(edgeName(state.path, footOf(path)), { ...unseen, minlen: '0' }),
    ]),
  ];
};

const pointIn = (path: string): string => `start of ${path}`;
const topOf = ({ state, inside }: Box): string =>
  inside.length > 0 ? pointIn(state.path) : state.path;
const bottomOf = ({ state, inside }: Box): string =>
  inside.length > 0 ? footOf(state.path) : state.path;

const footOf = (path: string): string => `foot of ${path}`;

const startPoint = (path: string, kind: string): readonly string[] => [
  statement(nodeName(pointIn(path)), {
    class: kind,
    shape: 'circle',
    label: '',
    width: kind === 'start' ? '0.14' : '0.09',
    fillcolor: colours.text,
    color: colours.text,
  }),
];

const drawnApart = (
  model: Model,
  boxes: readonly Box[],
  visits: Visits | undefined,
): readonly string[] =>
  cluster(
    'apart',
    {
      class: 'apart',
      style: 'rounded,dashed',
      color: colours.failureLine,
      margin: '12',
      tooltip: 'apart from the main way',
      label: [{ text: 'apart from the main way', colour: colours.failureText, looks: 'i' }],
    },
    [
      ...boxes.flatMap((box) => drawn(model, box, visits)),
      // One below the other, so that the drawing stays narrow.
      ...boxes.slice(1).flatMap((box, index) => {
        const above = boxes[index];
        if (above === undefined) return [];
        return [statement(edgeName(bottomOf(above), topOf(box)), { style: 'invis' })];
      }),
    ],
  );

const linesOf = (model: Model, box: Box): readonly Line[] => [
  { text: box.name, colour: colours.text, looks: 'b' },
  ...notesOf(model, box).flatMap(({ about, text, failure }) => {
    const apart = failure || (about === 'end' && box.state.failure);
    const colour = apart ? colours.failureText : noteColours[about];
    const looks = about === 'step' ? { looks: 'i' as const } : {};
    return broken(text, width.state).map((line) => ({ text: line, colour, ...looks }));
  }),
];

/** In lines that do not end with a sign. */
const broken = (text: string, most: number): readonly string[] =>
  wrap(text.replaceAll(/([/→]) /g, '$1\u00a0'), most).map((line) => line.replaceAll('\u00a0', ' '));

const noteColours: Readonly<Record<Note['about'], string>> = {
  step: colours.step,
  description: colours.muted,
  end: colours.finalLine,
  action: colours.text,
  way: colours.step,
};

const arrowsFrom = (
  model: Model,
  boxes: readonly Box[],
  visits: Visits | undefined,
): readonly string[] =>
  boxes.flatMap((box) => {
    const { path, failure } = box.state;
    const colour = failure ? colours.failureText : colours.text;
    return arrowsOf(model, box).map(({ target, texts }) =>
      arrow(boxes, path, target, {
        id: `way-${path}-${target}`,
        class: failure ? 'way failure' : 'way',
        ...(goesOn(boxes, path, target) ? { weight: '8' } : {}),
        ...(failure ? { color: colours.failureLine } : {}),
        ...(visits?.ways.has(wayKey(path, target)) === true ? visited : {}),
        label: texts
          .flatMap((text) => broken(text, width.arrow))
          .map((line) => ({ text: ` ${line} `, colour })),
      }),
    );
  });

/** Whether the way leads to the next state of those that do not end the chart: such ones run straight. */
const goesOn = (boxes: readonly Box[], source: string, target: string): boolean => {
  const lasting = boxes.filter(
    ({ state, inside }) => inside.length === 0 && endOf(state) === null && !state.failure,
  );
  const index = lasting.findIndex(({ state }) => state.path === source);
  return lasting[index + 1]?.state.path === target;
};

/** An arrow from or to a group is cut at its border. */
const arrow = (
  boxes: readonly Box[],
  source: string,
  target: string,
  attributes: Attributes,
): string => {
  const boxAt = (path: string): Box | undefined => boxes.find(({ state }) => state.path === path);
  const [tail, head] = [boxAt(source), boxAt(target)];
  const from = tail === undefined ? source : bottomOf(tail);
  const to = head === undefined ? target : topOf(head);
  return statement(edgeName(from, to), {
    ...attributes,
    ...(from === source ? {} : { ltail: clusterName(source) }),
    ...(to === target ? {} : { lhead: clusterName(target) }),
    tooltip: `${source} → ${target}`,
  });
};
