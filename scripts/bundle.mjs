// Makes one file of each part that is loaded as a whole: every file that is looked up and read costs a start
// its time, and so does its length; and whoever installs the package needs no other. Licences of what is built
// in stand beside it.
//
//   node scripts/bundle.mjs

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** Source and result of each. */
const bundles = {
  'runtime/index.ts': 'build/runtime/index.js',
  'runtime/background.ts': 'build/runtime/background.js',
  'runtime/xstate/driver.ts': 'build/runtime/xstate.js',
  'cli/main.ts': 'build/cli/main.js',
};

const packages = new Set();
for (const [source, outfile] of Object.entries(bundles)) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Other results, which are loaded where they are needed.
    external: ['*.node', './background', './xstate.js'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) packages.add(found[0].slice(0, -1));
  }
}

const notices = [...packages].sort().map((folder) => {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} comes without its licence`);
  return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
});
const lead = 'The programs in this package contain parts of these:\n\n';
writeFileSync(
  join(root, 'build/LICENSES.txt'),
  lead + notices.join('\n' + '-'.repeat(72) + '\n\n'),
);
