// Which folder may import which, and why the others may not.

import { dirname, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** By folder, longest name first: what it may import besides itself, and the reason. */
const layers = [
  {
    folder: 'native/render',
    may: ['machines'],
    why: 'tables are rendered from the charts’ model and from nothing else',
  },
  {
    folder: 'machines',
    may: [],
    packages: [],
    why: 'charts are data: whatever they depended on could decide in their place',
  },
  {
    folder: 'runtime/trace',
    may: ['runtime', 'machines'],
    packages: ['node:', 'xstate'],
    why: 'records are read and proved with XState alone, by whatever tool',
  },
  {
    folder: 'runtime/debug',
    may: [],
    packages: ['debug', 'node:'],
    why: 'nobody loads it who has not asked to hear of anything',
  },
  {
    folder: 'runtime/xstate',
    may: ['runtime', 'machines'],
    packages: ['xstate'],
    why: 'it is the engine that nobody loads who has not asked for it',
  },
  {
    folder: 'runtime',
    may: ['machines'],
    packages: ['node:'],
    addons: true,
    why: 'a script loads it, and no script should have to load tools, tests or other packages',
  },
  {
    folder: 'diagrams',
    may: ['machines', 'runtime/trace'],
    why: 'a diagram shows what the charts or a recorded run say, and nothing else',
  },
  {
    folder: 'cli',
    may: ['runtime', 'machines', 'diagrams'],
    addons: true,
    why: 'a tool is built on what scripts themselves can use',
  },
];

const isWithin = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/** Why `file` must not import `source`; undefined if it may. Both files are relative to the root. */
export function objectionTo(file, source) {
  const layer = layers.find(({ folder }) => isWithin(file, folder));
  if (layer === undefined) return undefined;
  if (!source.startsWith('.')) {
    const isAllowed = layer.packages?.some((name) => source.startsWith(name)) ?? true;
    return isAllowed ? undefined : `${layer.folder} must not import packages: ${layer.why}`;
  }
  if (layer.addons && source.endsWith('.node')) return undefined;
  const target = relative(root, resolve(root, dirname(file), source));
  if ([layer.folder, ...layer.may].some((folder) => isWithin(target, folder))) return undefined;
  return `${layer.folder} must not import ${target}: ${layer.why}`;
}

export const oneWayImports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(root, context.filename);
    const check = (node) => {
      if (typeof node?.value !== 'string') return;
      const message = objectionTo(file, node.value);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source }) => check(source),
      TSExternalModuleReference: ({ expression }) => check(expression),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
    };
  },
};
