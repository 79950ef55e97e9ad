// The package as its users get it: packed, installed for everybody, imported from elsewhere.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox, projectRoot } from './support/sandbox';
import type { Outcome } from './support/sandbox';

const sandbox = new Sandbox();
const prefix = join(sandbox.folder, 'prefix');
const installed = join(prefix, 'lib/node_modules/prefork-interp');
const path = [join(prefix, 'bin'), process.env['PATH']].join(delimiter);
let packed: readonly string[] = [];

async function run(command: string, words: readonly string[], cwd?: string): Promise<Outcome> {
  const outcome = await sandbox.run(command, words, {
    env: { PATH: path, npm_config_cache: join(sandbox.folder, 'cache') },
    ...(cwd === undefined ? {} : { cwd }),
  });
  assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout);
  return outcome;
}

interface Manifest {
  readonly files: readonly { readonly path: string }[];
  readonly filename: string;
}

before(async () => {
  const destination = ['--pack-destination', sandbox.folder];
  const words = ['pack', '--ignore-scripts', '--offline', '--json', ...destination];
  const [manifest] = JSON.parse((await run('npm', words, projectRoot)).stdout) as Manifest[];
  assert.ok(manifest !== undefined);
  packed = manifest.files.map((file) => file.path).sort();
  const tarball = join(sandbox.folder, manifest.filename);
  await run('npm', ['install', '--global', '--offline', '--prefix', prefix, tarball]);
  // How a script finds the library: in a node_modules above it.
  rmSync(join(sandbox.folder, 'node_modules/prefork-interp'));
  symlinkSync(installed, join(sandbox.folder, 'node_modules/prefork-interp'));
});
after(() => sandbox.end());

describe('the tarball', () => {
  test('holds the program, the addon, the library and what is to be read, and nothing else', () => {
    const modules = packed.filter((name) => /^build\/runtime\/[\w-]+\.js$/.test(name));
    assert.deepEqual(modules, [
      'build/runtime/background.js',
      'build/runtime/debug.js',
      'build/runtime/index.js',
      'build/runtime/xstate.js',
    ]);
    const drawings = packed.filter((name) => /^diagrams\/[\w-]+\.svg$/.test(name));
    assert.ok(drawings.includes('diagrams/topology.svg'));
    const others = packed.filter((name) => !modules.includes(name) && !drawings.includes(name));
    assert.deepEqual(others, [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'build/LICENSES.txt',
      'build/addon/client.node',
      'build/addon/prefork.node',
      'build/bin/conmon',
      'build/bin/prefork-interp',
      'build/cli/main.js',
      'build/cli/page/charts.json',
      'build/cli/page/index.html',
      'build/cli/page/page.css',
      'build/cli/page/page.js',
      'build/runtime/index.d.ts',
      'build/runtime/options.d.ts',
      'package.json',
      'runtime/trace/record.schema.json',
    ]);
  });

  test('holds every file that its modules load', () => {
    const loaded = packed
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => {
        const text = readFileSync(join(projectRoot, name), 'utf8');
        return [...text.matchAll(/require\("([^"]+)"\)|require\('([^']+)'\)/g)]
          .map(([, double, single]) => double ?? single ?? '')
          .filter((request) => !isBuiltin(request))
          .map((request) => join(dirname(name), request));
      });
    const expected = [
      'build/addon/client.node',
      'build/runtime/background',
      'build/runtime/debug.js',
      'build/runtime/xstate.js',
    ];
    assert.deepEqual([...new Set(loaded)].sort(), expected);
    for (const file of loaded) assert.ok(packed.includes(file) || packed.includes(`${file}.js`));
  });
});

describe('the installed package', () => {
  test('needs no script to be run, no compiler and no other package', () => {
    const text = readFileSync(join(installed, 'package.json'), 'utf8');
    const { scripts, dependencies } = JSON.parse(text) as Record<string, object | undefined>;
    const names = Object.keys(scripts ?? {});
    assert.deepEqual(
      names.filter((name) => /install|prepare$/.test(name)),
      [],
    );
    assert.equal(dependencies, undefined);
  });

  test('puts the native program itself on the PATH', () => {
    const start = readFileSync(join(prefix, 'bin/prefork-interp')).subarray(0, 4);
    assert.equal(start.toString('latin1'), '\u007fELF');
  });

  test('draws its charts', async () => {
    const words = ['diagrams', 'monitor', '--format', 'svg'];
    const { stdout } = await run(join(prefix, 'bin/prefork'), words);
    assert.equal(stdout, readFileSync(join(projectRoot, 'diagrams/monitor.svg'), 'utf8'));
  });

  const body = `
    const warmed = process.pid;
    initialisationComplete();
    console.log(JSON.stringify([warmed, process.pid, process.argv.slice(2)]));`;
  const scripts = {
    'cjs.js': `const { initialisationComplete } = require('prefork-interp');${body}`,
    'esm.mjs': `import { initialisationComplete } from 'prefork-interp';${body}`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    test(`serves a script elsewhere, by its #! line: ${name}`, async () => {
      const script = sandbox.script(name, `#!/usr/bin/env -S prefork-interp -U node\n${text}\n`);
      const call = async (word: string): Promise<[number, number, string[]]> =>
        JSON.parse((await run(script, [word])).stdout) as [number, number, string[]];
      const [first, second] = [await call('one'), await call('two')];
      assert.equal(first[0], second[0], 'the second call started the script again');
      assert.notEqual(first[1], second[1]);
      assert.deepEqual([first[2], second[2]], [['one'], ['two']]);
    });
  }

  for (const options of ['-U,', '-U ', '-U,-ELANG,', '-U -ELANG -Gone ']) {
    test(`is a #! line's interpreter by its path: ${options}node`, async () => {
      const name = `by-path${options.replaceAll(/\W/g, '_')}`;
      const command = `${join(prefix, 'bin/prefork-interp')} ${options}node`;
      const script = sandbox.script(name, `#!${command}\n${scripts['cjs.js']}\n`);
      assert.match((await run(script, ['a b'])).stdout, /^\[\d+,\d+,\["a b"\]\]\n$/);
    });
  }

  test('tells its types to both kinds of module, and to no more than strict TypeScript', async () => {
    const good = `
      import { autoreloadAlsoCheck, initialisationComplete } from 'prefork-interp';
      import type { InitialisationOptions } from 'prefork-interp';
      const options: InitialisationOptions = { maxServers: 2, autoreloadExtra: ['a'] };
      autoreloadAlsoCheck('b', 'c');
      const nothing: void = initialisationComplete(options);
      export { nothing };`;
    const wrong = `
      import { initialisationComplete } from 'prefork-interp';
      // @ts-expect-error: there is no such option
      initialisationComplete({ maxServer: 2 });
      // @ts-expect-error: it is a number
      initialisationComplete({ idleTimeout: 'long' });`;
    const files = ['good.mts', 'good.cts', 'wrong.mts'];
    for (const file of files) {
      writeFileSync(join(sandbox.folder, file), file.startsWith('good') ? good : wrong);
    }
    const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--exactOptionalPropertyTypes', '--module', 'node16', '--noEmit'];
    await run(process.execPath, [compiler, ...options, ...files]);
  });
});
