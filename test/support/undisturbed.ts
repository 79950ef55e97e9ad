// What "as without prefork-interp" means: everything that a script can tell of its start.

import assert from 'node:assert/strict';
import { client, type Outcome, type RunOptions, type Sandbox } from './sandbox';

/** Prints what it was given and what it finds in its process; ends with status 3. */
export const introspectingScript = `
const { initialisationComplete } = require('prefork-interp');
const { readFileSync, readdirSync } = require('node:fs');
initialisationComplete();
const status = readFileSync('/proc/self/status', 'utf8');
const { _, ...environment } = process.env;
console.log(JSON.stringify({
  words: process.argv.slice(1),
  input: readFileSync(0, 'utf8'),
  environment,
  directory: process.cwd(),
  signals: status.match(/^Sig(Blk|Ign):.*$/gm),
  descriptors: readdirSync('/proc/self/fd'),
}));
console.error('a complaint');
process.exitCode = 3;
`;

export interface Attempt {
  readonly sandbox: Sandbox;
  readonly script: string;
  /** Options of the client before interpreter and script. */
  readonly clientOptions?: readonly string[];
  /** What is put before the command, as `prlimit --nofile=10` is. */
  readonly wrapper?: readonly string[];
  /** What is put before the client only, not before plain Node. */
  readonly clientWrapper?: readonly string[];
  readonly env?: RunOptions['env'];
}

export function runAttempt(
  { sandbox, wrapper = [], env }: Attempt,
  words: readonly string[],
  more: RunOptions['env'] = {},
): Promise<Outcome> {
  const [command = '', ...rest] = [...wrapper, ...words];
  return sandbox.run(command, rest, { input: 'some input', env: { ...env, ...more } });
}

/** The call's words after the client's own name. */
export function clientWords({ script, clientOptions = [] }: Attempt): string[] {
  return ['-U', ...clientOptions, process.execPath, script, 'one', '', 'two words'];
}

/**
 * Asserts that the call runs the script without a server, as Node alone would but for one line that says
 * why, and that it runs nothing where that is forbidden.
 */
export async function assertRunsWithout(attempt: Attempt, reason: RegExp): Promise<void> {
  const words = clientWords(attempt);
  const plain = await runAttempt(attempt, words.slice(words.indexOf(process.execPath)));
  assert.deepEqual([plain.code, plain.stderr], [3, 'a complaint\n']);

  const command = [...(attempt.clientWrapper ?? []), client, ...words];
  const without = await runAttempt(attempt, command);
  const [line = '', ...others] = without.stderr.split('\n');
  assert.match(line, /^prefork-interp: running the script without a server: ./);
  assert.match(line, reason);
  assert.deepEqual({ ...without, stderr: others.join('\n') }, plain);

  const strict = await runAttempt(attempt, command, { PREFORK_INTERP_STRICT: '1' });
  assert.match(strict.stderr, /^prefork-interp: .+\n$/);
  assert.match(strict.stderr, reason);
  assert.deepEqual({ ...strict, stderr: '' }, { stdout: '', stderr: '', code: 127, signal: null });
}
