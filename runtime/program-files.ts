// The files that the program consists of, as far as it has been loaded.

import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Absolute paths of everything that this process has read as code, and of the package.json files that said
 * how to read it. Takes some ten milliseconds: run it where nobody waits.
 */
export function programFiles(): string[] {
  const modules = new Set([...Object.keys(require.cache), ...parsedScripts()].filter(isAbsolute));
  const existing = [...modules].filter(exists);
  return [...existing, ...packageFiles(existing)];
}

// Node has no list of the ES modules that are loaded, but the debugger has one of all scripts. Some name
// themselves by a comment (sourceURL): code from an eval, which may claim anything, but also what Node makes
// of a TypeScript file.
function parsedScripts(): string[] {
  const paths: string[] = [];
  // Loaded here, where nobody waits for it.
  const { Session } = require('node:inspector') as typeof import('node:inspector');
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.startsWith('file:')) paths.push(fileURLToPath(stripQuery(url)));
    else paths.push(url);
  });
  session.post('Debugger.enable');
  session.disconnect();
  return paths;
}

function stripQuery(url: string): URL {
  const stripped = new URL(url);
  stripped.search = stripped.hash = '';
  return stripped;
}

// The nearest one above each file, which decides what kind of module that is.
function packageFiles(files: readonly string[]): string[] {
  const nearest = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (nearest.has(folder)) return nearest.get(folder);
    const file = join(folder, 'package.json');
    const found = exists(file)
      ? file
      : folder === parse(folder).root
        ? undefined
        : find(dirname(folder));
    nearest.set(folder, found);
    return found;
  };
  const found = new Set(files.map((file) => find(dirname(file))));
  return [...found].filter((file) => file !== undefined);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
