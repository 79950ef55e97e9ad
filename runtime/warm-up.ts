// What nearly every call needs of Node and no setup has used: loaded and run once in the server, so that
// it is compiled, and its pages shared, when the calls come.

import type { Console as ConsoleClass } from 'node:console';

/** Leaves nothing behind: no handle, no tick, no listener, and nothing that the script could see. */
export function warmUp(): void {
  // The streams of descriptors 0, 1 and 2 are made of these.
  require('node:net');
  require('node:tty');
  const { Console } = require('node:console') as { Console: typeof ConsoleClass };
  // All that a console uses of a stream. A real one would keep a tick for every write.
  const sink = {
    write: () => true,
    on: () => sink,
    once: () => sink,
    removeListener: () => sink,
    listenerCount: () => 0,
  };
  const practice = new Console(sink as unknown as NodeJS.WritableStream);
  for (let round = 0; round < rounds; ++round) {
    practice.log('%s', 'text', round, { key: [round] });
    practice.error('text');
  }
}

// Enough for the parser's lazy work; more would have V8 compile for speed, which takes longer.
const rounds = 3;
