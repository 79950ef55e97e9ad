// Which files and names Node looks at for a request. Where nothing is at a name, something may come: a
// file beside a folder of the same name, a nearer node_modules, a nearer package.json.

import { readFileSync, statSync } from 'node:fs';
import Module = require('node:module');
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModuleRequest } from './loaded-modules';

/** Absolute paths, of files, folders and of nothing, in the order in which Node looks at them. */
export function namesLookedAt({ folder, specifier, kind }: ModuleRequest): string[] {
  if (Module.isBuiltin(specifier) || specifier.startsWith('#')) return [];
  if (specifier.startsWith('file:')) return [fileURLToPath(withoutQuery(new URL(specifier)))];
  const isPath = /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
  if (!isPath) return /^[a-z][a-z+.-]+:/.test(specifier) ? [] : inPackages(folder, specifier, kind);
  const path = resolve(folder, kind === 'import' ? withoutQuery(specifier) : specifier);
  return kind === 'import' ? [path] : asFileOrFolder(path);
}

/** The package.json that says what kind of module a file is, and where a nearer one could be. */
export function packageScope(file: string): string[] {
  const names: string[] = [];
  for (const folder of foldersUpFrom(dirname(file))) {
    if (folder.endsWith('/node_modules')) break;
    const description = join(folder, 'package.json');
    names.push(description);
    if (isFile(description)) break;
  }
  return names;
}

function withoutQuery<T extends string | URL>(name: T): T {
  if (typeof name === 'string') return decodeURIComponent(name.replace(/[?#].*/, '')) as T;
  name.search = name.hash = '';
  return name;
}

function inPackages(folder: string, specifier: string, kind: ModuleRequest['kind']): string[] {
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const places = [...foldersUpFrom(folder)].map((above) => join(above, 'node_modules'));
  const { globalPaths = [] } = Module as { globalPaths?: readonly string[] };
  const names: string[] = [];
  for (const place of kind === 'require' ? [...places, ...globalPaths] : places) {
    if (!isFolder(place)) {
      names.push(place);
      continue;
    }
    const home = join(place, name);
    names.push(home, join(home, 'package.json'));
    const looked = kind === 'require' ? asFileOrFolder(join(place, specifier)) : [];
    names.push(...looked);
    if (isFile(join(home, 'package.json')) || looked.some(isFile)) break;
  }
  return names;
}

function asFileOrFolder(path: string): string[] {
  const names = upToFile([path, ...withEndings(path)]);
  if (isFile(names.at(-1)) || !isFolder(path)) return names;
  names.push(join(path, 'package.json'));
  const main = mainOf(path);
  const index = withEndings(join(path, 'index'));
  if (main === undefined) return [...names, ...upToFile(index)];
  const target = resolve(path, main);
  const fallback = withEndings(join(target, 'index'));
  return [...names, ...upToFile([target, ...withEndings(target), ...fallback, ...index])];
}

/** What comes after the first file that is there is not looked at. */
function upToFile(names: readonly string[]): string[] {
  const found = names.findIndex(isFile);
  return names.slice(0, found === -1 ? names.length : found + 1);
}

function withEndings(path: string): string[] {
  return Object.keys(require.extensions).map((ending) => path + ending);
}

function mainOf(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const { main } = JSON.parse(text) as { main?: unknown };
    return typeof main === 'string' ? main : undefined;
  } catch {
    return undefined;
  }
}

function* foldersUpFrom(folder: string): Generator<string> {
  if (!isAbsolute(folder)) return;
  yield folder;
  if (dirname(folder) !== folder) yield* foldersUpFrom(dirname(folder));
}

export function isFile(path: string | undefined): boolean {
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
