// The files that the program consists of, as far as it has been loaded.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { loadedModules } from './loaded-modules';
import type { ModuleRequest } from './loaded-modules';
import { isFile, namesLookedAt, packageScope } from './resolution';

/**
 * Absolute paths of everything that this process has read as code, of what said how to read it and where
 * to find it, and of names at which it found nothing but would have taken what it found. Takes some ten
 * milliseconds: run it where nobody waits. Behind a `-` there are files that have been read and are gone.
 */
export function programFiles(): string[] {
  const { files, read, requests } = loadedModules();
  const modules = files.filter(isFile);
  const asked = distinct([...requests, ...modules.flatMap(packagesRequired)]);
  return [
    ...new Set([
      ...files,
      ...modules.flatMap(packageScope),
      ...asked.flatMap(namesLookedAt),
      ...interpreter(),
      ...mappedFiles(),
    ]),
    ...read.filter((file) => !existsSync(file)).map((file) => `-${file}`),
  ];
}

// Node does not record every search for a package: not one that ended at a module already loaded. What
// is found here but was never asked for costs no more than a needless look.
function packagesRequired(file: string): ModuleRequest[] {
  if (!/\.c?[jt]s$/.test(file)) return [];
  const calls = readFileSync(file, 'utf8').matchAll(/\brequire\(\s*(['"`])([^'"`\s.][^'"`\s]*)\1/g);
  return [...calls].map(([, , specifier = '']) => ({
    folder: dirname(file),
    specifier,
    kind: 'require',
  }));
}

function distinct(requests: readonly ModuleRequest[]): ModuleRequest[] {
  const byKey = new Map(requests.map((request) => [Object.values(request).join('\0'), request]));
  return [...byKey.values()];
}

// The name under which it was called may be a link, and another may come before it on the path.
function interpreter(): string[] {
  const name = process.argv0;
  if (name.includes('/')) return [process.execPath, resolve(name)];
  const names = (process.env['PATH'] ?? '').split(delimiter).map((folder) => resolve(folder, name));
  const found = names.findIndex(leadsToInterpreter);
  return [process.execPath, ...names.slice(0, found + 1)];
}

function leadsToInterpreter(path: string): boolean {
  try {
    return realpathSync(path) === realpathSync(process.execPath);
  } catch {
    return false;
  }
}

/** Shared libraries and addons. */
function mappedFiles(): string[] {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  const names = lines.map((line) => /^(?:\S+\s+){5}(\/.*?)( \(deleted\))?$/.exec(line)?.[1]);
  return [...new Set(names)]
    .filter((name) => name !== undefined)
    .filter((name) => !/^\/(dev|memfd|SYSV|anon_hugepage)/.test(name))
    .map((name) => join(name.replace(/\\012/g, '\n')));
}
