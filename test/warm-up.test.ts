// What the time before a call must not cost it, and what the time for which a server waits must not do to it.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandbox } from './support/sandbox';
import { readyStandby } from './support/standby';

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.end());

for (const body of [`console.log('hello');`, 'process.exit();']) {
  for (const standby of [false, true]) {
    const where = standby ? 'in any process that waits for its call, nor in' : 'in';
    test(`what ${body} needs of Node is not compiled ${where} a call`, async () => {
      const log = join(sandbox.folder, 'functions.log');
      const flags = ['--log-function-events', `--logfile=${log}`, '--no-logfile-per-isolate'];
      const node = sandbox.script(
        'node-that-logs',
        `#!/bin/sh\nexec '${process.execPath}' ${flags.join(' ')} "$@"\n`,
      );
      const script = sandbox.script(
        'script.js',
        `require('prefork-interp').initialisationComplete({ standby: ${standby} }); ${body}`,
      );
      const call = async (): Promise<string[]> => {
        const before = tolerantlyRead(log).length;
        assert.equal((await sandbox.call(['-U', node, script])).code, 0);
        if (standby) await readyStandby(sandbox);
        return tolerantlyRead(log)
          .slice(before)
          .split('\n')
          .filter((line) => /^function,(full-parse|interpreter)/.test(line));
      };
      assert.ok((await call()).length > 100, 'the log tells of what is compiled');
      // Waits until the server has practised.
      await call();
      assert.deepEqual(await call(), []);
    });
  }
}

test('what V8 has put off in the set-up is not due at once because the server has waited', async () => {
  const script = sandbox.script(
    'wait.js',
    `const numbers = new Int32Array(new SharedArrayBuffer(4));
     const waited = Atomics.waitAsync(numbers, 0, 0, 1000).value;
     require('prefork-interp').initialisationComplete();
     const alive = setInterval(() => {}, 1000);
     waited.then((how) => { console.log(how); clearInterval(alive); });
     setTimeout(() => console.log('timer'), 20);`,
  );
  // The first call lasts for as long as the set-up has asked for; the second comes later than that.
  for (let calls = 0; calls < 2; ++calls) {
    const { stdout, stderr } = await sandbox.call(['-U', process.execPath, script]);
    assert.deepEqual({ stdout, stderr }, { stdout: 'timer\ntimed-out\n', stderr: '' });
  }
});

function tolerantlyRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
