import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { Sandbox, projectRoot } from './support/sandbox';

test('the sanitizers find nothing in the native tests, a cold and a warm call', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const run = await sandbox.run(join(projectRoot, 'scripts/run-sanitized'), ['short']);
  assert.deepEqual([run.stderr, run.code], ['', 0], run.stdout);
  assert.match(run.stdout, /^core: ok\n(.+: ok\n){6}$/);
});
