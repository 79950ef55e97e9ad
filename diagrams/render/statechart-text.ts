/** A chart as an outline: every state with all its ways out, in the order in which they are tried. */

import type { Model, Way } from '../../machines/model';
import { boxesOf, endOf, isFailure, startOf, wayText, type Box } from './statechart';
import { wrap } from './text';
import type { Visits } from './visits';

const width = 100;

/** What a run has come through is marked at the left. */
export const statechartText = (model: Model, visits?: Visits): string => {
  const boxes = boxesOf(model);
  const apart = boxes.filter(({ state }) => state.failure);
  return [
    model.id,
    ...wrap(model.description, width),
    '',
    `● → ${startOf(model)}`,
    ...boxes
      .filter(({ state }) => !state.failure)
      .flatMap((box) => ['', ...outline(model, box, visits)]),
    ...(apart.length === 0 ? [] : ['', '── apart from the main way ──']),
    ...apart.flatMap((box) => ['', ...outline(model, box, visits)]),
    '',
  ].join('\n');
};

const outline = (model: Model, box: Box, visits: Visits | undefined): readonly string[] => {
  const { state, name, ways, inside } = box;
  const end = endOf(state);
  const head = [
    `${visits?.states.has(state.path) === true ? '▶ ' : ''}${end === null ? '○' : '◉'} ${name}`,
    ...(state.step === null ? [] : [`“${state.step}”`]),
    ...(end === null ? [] : [`(${end})`]),
  ].join('  ');
  const actions = (when: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${when} / ${names.join(', ')}`];
  const content = [
    ...wrap(state.description, width),
    ...actions('entry', state.entry),
    ...actions('exit', state.exit),
    ...ways.map((way) => wayLine(model, box, way)),
    ...('initial' in state ? [`● → ${state.initial}`] : []),
  ];
  return [
    head,
    ...content.map((line) => `│ ${line}`),
    ...inside.flatMap((inner) => [
      '│',
      ...outline(model, inner, visits).map((line) => `│   ${line}`),
    ]),
  ];
};

/** Ways to what is apart from the main way bear a cross. */
const wayLine = (model: Model, { ways }: Box, way: Way): string => {
  const text = wayText(way, ways);
  if (way.target === null) return `↻ ${text}`;
  const mark = isFailure(model, way.target) ? '✗' : '→';
  return `${text === '' ? '' : `${text} `}${mark} ${way.target}`;
};
