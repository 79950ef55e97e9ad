// What this process has loaded, and what it asked for to get it, from Node's own records. Those of the
// loader for ES modules are out of reach of the program, but not of its debugger.

import type { Session } from 'node:inspector';
import Module = require('node:module');
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, openSession, propertiesOf, variableAround } from './inner-variables';

/** Something that was asked for: a specifier, and the folder of the file in which it stood. */
export interface ModuleRequest {
  readonly folder: string;
  readonly specifier: string;
  /** `import` names a file exactly; `require` also tries endings and folders. */
  readonly kind: 'import' | 'require';
}

export interface LoadedModules {
  /** Absolute paths. Some may be names that a program has given to code of its own making. */
  readonly files: readonly string[];
  /** Those among them that certainly were files when they were loaded. */
  readonly read: readonly string[];
  readonly requests: readonly ModuleRequest[];
}

/** Takes some ten milliseconds: run it where nobody waits. */
export function loadedModules(): LoadedModules {
  const session = openSession();
  const scripts = parsedScripts(session);
  const { urls, requests } = importedModules(session);
  session.disconnect();
  const required = Object.keys(require.cache).filter(isAbsolute);
  const imported = urls.flatMap((url) => toPath(url) ?? []);
  const parsed = scripts.flatMap((name) => toPath(name) ?? []);
  return {
    files: [...new Set([...required, ...imported, ...parsed])],
    read: [...new Set([...required.filter(fileTest()), ...imported])],
    requests: [...requests, ...requiredModules()],
  };
}

// A program may put modules of its own making among those required: mocks, or files in an archive. What
// Node has found itself has been a file; it does not record what a package's "exports" led to, but those
// are in a node_modules.
function fileTest(): (path: string) => boolean {
  const found = new Set(Object.values(pathCache()));
  const isMadeUp = /\.zip\/|\/__virtual__\//;
  return (path) => found.has(path) || (path.includes('/node_modules/') && !isMadeUp.test(path));
}

function pathCache(): Readonly<Record<string, string>> {
  return (Module as { _pathCache?: Readonly<Record<string, string>> })._pathCache ?? {};
}

/** What a file: URL or an absolute path names. */
function toPath(name: string): string | undefined {
  if (!name.startsWith('file:')) return isAbsolute(name) ? name : undefined;
  const url = new URL(name);
  url.search = url.hash = '';
  return fileURLToPath(url);
}

// Some name themselves by a comment (sourceURL): code from an eval, which may claim anything and then is
// watched for nothing, but also what Node makes of a TypeScript file.
function parsedScripts(session: Session): string[] {
  const names: string[] = [];
  session.on('Debugger.scriptParsed', ({ params: { url } }) => names.push(url));
  session.post('Debugger.enable');
  return names;
}

// The keys of this cache are a request and the folders in which it was looked for.
function requiredModules(): ModuleRequest[] {
  return Object.keys(pathCache()).map((key) => {
    const [specifier = '', folder = ''] = key.split('\0');
    return {
      specifier,
      folder: folder.replace(/\/node_modules$/, ''),
      kind: 'require',
    };
  });
}

interface Imports {
  readonly urls: readonly string[];
  readonly requests: readonly ModuleRequest[];
}

// By URL of the file: by specifier, to which its attributes are joined, what it stands for.
type Resolutions = readonly (readonly [string | null, Readonly<Record<string, unknown>>])[];

function importedModules(session: Session): Imports {
  const loader = variableAround(session, Reflect.get(Module, 'register'), 'cascadedLoader');
  if (loader === undefined) return { urls: [], requests: [] };
  const urls = ask(session, loader, 'return [...this.loadCache.keys()]') as readonly string[];
  const { privateProperties = [] } = propertiesOf(session, loader);
  const cache = privateProperties.find(({ name }) => name === '#resolveCache')?.value?.objectId;
  if (cache === undefined) return { urls, requests: [] };
  const resolutions = ask(session, cache, 'return [...this.entries()]') as Resolutions;
  const requests = resolutions.flatMap(([parent, specifiers]): ModuleRequest[] => {
    const file = parent === null ? undefined : toPath(parent);
    if (file === undefined) return [];
    return Object.keys(specifiers).map((key) => ({
      folder: file.slice(0, file.lastIndexOf('/')),
      specifier: key.slice(0, key.lastIndexOf('::')),
      kind: 'import',
    }));
  });
  return { urls, requests };
}
