// No call is served by a server whose program has changed on disk.

import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Sandbox, projectRoot } from './support/sandbox';

const sandbox = new Sandbox();
const at = (name: string): string => join(sandbox.folder, name);
after(() => sandbox.end());

/** A file that has stood there for long. */
function place(name: string, text: string): void {
  sandbox.script(name, text);
  age(name, 3600);
}

function age(name: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(at(name), then, then);
}

/** Which server answers: the process that was initialised. And what else the script prints. */
async function call(script: string): Promise<{ server: string; rest: string }> {
  const { stdout, stderr, code } = await sandbox.call(['-U', 'node', at(script)]);
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
  const [server = '', ...rest] = stdout.trim().split(' ');
  return { server, rest: rest.join(' ') };
}

async function sameServer(script: string): Promise<void> {
  assert.deepEqual(await call(script), await call(script));
}

describe('CommonJS', () => {
  before(() => {
    place('package.json', '{}');
    place('data.json', '"data"');
    place('leaf.js', `module.exports = 'leaf';`);
    place('also.txt', 'also');
  });
  beforeEach(() => {
    place(
      'main.cjs',
      `const { initialisationComplete, autoreloadAlsoCheck } = require('prefork-interp');
       const text = require('./leaf.js') + ' ' + require('./data.json');
       autoreloadAlsoCheck('also.txt', 'absent.txt');
       const server = process.pid;
       initialisationComplete({ autoreloadExtra: ['extra.txt'] });
       console.log(server, text);`,
    );
  });

  const changes: Readonly<Record<string, () => void>> = {
    'the script is touched': () => utimesSync(at('main.cjs'), new Date(), new Date()),
    'the script gets an older time': () => age('main.cjs', 7200),
    'a required file is rewritten': () => writeFileSync(at('leaf.js'), `module.exports = 'new';`),
    'required data is rewritten': () => writeFileSync(at('data.json'), '"other"'),
    'the package’s description changes': () => writeFileSync(at('package.json'), '{ }'),
    'an additional file changes': () => writeFileSync(at('also.txt'), 'changed'),
    'an additional file appears': () => writeFileSync(at('absent.txt'), ''),
    'an additional file goes': () => rmSync(at('absent.txt')),
    'a file named as an option appears': () => writeFileSync(at('extra.txt'), ''),
    'another file takes the place of a required one': () => {
      place('other.js', `module.exports = 'moved';`);
      renameSync(at('other.js'), at('leaf.js'));
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    test(`a fresh server when ${name}`, async () => {
      const old = await call('main.cjs');
      assert.deepEqual(await call('main.cjs'), old);
      change();
      const fresh = await call('main.cjs');
      assert.notEqual(fresh.server, old.server);
      const leaf = await import('node:fs').then((fs) => fs.readFileSync(at('leaf.js'), 'utf8'));
      assert.ok(leaf.includes(`'${fresh.rest.split(' ')[0] ?? ''}'`), 'the program as it is now');
      await sameServer('main.cjs');
    });
  }
});

describe('ES modules', () => {
  before(() => {
    place('data.json', '"data"');
    place('computed.json', '"computed"');
    place('node_modules/self/package.json', '{"name":"self","exports":"./index.mjs"}');
    place('node_modules/self/index.mjs', `export { text } from './part.mjs?query';`);
    place('node_modules/self/part.mjs', `export const text = 'part';`);
    place('deep.mjs', `export const text = 'deep';`);
    place('middle.mjs', `export { text } from './deep.mjs';`);
    place(
      'main.mjs',
      `import { initialisationComplete } from 'prefork-interp';
       import { text } from './middle.mjs';
       const late = await import('./late.mjs');
       import data from './data.json' with { type: 'json' };
       import { text as part } from 'self';
       const name = ['.', 'computed.json'].join('/');
       const { default: computed } = await import(name, { with: { type: 'json' } });
       const server = process.pid;
       initialisationComplete();
       console.log(server, text, late.text, part, data, computed);`,
    );
    place('late.mjs', `export const text = 'late';`);
  });

  const expected = { 'deep.mjs': 'deep', 'late.mjs': 'late', 'node_modules/self/part.mjs': 'part' };
  const data = { 'data.json': 'data', 'computed.json': 'computed' };
  for (const name of Object.keys({ ...expected, ...data })) {
    test(`a fresh server when ${name} changes`, async () => {
      const old = await call('main.mjs');
      assert.deepEqual(await call('main.mjs'), old);
      writeFileSync(at(name), name in data ? '"changed"' : `export const text = 'changed';`);
      Object.assign(name in data ? data : expected, { [name]: 'changed' });
      const fresh = await call('main.mjs');
      assert.notEqual(fresh.server, old.server);
      const words = [...Object.values(expected), ...Object.values(data)];
      assert.equal(fresh.rest, words.join(' '));
      await sameServer('main.mjs');
    });
  }

  const nearer: Readonly<Record<string, () => void>> = {
    'a nearer package.json appears': () => place('package.json', '{}'),
    'that goes': () => rmSync(at('package.json')),
  };
  for (const [name, change] of Object.entries(nearer)) {
    test(`a fresh server when ${name}`, async () => {
      const { server } = await call('main.mjs');
      await sameServer('main.mjs');
      change();
      assert.notEqual((await call('main.mjs')).server, server);
      await sameServer('main.mjs');
    });
  }
});

test('an addon that is replaced makes the server stale', async () => {
  const addon = join(projectRoot, 'build/test/fork_kit.node');
  copyFileSync(addon, at('addon.node'));
  place(
    'addon.cjs',
    `require('./addon.node');
     const server = process.pid; require('prefork-interp').initialisationComplete(); console.log(server);`,
  );
  const { server } = await call('addon.cjs');
  await sameServer('addon.cjs');
  copyFileSync(addon, at('other.node'));
  renameSync(at('other.node'), at('addon.node'));
  assert.notEqual((await call('addon.cjs')).server, server);
});

test('another interpreter behind its link makes the server stale', async () => {
  symlinkSync(process.execPath, at('my-node'));
  place(
    'linked.cjs',
    `const server = process.pid; require('prefork-interp').initialisationComplete(); console.log(server);`,
  );
  const run = async (): Promise<string> =>
    (await sandbox.call(['-U', at('my-node'), at('linked.cjs')])).stdout;
  const server = await run();
  assert.equal(await run(), server);
  const other = sandbox.script('other-node', `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
  symlinkSync(other, at('new-link'));
  renameSync(at('new-link'), at('my-node'));
  assert.notEqual(await run(), server);
});

test('the watches are the server’s alone', async () => {
  const holder = `require('prefork-interp').initialisationComplete();
     const { readdirSync, readlinkSync } = require('fs');
     const held = (pid) => readdirSync('/proc/' + pid + '/fd').flatMap((fd) => {
       try { return readlinkSync('/proc/' + pid + '/fd/' + fd); } catch { return []; }
     }).filter((target) => /inotify|mountinfo/.test(target)).length;
     const self = readlinkSync('/proc/self');
     const monitor = /PPid:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1];
     const server = /PPid:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/' + monitor + '/status', 'utf8'))[1];
     console.log(held(self), held(monitor), held(server));`;
  let holding = { server: '', rest: '' };
  // Of servers that see at the same moment whether many instances are left, some may find none, and do without.
  for (let attempt = 0; attempt < 10 && holding.rest !== '0 2'; ++attempt) {
    place('holder.cjs', `${holder} // ${attempt}`);
    await call('holder.cjs');
    holding = await call('holder.cjs');
    assert.match(holding.rest, /^0 [02]$/);
  }
  assert.deepEqual(holding, { server: '0', rest: '0 2' });
});

