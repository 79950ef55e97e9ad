/** A chart as a Mermaid state diagram, for Markdown. */

import type { Model } from '../../machines/model';
import { mermaidText } from './mermaid';
import { arrowsOf, boxesOf, endOf, notesOf, startOf, withInner, type Box } from './statechart';
import type { Visits } from './visits';

/** What a run has come through is drawn with broader lines. */
export const statechartMermaid = (model: Model, visits?: Visits): string => {
  const boxes = boxesOf(model);
  const apart = boxes.filter(({ state }) => state.failure);
  const main = boxes.filter(({ state }) => !state.failure);
  return [
    '---',
    `title: ${model.id}`,
    '---',
    'stateDiagram-v2',
    ...indent([
      // No text colours: the theme's own are readable on the fills, which are faint.
      'classDef failure stroke:#c4554a,stroke-width:2px',
      'classDef final stroke:#3f8f57,stroke-width:2px',
      `[*] --> ${startOf(model)}`,
      ...main.flatMap((box) => drawn(model, box)),
      ...(apart.length === 0
        ? []
        : [
            'state "apart from the main way" as apart {',
            ...indent(apart.flatMap((box) => drawn(model, box))),
            '}',
          ]),
      ...withInner(main).flatMap((box) => arrows(model, box)),
      // Inside other states they would be without effect.
      ...withInner(boxes).flatMap(classOf),
      ...(visits === undefined ? [] : ['classDef visited stroke-width:4px']),
      ...[...(visits?.states ?? [])].map((path) => `class ${idOf(path)} visited`),
    ]),
    '',
  ].join('\n');
};

const drawn = (model: Model, box: Box): readonly string[] => {
  const { state, name, inside } = box;
  const id = idOf(state.path);
  const notes = notesOf(model, box).map(({ text }) => text);
  const end = endOf(state);
  if (inside.length === 0 || !('initial' in state)) {
    return [
      ...[name, ...notes].map((text) => `${id} : ${mermaidText(text)}`),
      ...(end === null ? [] : [`${id} --> [*]`]),
      ...(state.failure ? arrows(model, box) : []),
    ];
  }
  return [
    `state "${mermaidText(name)}" as ${id} {`,
    ...indent([
      `[*] --> ${idOf(state.initial)}`,
      ...inside.flatMap((inner) => drawn(model, inner)),
    ]),
    '}',
    `note left of ${id}`,
    ...indent(notes.map(mermaidText)),
    'end note',
  ];
};

const classOf = ({ state }: Box): readonly string[] => {
  const looks = state.failure ? 'failure' : endOf(state) === null ? null : 'final';
  return looks === null ? [] : [`class ${idOf(state.path)} ${looks}`];
};

const arrows = (model: Model, box: Box): readonly string[] =>
  arrowsOf(model, box).map(({ target, texts }) => {
    const said = texts
      .filter((text) => text !== '')
      .map(mermaidText)
      .join('<br/>');
    const arrow = `${idOf(box.state.path)} --> ${idOf(target)}`;
    return said === '' ? arrow : `${arrow} : ${said}`;
  });

/** Dots and some words have a meaning of their own in Mermaid. */
const idOf = (path: string): string => path.replaceAll('.', '_');

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
