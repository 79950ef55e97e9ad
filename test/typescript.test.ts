// Ways to run TypeScript, as far as they are Node's own and esbuild's: what calls can do with, and how fresh
// it is.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { nodesUnderTest } from './support/nodes';
import { Sandbox, client } from './support/sandbox';
import type { Outcome, RunOptions } from './support/sandbox';

for (const { path, version, major, minor } of nodesUnderTest()) {
  describe(`on Node ${version}`, { concurrency: 2 }, () => {
    const sandbox = new Sandbox();
    after(() => sandbox.end());
    let scripts = 0;

    const call = (script: string, env: RunOptions['env'] = {}): Promise<Outcome> =>
      sandbox.run('timeout', ['-s', 'XCPU', '30', client, '-U', path, script], { env });
    const write = (text: string, extension = 'cjs'): string =>
      sandbox.script(`script-${++scripts}.${extension}`, text);

    test('esbuild’s thread is refused, and can be done without', async () => {
      const script = write(
        `require(${JSON.stringify(require.resolve('esbuild'))}).transformSync('let x: number', { loader: 'ts' });
         const { initialisationComplete } = require('prefork-interp');
         initialisationComplete(); console.log('the call'); process.exitCode = 3;`,
      );
      const refusal = await call(script);
      assert.match(refusal.stderr, /a Worker, esbuild's probably, which ESBUILD_WORKER_THREADS=0/);
      assert.equal(refusal.code, 1);
      const without = await call(script, { ESBUILD_WORKER_THREADS: '0' });
      assert.deepEqual([without.stdout, without.code], ['the call\n', 3]);
    });

    const registersHooks = major > 22 || (major === 22 && minor >= 15);
    test(
      'hooks within the thread work in calls',
      { skip: !registersHooks && 'has none' },
      async () => {
        sandbox.script('late.txt', '');
        const script = write(
          `import { registerHooks } from 'node:module';
         import { initialisationComplete } from 'prefork-interp';
         registerHooks({ load: (url, context, next) => url.endsWith('.txt')
           ? { format: 'module', source: 'export default 42', shortCircuit: true } : next(url, context) });
         initialisationComplete();
         console.log((await import('./late.txt')).default);`,
          'mjs',
        );
        for (let time = 0; time < 2; ++time) assert.equal((await call(script)).stdout, '42\n');
      },
    );

    const stripsTypes = major > 22 || (major === 22 && minor >= 18);
    test('TypeScript is as fresh as JavaScript', { skip: !stripsTypes && 'cannot' }, async () => {
      sandbox.script('number.mts', 'export const number: number = 1;');
      const script = write(
        `import { initialisationComplete } from 'prefork-interp';
         import { number } from './number.mts';
         const server: number = process.pid;
         initialisationComplete();
         const { later } = await import('./later.mts');
         console.log(server, number + later);`,
        'mts',
      );
      sandbox.script('later.mts', 'export const later: number = 10;');
      const results: string[][] = [];
      const record = async (): Promise<void> => {
        const { stdout, stderr } = await call(script);
        // Node 22 has a warning for whoever strips types.
        assert.doesNotMatch(stderr, /Error/);
        results.push(stdout.trim().split(' '));
      };
      await record();
      await record();
      sandbox.script('number.mts', 'export const number: number = 2;');
      await record();
      const [first = [], second = [], third = []] = results;
      assert.deepEqual([first[1], second[1], third[1]], ['11', '11', '12']);
      assert.equal(second[0], first[0], 'one server for both');
      assert.notEqual(third[0], first[0], 'a fresh server');
    });
  });
}