test('a file saved while the script initialises makes the server stale', async () => {
  place('saved.js', `module.exports = 'old';`);
  place(
    'saver.cjs',
    `const { initialisationComplete } = require('prefork-interp');
     const text = require('./saved.js');
     if (text === 'old') require('fs').writeFileSync(__dirname + '/saved.js', "module.exports = 'new';");
     const server = process.pid;
     initialisationComplete();
     console.log(server, text);`,
  );
  assert.equal((await call('saver.cjs')).rest, 'old');
  assert.equal((await call('saver.cjs')).rest, 'new');
});

test('without autoreload only the additional files count', async () => {
  place('extra-only.txt', '');
  place(
    'fixed.cjs',
    `const server = process.pid;
     require('prefork-interp').initialisationComplete({ autoreload: false, autoreloadExtra: ['extra-only.txt'] });
     console.log(server);`,
  );
  const { server } = await call('fixed.cjs');
  utimesSync(at('fixed.cjs'), new Date(), new Date());
  assert.equal((await call('fixed.cjs')).server, server);
  writeFileSync(at('extra-only.txt'), 'changed');
  assert.notEqual((await call('fixed.cjs')).server, server);
});

test('a file from the future does not make every server stale', async () => {
  place(
    'future.cjs',
    `const server = process.pid; require('prefork-interp').initialisationComplete(); console.log(server);`,
  );
  age('future.cjs', -86_400);
  await sameServer('future.cjs');
});
