/**
 * A chart as SCXML, the W3C's language for statecharts: for interpreters, editors and checkers. Actions are
 * log entries, as no interpreter can perform them; guards are data that say no until somebody sets them.
 */

import type { Model, Way } from '../../machines/model';
import { boxesOf, endOf, startOf, type Box } from './statechart';
import { escapeXml } from './text';
import { element } from './xml';

export const statechartScxml = (model: Model): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    comment(model.description),
    element(
      'scxml',
      {
        xmlns: 'http://www.w3.org/2005/07/scxml',
        version: '1.0',
        datamodel: 'ecmascript',
        name: model.id,
        initial: startOf(model),
      },
      [
        ...(model.guards.length === 0
          ? []
          : [
              element(
                'datamodel',
                {},
                model.guards.map((id) => element('data', { id, expr: 'false' })),
              ),
            ]),
        ...boxesOf(model).map(stateElement),
      ],
    ),
    '',
  ].join('\n');

const stateElement = (box: Box): string => {
  const { state, ways, inside } = box;
  const end = endOf(state);
  const content = [
    comment(state.description),
    ...executed('onentry', state.entry),
    ...executed('onexit', state.exit),
    ...ways.map(wayElement),
    ...inside.map(stateElement),
    ...(end === null ? [] : [element('donedata', {}, [`<content>${escapeXml(end)}</content>`])]),
  ];
  const initial = 'initial' in state ? { initial: state.initial } : {};
  return element(end !== null ? 'final' : 'state', { id: state.path, ...initial }, content);
};

const wayElement = ({ event, guard, target, internal, actions }: Way): string =>
  element(
    'transition',
    {
      ...(event === null ? {} : { event }),
      ...(guard === null ? {} : { cond: guard }),
      ...(target === null ? {} : { target }),
      ...(internal && target !== null ? { type: 'internal' } : {}),
    },
    actions.map(logged),
  );

const executed = (when: string, actions: readonly string[]): readonly string[] =>
  actions.length === 0 ? [] : [element(when, {}, actions.map(logged))];

const logged = (action: string): string => element('log', { label: action });

const comment = (text: string): string => `<!-- ${text.replaceAll('--', '—')} -->`;
