// A program whose files change in many ways, one after the other: each call runs it as it is now.

import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { describe, test } from 'node:test';
import { MutableProgram } from './support/mutable-program';
import type { Kind } from './support/mutable-program';
import { Mutations, chance } from './support/mutations';
import { Sandbox, engine } from './support/sandbox';

const seed = Number(process.env['PREFORK_TEST_SEED'] ?? Date.now() % 1e9);
const perKind = engine === 'native' ? 260 : 40;

describe(`changes at random, of seed ${seed} (PREFORK_TEST_SEED)`, { concurrency: 2 }, () => {
  for (const kind of ['CommonJS', 'ES modules'] as const) {
    test(`${perKind} changes to a program of ${kind}`, async () => {
      const sandbox = new Sandbox();
      try {
        await mutate(sandbox, kind);
      } finally {
        await sandbox.end();
      }
    });
  }
});

async function mutate(sandbox: Sandbox, kind: Kind): Promise<void> {
  const program = new MutableProgram(realpathSync(sandbox.folder), kind);
  const draw = chance(seed);
  const mutations = new Mutations(program, draw);
  const history: string[] = [];

  // Each answer is compared with what the files say now.
  const call = async (): Promise<string> => {
    const { stdout, stderr, code } = await sandbox.call(['-U', 'node', program.script]);
    const [server = '', ...words] = stdout.trim().split(' ');
    const after = `seed ${seed}, after: ${history.slice(-4).join('; ')}`;
    assert.deepEqual({ stderr, code }, { stderr: '', code: 0 }, after);
    assert.equal(words.join(' '), program.expectation().text, after);
    return server;
  };
  const happen = (all: Readonly<Record<string, () => string>>): void => {
    const [name, change] = mutations.pick(Object.entries(all));
    history.push(`${name} (${change()})`);
  };

  await call();
  for (let count = 0; count < perKind; ++count) {
    // Half of the changes come while the server still finds out what its files are.
    if (draw(2) === 0) {
      const server = await call();
      happen(mutations.irrelevant);
      assert.equal(await call(), server, `seed ${seed}: ${history.at(-1)} needs no fresh server`);
    }
    happen(mutations.relevant);
    await call();
  }
}
