// What a script imports. Under plain Node a script without options loads this file and no other: hence
// the requires where they are needed.

import { resolve } from 'node:path';
import type { InitialisationOptions } from './options';

export type { InitialisationOptions } from './options';

const additionalFiles: string[] = [];

// At load, not at the call: what the environment variable names must not reach the setup's children, and
// the earlier the native side is in place, the less has happened behind its back.
const setup =
  process.env['PREFORK_INTERP'] === undefined
    ? undefined
    : (require('./setup') as typeof import('./setup')).beginSetup(process.env['PREFORK_INTERP']);

/**
 * Declares that the script is ready to do its work. Under `prefork-interp` this process becomes a server
 * here; the function returns in a fresh fork of it, once for each call, with that caller's standard
 * streams, environment and arguments. Under plain Node it returns at once.
 *
 * Call it once, at the top level of the script, when all imports are done and before any input is read.
 *
 * @throws TypeError if an option is wrong.
 * @throws Error with a `code` of ERR_PREFORK_…: called twice or in a Worker; a thread is running that would
 *   not survive the fork; this Node is not supported; the server could not be started.
 */
export function initialisationComplete(options?: InitialisationOptions): void {
  if (setup === undefined && options === undefined) return;
  const { checkOptions } = require('./options') as typeof import('./options');
  const checked = checkOptions(options ?? {});
  setup?.complete({
    ...checked,
    autoreloadExtra: [...checked.autoreloadExtra, ...additionalFiles].map((file) => resolve(file)),
  });
}

/**
 * Has the server start afresh when one of these files has changed, as `autoreloadExtra` does. Before
 * `initialisationComplete()`; relative names are so to the directory that is current now.
 *
 * @throws TypeError if a name is empty or not a string.
 */
export function autoreloadAlsoCheck(...paths: string[]): void {
  const { isPath } = require('./options') as typeof import('./options');
  const { wrongArgument } = require('./errors') as typeof import('./errors');
  for (const path of paths) {
    if (!isPath(path)) throw wrongArgument('A file name', 'a string that is not empty', path);
  }
  additionalFiles.push(...paths.map((path) => resolve(path)));
}
