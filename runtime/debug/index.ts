// What the parts of this package say of themselves where DEBUG=prefork:* asks for it.

import createDebug from 'debug';
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { format } from 'node:util';

// Straight to the descriptor: in a script's process, to make process.stderr is the script's own business.
const options = (createDebug as unknown as { inspectOpts: { colors?: boolean } }).inspectOpts;
options.colors ??= isatty(2);
createDebug.log = (...parts: unknown[]) => {
  try {
    writeSync(2, `${format(...parts)}\n`);
  } catch {
    // nobody to tell
  }
};

/** The voice of one part; what it says has the namespace `prefork:<part>`. */
export function voiceOf(part: string): (form: string, ...values: unknown[]) => void {
  return createDebug(`prefork:${part}`);
}
