// The library's own voice in a script's process; see debug/index.ts.

import { join } from 'node:path';

/** Silent, and nothing is loaded, unless there is a variable DEBUG. */
export function libraryVoice(part: string): (form: string, ...values: unknown[]) => void {
  if (process.env['DEBUG'] === undefined) return () => undefined;
  const { voiceOf } = require('./debug.js') as typeof import('./debug/index');
  // Nothing that the script should see among its modules.
  Reflect.deleteProperty(require.cache, join(__dirname, 'debug.js'));
  return voiceOf(part);
}
