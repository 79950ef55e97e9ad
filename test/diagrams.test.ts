// The drawings: kept copies of small ones in every format, other programs that read them, fresh files.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { endings } from '../diagrams/render/gallery';
import { drawDot } from '../diagrams/render/graphviz';
import { plumbingSvg } from '../diagrams/render/plumbing-svg';
import { plumbingText } from '../diagrams/render/plumbing-text';
import { statechartDot } from '../diagrams/render/statechart-dot';
import { statechartMermaid } from '../diagrams/render/statechart-mermaid';
import { statechartScxml } from '../diagrams/render/statechart-scxml';
import { statechartText } from '../diagrams/render/statechart-text';
import { storyMermaid } from '../diagrams/render/story-mermaid';
import { storySvg } from '../diagrams/render/story-svg';
import { storyText } from '../diagrams/render/story-text';
import { topologyDot, topologyMermaid } from '../diagrams/render/topology-dot';
import { topologySvg } from '../diagrams/render/topology-svg';
import { topologyText } from '../diagrams/render/topology-text';
import { charts, containerCharts } from '../machines/index';
import { modelOf } from '../machines/model';
import * as samples from './golden/diagrams/samples';
import { charts as goldenCharts } from './golden/tables/charts';
import { drawnFolder, filesOf, goldenFolder } from './support/drawn-files';
import { DrawnSvg } from './support/drawn-svg';
import { projectRoot } from './support/sandbox';

const drawChart = (model: Parameters<typeof statechartDot>[0]): Promise<string> =>
  drawDot(statechartDot(model));

describe('small drawings', () => {
  const heading = { title: 'Plumbing', description: 'Of one.', recorded: false };
  type Draw = () => string | Promise<string>;
  const texts: Readonly<Record<string, Draw>> = {
    ...Object.fromEntries(
      goldenCharts.map(modelOf).flatMap((model): readonly (readonly [string, Draw])[] => [
        [`${model.id}.svg`, () => drawChart(model)],
        [`${model.id}.dot`, () => statechartDot(model)],
        [`${model.id}.mmd`, () => statechartMermaid(model)],
        [`${model.id}.scxml`, () => statechartScxml(model)],
        [`${model.id}.txt`, () => statechartText(model)],
      ]),
    ),
    'story.svg': () => storySvg(samples.story),
    'story.mmd': () => storyMermaid(samples.story),
    'story.txt': () => storyText(samples.story),
    'recorded-story.svg': () => storySvg(samples.recordedStory),
    'recorded-story.txt': () => storyText(samples.recordedStory),
    'topology.svg': () => topologySvg(samples.topology),
    'topology.dot': () => topologyDot(samples.topology),
    'topology.mmd': () => topologyMermaid(samples.topology),
    'topology.txt': () => topologyText(samples.topology),
    'plumbing.svg': () => plumbingSvg(heading, samples.plumbing),
    'plumbing.txt': () => plumbingText(heading, samples.plumbing),
  };

  test('have kept copies', async () => {
    // UPDATE_GOLDEN=1 writes them anew; the difference is then there to be read before it is kept.
    if (process.env['UPDATE_GOLDEN'] === '1') {
      for (const [name, draw] of Object.entries(texts)) {
        writeFileSync(join(goldenFolder, name), await draw());
      }
    }
    const kept = readdirSync(goldenFolder).filter((name) => !name.endsWith('.ts'));
    assert.deepEqual(kept.sort(), Object.keys(texts).sort());
  });

  for (const [name, draw] of Object.entries(texts)) {
    test(`are the kept copies: ${name}`, async () => {
      assert.equal(await draw(), readFileSync(join(goldenFolder, name), 'utf8'));
    });
  }
});

