// A warm call and a run of plain Node must print, leave and end alike: every case, on every Node at hand.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { details } from './differential/case';
import { groups } from './differential/groups';
import { Laboratory } from './differential/laboratory';
import { nodes } from './differential/nodes';

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
  });
}
