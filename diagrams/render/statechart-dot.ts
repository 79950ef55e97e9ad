/** A chart in Graphviz's language: the main way down the page, what leads away from it beside it. */

import type { Model, Way } from '../../machines/model';
import { escapeXml, wrap } from './escape';
import { colours } from './palette';
import {
  boxesOf,
  conditionOf,
  endOf,
  isDrawn,
  nameOf,
  startOf,
  withInner,
  type Box,
} from './statechart';

/** Characters in a line: of a description and of what a state does, and beside an arrow. */
const width = { state: 36, arrow: 26 } as const;

/** Wide, and known to Graphviz: what is drawn in another font takes no more room. */
const font = 'Verdana';

/** The point at which a chart starts; no state can have this name. */
const start = 'the start';

export const statechartDot = (model: Model): string => {
  const boxes = boxesOf(model);
  const isApart = ({ state }: Box): boolean => state.failure;
  const apart = boxes.filter(isApart);
  return [
    `digraph ${quote(model.id)} {`,
    ...indent([
      attributes('graph', {
        fontname: font,
        fontsize: '11',
        compound: 'true',
        nodesep: '0.25',
        ranksep: '0.3',
        tooltip: model.id,
      }),
      attributes('node', {
        fontname: font,
        fontsize: '10',
        shape: 'box',
        style: 'rounded,filled',
        fillcolor: colours.state,
        color: colours.stateLine,
        margin: '0.08,0.05',
      }),
      attributes('edge', {
        fontname: font,
        fontsize: '9',
        fontcolor: colours.text,
        color: colours.line,
        arrowsize: '0.7',
      }),
      attributes(quote(start), {
        id: 'start',
        class: 'start',
        shape: 'circle',
        label: '',
        width: '0.14',
        fillcolor: colours.text,
        color: colours.text,
      }),
      ...boxes.filter((box) => !isApart(box)).flatMap((box) => drawn(model, box)),
      ...(apart.length === 0 ? [] : failures(model, apart)),
      ...arrowsOf(model, boxes),
    ]),
    '}',
    '',
  ].join('\n');
};

const drawn = (model: Model, box: Box): readonly string[] => {
  const { path, failure } = box.state;
  if (box.inside.length === 0) return [leaf(model, box)];
  return subgraph(
    path,
    {
      id: `state-${path}`,
      class: 'group',
      style: 'rounded,filled',
      fillcolor: failure ? colours.failure : colours.group,
      color: failure ? colours.failureLine : colours.stateLine,
      margin: '10',
      labeljust: 'l',
      tooltip: path,
    },
    label(linesOf(model, box)),
    box.inside.flatMap((inner) => drawn(model, inner)),
  );
};

const failures = (model: Model, boxes: readonly Box[]): readonly string[] =>
  subgraph(
    'the failures',
    {
      id: 'failures',
      class: 'failures',
      style: 'rounded,dashed',
      color: colours.failureLine,
      margin: '12',
      tooltip: 'apart from the main way',
    },
    label([{ text: 'apart from the main way', colour: colours.failureText, looks: 'i' }]),
    boxes.flatMap((box) => drawn(model, box)),
  );

const leaf = (model: Model, box: Box): string => {
  const { path, failure } = box.state;
  const isFinal = endOf(box.state) !== null;
  const names = { failure: 'state failure', final: 'state final', main: 'state' };
  const looks = {
    failure: { fillcolor: colours.failure, color: colours.failureLine },
    final: { fillcolor: colours.final, color: colours.finalLine },
    main: {},
  };
  const kind = failure ? 'failure' : isFinal ? 'final' : 'main';
  return attributes(
    quote(path),
    {
      id: `state-${path}`,
      class: names[kind],
      ...looks[kind],
      ...(isFinal ? { peripheries: '2' } : {}),
      tooltip: path,
    },
    label(linesOf(model, box)),
  );
};

interface Line {
  readonly text: string;
  readonly colour: string;
  /** Bold or italic. */
  readonly looks?: 'b' | 'i';
}

