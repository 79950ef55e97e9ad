import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { charts } from '../machines/index';
import { modelOf } from '../machines/model';
import { renderBecomes, renderTables } from '../native/render/tables';
import { charts as goldenCharts } from './golden/tables/charts';

const root = join(__dirname, '..', '..');
const golden = join(root, 'test', 'golden', 'tables');

/** File names with their texts. */
const headersOf = (list: typeof charts): Readonly<Record<string, string>> => {
  const models = list.map(modelOf);
  return {
    ...Object.fromEntries(models.map((model) => [`${model.id}.h`, renderTables(model)])),
    'becomes.h': renderBecomes(models),
  };
};

describe('the header of a chart', () => {
  const headers = headersOf(goldenCharts);

  // UPDATE_GOLDEN=1 writes them anew; the difference is then there to be read before it is kept.
  if (process.env.UPDATE_GOLDEN === '1') {
    for (const [name, text] of Object.entries(headers)) writeFileSync(join(golden, name), text);
  }

  test('has a kept copy', () => {
    const kept = readdirSync(golden).filter((name) => name.endsWith('.h'));
    assert.deepEqual(kept.sort(), Object.keys(headers).sort());
  });

  for (const [name, text] of Object.entries(headers)) {
    test(`is the kept copy: ${name}`, () => {
      assert.equal(text, readFileSync(join(golden, name), 'utf8'));
    });
  }
});

describe('the compiler', () => {
  let include = '';
  before(() => {
    include = mkdtempSync(join(tmpdir(), 'prefork-tables-'));
    mkdirSync(join(include, 'charts'));
    for (const [name, text] of Object.entries({
      ...headersOf(charts),
      ...headersOf(goldenCharts),
    })) {
      writeFileSync(join(include, 'charts', name), text);
    }
    const all = headersOf([...charts, ...goldenCharts])['becomes.h'] ?? '';
    writeFileSync(join(include, 'charts', 'becomes.h'), all);
  });
  after(() => {
    rmSync(include, { recursive: true });
  });

  const flags = [
    ...['-std=c++20', '-fsyntax-only', '-fno-exceptions', '-fno-rtti'],
    ...['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-x', 'c++', '-'],
  ];
  /** What g++ has to say about the text; nothing if it takes it. */
  const complaintsAbout = (text: string): string => {
    const includes = ['-I', join(root, 'native'), '-I', include];
    const { status, stderr, error } = spawnSync('g++', [...includes, ...flags], {
      input: text,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    if (error) throw error;
    assert.equal(status === 0, stderr === '', stderr);
    return stderr;
  };
  const actor = (methods: readonly string[]): string => `#include "charts/door.h"
namespace prefork {
class Door final : public charts::door::Effects {
${methods.join('\n')}
};
void use() {
  Door door;
  door.start();
  door.post(charts::door::Event::kWindBlown);
}
static_assert(charts::door::becomes(charts::door::State::kGone) == charts::Becomes::kWindow);
static_assert(charts::door::becomes(charts::door::State::kShut) == charts::Becomes::kNothing);
static_assert(charts::door::exit_status(charts::door::State::kBurnt) == 3);
static_assert(charts::door::exit_status(charts::door::State::kOpenAjar) == -1);
}
`;
  const methods = [
    'void knock() override { post(charts::door::Event::kOpened); }',
    'void creak() override {}',
    'void slam() override {}',
    'bool is_locked() override { return state() == charts::door::State::kShut; }',
    'bool is_falling_off() override { return done(); }',
  ];

  test('takes an actor with a method for every action and guard', () => {
    assert.equal(complaintsAbout(actor(methods)), '');
  });

  for (const [index, name] of ['knock', 'creak', 'slam', 'is_locked', 'is_falling_off'].entries()) {
    test(`refuses an actor without ${name}`, () => {
      const complaints = complaintsAbout(actor(methods.toSpliced(index, 1)));
      assert.match(complaints, /cannot declare variable 'door' to be of abstract type/);
      assert.match(complaints, new RegExp(`${name}\\(\\)`));
    });
  }

  test('refuses an actor with a method that is no action', () => {
    const complaints = complaintsAbout(actor([...methods, 'void ring() override {}']));
    assert.match(
      complaints,
      /'void prefork::Door::ring\(\)' marked 'override', but does not override/,
    );
  });

  test('refuses an action with a guard’s answer', () => {
    const complaints = complaintsAbout(actor([...methods.slice(1), 'bool knock() override;']));
    assert.match(complaints, /conflicting return type specified for 'virtual bool/);
  });

  test('takes the headers of all charts, together and without a warning', () => {
    const names = [...charts, ...goldenCharts].map(({ id }) => `#include "charts/${id}.h"\n`);
    assert.equal(complaintsAbout(names.join('')), '');
  });
});
