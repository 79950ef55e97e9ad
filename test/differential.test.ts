// A warm call and a run of plain Node must print, leave and end alike: every case, on every Node at hand.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { details } from './differential/case';
import { differences } from './differential/differences';
import { groups } from './differential/groups';
import { Laboratory } from './differential/laboratory';
import { nodes } from './differential/nodes';
import { drawing, draws } from './differential/randomness';

for (const { major, path, absent } of nodes()) {
  describe(`Node ${major}`, { skip: absent ?? false, concurrency: 2 }, () => {
    const laboratory = new Laboratory(path);
    before(() => laboratory.open());
    after(() => laboratory.end());

    for (const [group, cases] of Object.entries(groups)) {
      describe(group, { concurrency: 2 }, () => {
        for (const [name, given] of Object.entries(cases)) {
          const wanted = details(given);
          if (major < (wanted.from ?? 0)) continue;
          test(name, async () => {
            const { plain, warm } = await laboratory.compare(wanted);
            assert.deepEqual(warm, plain);
            assert.notEqual(plain.end, 124, 'ends in time');
          });
        }
      });
    }

    // Each is shown to exist still: one that does not is to be taken off the list.
    describe('what is listed as different', { concurrency: 2 }, () => {
      for (const { name, proof, plain: inPlain, warm: inWarm } of differences) {
        test(name, async () => {
          const { plain, warm } = await laboratory.compare(proof);
          assert.match(JSON.stringify(plain), inPlain);
          assert.match(JSON.stringify(warm), inWarm);
          assert.notDeepEqual(warm, plain);
        });
      }
    });

    test('two calls draw different numbers', async () => {
      const expressions = Object.values(draws).map((draw) => `() => ${draw}`);
      const body = `console.log(JSON.stringify([${expressions.join()}].map((draw) => draw())));`;
      const { warm } = await laboratory.compare({ setup: drawing, body, shell: 'run; run' });
      const [first = [], second = []] = warm.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown[]);
      for (const [index, name] of Object.keys(draws).entries()) {
        assert.ok(first[index] !== undefined && first[index] !== null, name);
        assert.notEqual(first[index], second[index], name);
      }
    });
  });
}
