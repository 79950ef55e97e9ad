// Many containers in a row, and many at once; `scripts/stress-containers` runs many more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCrowd } from './support/crowd';

test('60 containers in a row', async () => {
  assert.deepEqual((await runCrowd(60, 1)).faults, []);
});

test('40 containers at once', async () => {
  assert.deepEqual((await runCrowd(40, 40)).faults, []);
});
