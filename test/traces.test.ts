// What the central tests make the processes do is what their charts say. All of the suite: npm run test:traces.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Sandbox, projectRoot } from './support/sandbox';

const sandbox = new Sandbox(false);
after(() => sandbox.end());

test('every trace that the central tests record is one that XState computes', async () => {
  const run = await sandbox.run(join(projectRoot, 'scripts/test-traces'), ['short'], {
    cwd: projectRoot,
  });
  assert.deepEqual([run.stderr, run.code], ['', 0], run.stdout);
  const proven =
    run.stdout.match(/^.*\.trace: \d+ records of \d+ processes, all as XState/gm) ?? [];
  assert.ok(proven.length > 50, `${proven.length} traces`);
});
