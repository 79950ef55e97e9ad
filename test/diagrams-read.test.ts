// Programs that others have written read the drawings, and XState makes the same machine of the SCXML.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  createMachine,
  type EventObject,
  type MachineConfig,
  type StateNode,
  type StateSchema,
} from 'xstate';
import { endings, type Format } from '../diagrams/render/gallery';
import { statechartScxml } from '../diagrams/render/statechart-scxml';
import { charts, containerCharts } from '../machines/index';
import { modelOf, type State } from '../machines/model';
import { filesOf, goldenFolder } from './support/drawn-files';
import { charts as goldenCharts } from './golden/tables/charts';

/** What another program has to say about a file; nothing if it takes it. */
const complaints = (program: string, words: readonly string[]): string => {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? stderr : `${status ?? ''} ${stderr}`;
};

describe('other programs read', () => {
  let scratch = '';
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'prefork-diagrams-'));
  });
  after(() => {
    rmSync(scratch, { recursive: true });
  });
  const broken = (format: Format, pattern: RegExp, by: string): string => {
    const text = readFileSync(join(goldenFolder, `door.${endings[format]}`), 'utf8');
    assert.match(text, pattern);
    const file = join(scratch, `broken.${endings[format]}`);
    writeFileSync(file, text.replace(pattern, by));
    return file;
  };

  test('DOT: Graphviz', () => {
    // It lays them out, too: lost nodes and ports are complained about only then.
    for (const file of filesOf('dot'))
      assert.equal(complaints('dot', ['-Tplain', '-o', '/dev/null', file]), '', file);
    assert.notEqual(complaints('dot', ['-Tplain', broken('dot', /\}\s*$/, '')]), '');
  });

  test('SCXML: Qt’s compiler', () => {
    const output = ['--header', join(scratch, 'x.h'), '--impl', join(scratch, 'x.cpp')];
    const compile = (file: string): string =>
      complaints('/usr/lib/qt6/libexec/qscxmlc', ['--classname', 'Machine', ...output, file]);
    for (const file of filesOf('scxml')) assert.equal(compile(file), '', file);
    assert.match(compile(broken('scxml', /target="shut"/, 'target="nowhere"')), /unknown state/);
  });

  test('Mermaid: its own parser', async () => {
    const { Window } = await import('happy-dom');
    const window = new Window();
    Object.assign(globalThis, { window, document: window.document });
    try {
      const { default: mermaid } = await import('mermaid');
      for (const file of filesOf('mermaid')) {
        assert.ok(await mermaid.parse(readFileSync(file, 'utf8')), file);
      }
      const text = readFileSync(broken('mermaid', /--> shut/, '-->'), 'utf8');
      await assert.rejects(mermaid.parse(text));
    } finally {
      await window.happyDOM.close();
    }
  });

  test('SVG: as XML', async () => {
    const { xml2js } = await import('xml-js');
    for (const file of filesOf('svg')) xml2js(readFileSync(file, 'utf8'));
    const text = readFileSync(broken('svg', /<\/svg>/, '</sgv>'), 'utf8');
    assert.throws(() => xml2js(text));
  });
});

type Config = MachineConfig<unknown, StateSchema, EventObject>;

// The package does not offer it by name.
const scxmlReader = join(dirname(createRequire(__filename).resolve('xstate')), 'scxml.js');

interface ScxmlReader {
  readonly toMachine: (scxml: string, options: { readonly delimiter: string }) => StateNode;
}

describe('the machine that XState makes of the SCXML does what the chart does', () => {
  for (const chart of [...charts, ...containerCharts, ...goldenCharts]) {
    test(chart.id, async () => {
      const { toMachine } = (await import(scxmlReader)) as ScxmlReader;
      const model = modelOf(chart);
      const scxml = statechartScxml(model);
      // With no guard that says yes, and with each one that does.
      for (const yes of [null, ...model.guards]) {
        const guards = Object.fromEntries(model.guards.map((name) => [name, () => name === yes]));
        const own = createMachine(chart as unknown as Config, { guards });
        const text =
          yes === null
            ? scxml
            : scxml.replace(`<data id="${yes}" expr="false"/>`, `<data id="${yes}" expr="true"/>`);
        const read = toMachine(text, { delimiter: '/' });
        for (const state of model.states.filter(isRestedIn)) {
          for (const event of model.events) {
            const expected = own.transition(nested(state.path.split('.')), event);
            const found = read.transition(nestedById(state.path), event);
            const leaf = leafOf(expected.value);
            const reached = model.states.find(({ path }) => path === leaf);
            // XState's reader leaves out what a final state does when it is entered.
            const unread =
              reached?.final === true && leaf !== state.path ? reached.entry.length : 0;
            const actions = expected.actions.map(({ type }) => type);
            assert.deepEqual(
              { leaf: leafById(found.value), actions: logged(found.actions) },
              { leaf, actions: actions.slice(0, actions.length - unread) },
              `${event} in ${state.path}, ${yes ?? 'no guard'} says yes`,
            );
          }
        }
      }
    });
  }
});

const isRestedIn = (state: State): boolean =>
  !state.final && !state.always.some(({ guard }) => guard === null);

type Value = string | { readonly [key: string]: Value };

const nested = ([key = '', ...keys]: readonly string[]): Value =>
  keys.length === 0 ? key : { [key]: nested(keys) };

/** As `nested`, where each key is the whole path. */
const nestedById = (path: string): Value => {
  const keys = path.split('.');
  return nested(keys.map((_, index) => keys.slice(0, index + 1).join('.')));
};

const leafOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value as object)
        .map(([key, inner]) => `${key}.${leafOf(inner)}`)
        .join();

const leafById = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.values(value as object)
        .map(leafById)
        .join();

const logged = (actions: readonly { readonly type: string }[]): readonly string[] =>
  actions.map((action) => (action as unknown as { readonly label: string }).label);