describe('the files', () => {
  const generate = (tree: string, ...words: readonly string[]) =>
    spawnSync(process.execPath, [join(tree, 'build/diagrams/render/main.js'), ...words], {
      encoding: 'utf8',
    });

  test('are fresh; the check notices one that is stale, one that lacks and one too many', (t) => {
    const tree = mkdtempSync(join(tmpdir(), 'prefork-diagrams-'));
    t.after(() => rmSync(tree, { recursive: true }));
    for (const part of ['build/diagrams', 'build/machines', 'build/runtime/trace', 'diagrams']) {
      cpSync(join(projectRoot, part), join(tree, part), { recursive: true });
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(tree, 'node_modules'));
    assert.deepEqual(checked(), [0, '']);
    appendFileSync(join(tree, 'diagrams/monitor.svg'), '<!-- drawn on -->');
    assert.deepEqual(checked(), [1, 'diagrams/monitor.svg is stale: npm run generate\n']);
    rmSync(join(tree, 'diagrams/monitor.svg'));
    assert.deepEqual(checked(), [1, 'diagrams/monitor.svg is stale: npm run generate\n']);
    writeFileSync(join(tree, 'diagrams/stranger.svg'), '');
    assert.equal(generate(tree).status, 0);
    assert.deepEqual(checked(), [0, '']);
    assert.ok(!readdirSync(join(tree, 'diagrams')).includes('stranger.svg'));

    function checked(): readonly [number | null, string] {
      const { status, stderr } = generate(tree, '--check');
      return [status, stderr];
    }
  });

  test('are all shown on the page', () => {
    const page = readFileSync(join(drawnFolder, 'README.md'), 'utf8');
    for (const name of readdirSync(drawnFolder).filter((one) =>
      /\.(svg|mmd|dot|scxml|txt)$/.test(one),
    )) {
      assert.ok(page.includes(`](${name})`), name);
    }
  });

  for (const model of [...charts, ...containerCharts].map(modelOf)) {
    test(`show every state of the ${model.id} with its description`, () => {
      for (const ending of Object.values(endings)) {
        const words = wordsOf(
          readFileSync(join(drawnFolder, `${model.id}.${ending}`), 'utf8'),
          ending,
        );
        for (const { path, description } of [...model.states, ...model.groups]) {
          const key = path.split('.').at(-1) ?? '';
          assert.ok(words.includes(key), `${ending}: ${path}`);
          assert.ok(words.includes(wordsOf(description, 'txt')), `${ending}: ${description}`);
        }
      }
    });

    test(`draw every state of the ${model.id} once, and nothing else`, () => {
      const svg = readFileSync(join(drawnFolder, `${model.id}.svg`), 'utf8');
      const nodes = [...svg.matchAll(/class="node ?([^"]*)"/g)].map(([, kind = '']) => kind);
      const [states, others] = [/^state/, /^start/].map((kind) =>
        nodes.filter((one) => kind.test(one)),
      );
      assert.equal(states?.length, model.states.length);
      assert.equal(others?.length, model.groups.length + 1);
      assert.equal(nodes.length, model.states.length + model.groups.length + 1);
    });
  }
});

/** Without what the formats put between and in the place of characters. */
const wordsOf = (text: string, ending: string): string => {
  const untagged = /svg|dot/.test(ending) ? text.replaceAll(/<[^>]*>/g, '') : text;
  return untagged.replaceAll('&#45;', '-').replaceAll(/&?#\d+;|&[a-z]+;|[\s│:;"&]/g, '');
};

describe('a drawing', () => {
  for (const file of filesOf('svg')) {
    test(`has no text outside, and no boxes over each other: ${file.replace(`${projectRoot}/`, '')}`, () => {
      const drawn = new DrawnSvg(readFileSync(file, 'utf8'));
      assert.deepEqual(drawn.textOutside(), []);
      assert.deepEqual(drawn.textOverText(), []);
      assert.ok(drawn.width <= 1200, `${drawn.width} pixels wide`);
      assert.ok(drawn.smallestText() >= 9, `text of ${drawn.smallestText()}`);
    });
  }

  test('has for each colour one for dark pages', () => {
    for (const file of filesOf('svg')) {
      const text = readFileSync(file, 'utf8');
      const [style = ''] = /<style>.*?<\/style>/s.exec(text) ?? [];
      assert.match(style, /prefers-color-scheme:dark/);
      const used = [...text.replace(style, '').matchAll(/(fill|stroke)="(#[0-9a-f]{6})"/g)];
      for (const [, what = '', colour = ''] of used) {
        assert.ok(style.includes(`[${what}="${colour}"]`), `${file}: ${colour}`);
      }
    }
  });
});
