// The files that the program consists of, as far as it has been loaded.

import { readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { loadedModules } from './loaded-modules';
import type { ModuleRequest } from './loaded-modules';
import { lookFor, lookForScope } from './resolution';
import { Sightings } from './sightings';

/**
 * Absolute paths of everything that this process has read as code, of what said how to read it and where
 * to find it, all behind a `+`; and behind a `-`, names at which it found nothing but would have taken
 * what it found. Takes some ten milliseconds: run it where nobody waits.
 */
export function programFiles(): string[] {
  const sightings = new Sightings();
  const { files, read, requests } = loadedModules();
  for (const file of read) sightings.remember(file);
  const modules = files.filter((file) => sightings.isFile(file));
  for (const file of modules) lookForScope(file, sightings);
  for (const request of distinct([...requests, ...modules.flatMap(packagesRequired)])) {
    lookFor(request, sightings);
  }
  lookForInterpreter(sightings);
  for (const file of mappedFiles()) sightings.look(file);
  return sightings.list();
}

// Node does not record every search for a package: not one that ended at a module already loaded. What
// is found here but was never asked for costs no more than a needless look.
function packagesRequired(file: string): ModuleRequest[] {
  const calls = sourceOf(file).matchAll(/\brequire\(\s*(['"`])([^'"`\s.][^'"`\s]*)\1/g);
  return [...calls].map(([, , specifier = '']) => ({
    folder: dirname(file),
    specifier,
    kind: 'require',
  }));
}

function sourceOf(file: string): string {
  if (!/\.c?[jt]s$/.test(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has gone meanwhile, which is for others to notice
  }
}

function distinct(requests: readonly ModuleRequest[]): ModuleRequest[] {
  const byKey = new Map(requests.map((request) => [Object.values(request).join('\0'), request]));
  return [...byKey.values()];
}

// The name under which it was called may be a link, and another may come before it on the path.
function lookForInterpreter(sightings: Sightings): void {
  const name = process.argv0;
  sightings.remember(process.execPath);
  if (name.includes('/')) {
    sightings.look(resolve(name));
    return;
  }
  const names = (process.env['PATH'] ?? '').split(delimiter).map((folder) => resolve(folder, name));
  const found = names.findIndex(leadsToInterpreter);
  for (const before of names.slice(0, found + 1)) sightings.look(before);
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
    .map((name) => name.replaceAll('\\012', '\n'));
}
