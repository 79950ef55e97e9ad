// Makes one file of each part that is loaded as a whole: every file that is looked up and read costs a start
// its time, and so does its length; and whoever installs the package needs no other. Licences of what is built
// in stand beside it.
//
//   node scripts/bundle.mjs

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

const forNode = {
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Other results, which are loaded where they are needed.
  external: ['*.node', './background', './debug.js', './xstate.js'],
};
const forBrowsers = { platform: 'browser', target: 'es2022', format: 'esm', minify: true };

/** What is made of each source. */
const bundles = {
  'runtime/index.ts': { outfile: 'build/runtime/index.js', ...forNode },
  'runtime/background.ts': { outfile: 'build/runtime/background.js', ...forNode },
  'runtime/debug/index.ts': { outfile: 'build/runtime/debug.js', ...forNode },
  'runtime/xstate/driver.ts': { outfile: 'build/runtime/xstate.js', ...forNode },
  'cli/main.ts': { outfile: 'build/cli/main.js', ...forNode },
  'cli/page/main.tsx': { outfile: 'build/cli/page/page.js', ...forBrowsers },
};

/** What a package loads only where it is installed: it is not. */
const withoutOptionalPackages = {
  name: 'without-optional-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^supports-color$/ }, ({ path }) => ({ path, namespace: 'none' }));
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: '' }));
  },
};

const packages = new Set();
for (const [source, options] of Object.entries(bundles)) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    metafile: true,
    define: {
      'process.env.NODE_ENV': '"production"',
      // ws is quick enough without its native companions.
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
    plugins: [withoutOptionalPackages],
    logLevel: 'warning',
    ...options,
  });
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) packages.add(found[0].slice(0, -1));
  }
}

copyFileSync(join(root, 'cli/page/index.html'), join(root, 'build/cli/page/index.html'));

/** Where the licence of a package stands that comes without: one repository, one licence. */
const licenceOf = { 'node_modules/@xstate/inspect': 'node_modules/xstate' };

const notices = [...packages].sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const home = join(root, licenceOf[folder] ?? folder);
  const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} comes without its licence`);
  return `${name} ${version}\n\n${readFileSync(join(home, file), 'utf8').trim()}\n`;
});
const lead = 'The programs in this package contain parts of these:\n\n';
writeFileSync(
  join(root, 'build/LICENSES.txt'),
  lead + notices.join('\n' + '-'.repeat(72) + '\n\n'),
);
