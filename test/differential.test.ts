// A warm call and a run of plain Node must print, leave and end alike: every case, on every Node at hand.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { details } from './differential/case';
import { differences } from './differential/differences';
import { groups } from './differential/groups';
import { Laboratory } from './differential/laboratory';
import { nodes } from './differential/nodes';
import { drawing, draws } from './differential/randomness';

for (const { major, path, ways, absent } of nodes()) {
  describe(`Node ${major}`, { skip: absent ?? false, concurrency: 2 }, () => {
    const laboratory = new Laboratory(path, ways);
    before(() => laboratory.open());
    after(() => laboratory.end());

    for (const [group, cases] of Object.entries(groups)) {
      describe(group, { concurrency: 2 }, () => {
        for (const [name, given] of Object.entries(cases)) {
          const wanted = details(given);
          if (major < (wanted.from ?? 0)) continue;
          test(name, async () => {
            const { plain, served } = await laboratory.compare(wanted);
            for (const [way, outcome] of served) {
              assert.deepEqual({ way, ...outcome }, { way, ...plain });
            }
            assert.notEqual(plain.end, 124, 'ends in time');
          });
        }
      });
    }

    // Each is shown to exist still: one that does not is to be taken off the list.
    describe('what is listed as different', { concurrency: 2 }, () => {
      for (const { name, proof, plain: inPlain, warm: inWarm, only } of differences) {
        test(name, async () => {
          const { plain, served } = await laboratory.compare(proof);
          assert.match(JSON.stringify(plain), inPlain);
          for (const [way, outcome] of served) {
            if (only !== undefined && only !== way) continue;
            assert.match(JSON.stringify(outcome), inWarm, way);
            assert.notDeepEqual(outcome, plain);
          }
        });
      }
    });

    test('two calls draw different numbers', async () => {
      const expressions = Object.values(draws).map((draw) => `() => ${draw}`);
      const body = `console.log(JSON.stringify([${expressions.join()}].map((draw) => draw())));`;
      const { served } = await laboratory.compare({ setup: drawing, body, shell: 'run; run' });
      for (const [way, { stdout }] of served) {
        const [first = [], second = []] = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown[]);
        for (const [index, name] of Object.keys(draws).entries()) {
          assert.ok(first[index] !== undefined && first[index] !== null, `${name}, ${way}`);
          assert.notEqual(first[index], second[index], `${name}, ${way}`);
        }
      }
    });
  });
}