/** What stands in a state: its name, what it is for, what it does, and the ways that are not drawn. */
const linesOf = (model: Model, { state, name, ways }: Box): readonly Line[] => {
  const lines = (text: string, colour: string, looks?: 'i'): readonly Line[] =>
    wrap(text, width.state).map((line) => ({ text: line, colour, ...(looks ? { looks } : {}) }));
  const end = endOf(state);
  const actions = (when: string, names: readonly string[]): readonly Line[] =>
    names.length === 0 ? [] : lines(`${when} / ${names.join(', ')}`, colours.text);
  const listed = ways.filter((way) => !isDrawn(model, way));
  const targets = [...new Set(listed.map(({ target }) => target))];
  return [
    { text: name, colour: colours.text, looks: 'b' },
    ...(state.step === null ? [] : lines(`“${state.step}”`, colours.step, 'i')),
    ...lines(state.description, colours.muted),
    ...(end === null ? [] : lines(end, state.failure ? colours.failureText : colours.finalLine)),
    ...actions('entry', state.entry),
    ...actions('exit', state.exit),
    ...targets.flatMap((target) => {
      const to = listed.filter((way) => way.target === target);
      if (target === null) return to.flatMap((way) => lines(wayText(way, ways), colours.text));
      const conditions = to.map((way) => wayText(way, ways));
      return lines(`${conditions.join(', ')} → ${nameOf(target)}`, colours.failureText);
    }),
  ];
};

/** `EVENT [guard] / action`. */
const wayText = (way: Way, ways: readonly Way[]): string => {
  const actions = way.actions.length === 0 ? '' : ` / ${way.actions.join(', ')}`;
  const condition = conditionOf(way, ways);
  return way.target === null && actions === ''
    ? `${condition} / nothing`
    : `${condition}${actions}`;
};

/** The drawn ways; those between the same two states share one arrow. */
const arrowsOf = (model: Model, boxes: readonly Box[]): readonly string[] => {
  const all = withInner(boxes);
  const drawnWays = all.flatMap(({ ways }) => ways.filter((way) => isDrawn(model, way)));
  const pairs = new Map<string, Way[]>();
  for (const way of drawnWays) {
    const key = `${way.source} ${way.target ?? ''}`;
    pairs.set(key, [...(pairs.get(key) ?? []), way]);
  }
  const startArrow = arrow(all, start, startOf(model), { class: 'way' });
  const arrows = [...pairs.values()].map((ways) => {
    const [{ source, target } = { source: '', target: '' }] = ways;
    const beside = all.find(({ state }) => state.path === source)?.ways ?? [];
    const lines = ways.flatMap((way) => wrap(wayText(way, beside), width.arrow));
    const failing = (path: string | null): boolean =>
      all.some(({ state }) => state.path === path && state.failure);
    const colour = failing(source) ? colours.failureLine : colours.line;
    const text = lines.map((line) => ({
      text: line,
      colour: failing(source) ? colours.failureText : colours.text,
    }));
    return arrow(
      all,
      source,
      target ?? '',
      {
        id: `way-${source}-${target ?? ''}`,
        class: failing(source) ? 'way failure' : 'way',
        color: colour,
        ...(failing(source) !== failing(target) ? { constraint: 'false' } : {}),
      },
      label(text),
    );
  });
  return [startArrow, ...arrows];
};

/** Arrows run between leaves, and are cut at the border of the group that they mean. */
const arrow = (
  boxes: readonly Box[],
  source: string,
  target: string,
  given: Readonly<Record<string, string>>,
  text?: string,
): string => {
  const leafOf = (path: string, which: 'first' | 'last'): string => {
    const inside = boxes.find(({ state }) => state.path === path)?.inside ?? [];
    const inner = inside.at(which === 'first' ? 0 : -1);
    return inner === undefined ? path : leafOf(inner.state.path, which);
  };
  const from = leafOf(source, 'last');
  const to = leafOf(target, 'first');
  return attributes(
    `${quote(from)} -> ${quote(to)}`,
    {
      ...given,
      ...(from === source ? {} : { ltail: `cluster ${source}` }),
      ...(to === target ? {} : { lhead: `cluster ${target}` }),
      tooltip: `${source} → ${target}`,
    },
    text,
  );
};

const subgraph = (
  name: string,
  given: Readonly<Record<string, string>>,
  text: string,
  content: readonly string[],
): readonly string[] => [
  `subgraph ${quote(`cluster ${name}`)} {`,
  ...indent([attributes('graph', given, text), ...content]),
  '}',
];

const attributes = (of: string, given: Readonly<Record<string, string>>, text?: string): string => {
  const list = Object.entries(given).map(([name, value]) => `${name}=${quote(value)}`);
  return `${of} [${[...list, ...(text === undefined ? [] : [`label=${text}`])].join(', ')}]`;
};

/** Lines of text, each in its own colour, as Graphviz takes them. */
const label = (lines: readonly Line[]): string => {
  const cells = lines.map(({ text, colour, looks }) => {
    const inner = looks === undefined ? escapeXml(text) : `<${looks}>${escapeXml(text)}</${looks}>`;
    return `<font color="${colour}">${inner}</font><br align="left"/>`;
  });
  return `<${cells.join('')}>`;
};

const quote = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
