// Looks where Node looked for a module. Where nothing is at a name, something may come: a file beside a
// folder of the same name, a nearer node_modules, a nearer package.json.

import { readFileSync } from 'node:fs';
import Module = require('node:module');
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModuleRequest } from './loaded-modules';
import type { Sightings } from './sightings';

/** At each name that Node looks at for this request, up to the one that it takes. */
export function lookFor(request: ModuleRequest, sightings: Sightings): void {
  const { folder, specifier, kind } = request;
  const namesFolder = /(^|\/)\.{0,2}$/.test(specifier);
  if (Module.isBuiltin(specifier) || specifier.startsWith('#')) return;
  if (specifier.startsWith('file:')) {
    sightings.remember(fileURLToPath(new URL(specifier.replace(/[?#].*/, ''))));
  } else if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
    // A file URL's or an import's is one file, and Node records only those that it has found.
    if (kind === 'import') {
      sightings.remember(resolve(folder, decodeURIComponent(specifier.replace(/[?#].*/, ''))));
    } else if (!lookAsFileOrFolder(resolve(folder, specifier), sightings, namesFolder)) {
      sightings.remember(resolve(folder, specifier));
    }
  } else if (!/^[a-z][a-z+.-]+:/.test(specifier)) {
    lookInPackages(request, sightings);
  }
}

/** At the package.json that says what kind of module a file is, and where a nearer one could be. */
export function lookForScope(file: string, sightings: Sightings): void {
  for (const folder of foldersUpFrom(dirname(file))) {
    if (folder.endsWith('/node_modules')) return;
    if (sightings.isFile(join(folder, 'package.json'))) return;
  }
}

function lookInPackages(request: ModuleRequest, sightings: Sightings): void {
  const { folder, specifier, kind } = request;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const places = [...foldersUpFrom(folder)].map((above) => join(above, 'node_modules'));
  const { globalPaths = [] } = Module as { globalPaths?: readonly string[] };
  for (const place of kind === 'require' ? [...places, ...globalPaths] : places) {
    if (!sightings.isFolder(place)) continue;
    sightings.look(join(place, name));
    const isDescribed = sightings.isFile(join(place, name, 'package.json'));
    const isFound =
      kind === 'import'
        ? sightings.isFolder(join(place, name))
        : lookAsFileOrFolder(join(place, specifier), sightings);
    if (isDescribed || isFound) return;
  }
}

/** Answers whether it found anything. */
function lookAsFileOrFolder(path: string, sightings: Sightings, namesFolder = false): boolean {
  const isFile = (name: string): boolean => sightings.isFile(name);
  if (!namesFolder && [path, ...withEndings(path)].some(isFile)) return true;
  if (!sightings.isFolder(path)) return false;
  const index = withEndings(join(path, 'index'));
  const main = sightings.isFile(join(path, 'package.json')) ? mainOf(path) : undefined;
  if (main === undefined) return index.some(isFile);
  const target = resolve(path, main);
  const inTarget = withEndings(join(target, 'index'));
  return [target, ...withEndings(target), ...inTarget, ...index].some(isFile);
}

function withEndings(path: string): string[] {
  const { _extensions: endings = {} } = Module as {
    _extensions?: Readonly<Record<string, unknown>>;
  };
  return Object.keys(endings).map((ending) => path + ending);
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
