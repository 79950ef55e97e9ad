// Standard streams of a process that is not yet a server: stdin is empty, stdout and stderr are the first
// caller's stderr. They keep nothing in the event loop, whose state every executor inherits.

import { writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** Neither data nor an end: those come with each call. */
export function setupInput(): Readable {
  const { Readable } = require('node:stream') as typeof import('node:stream');
  return Object.assign(new Readable({ read() {} }), { fd: 0, isTTY: false });
}

/** Writes at once, as a script that may be forked at any moment needs it. */
export function setupOutput(fd: number): Writable {
  const { Writable } = require('node:stream') as typeof import('node:stream');
  const { isatty } = require('node:tty') as typeof import('node:tty');
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, callback) {
      try {
        writeAll(fd, chunk);
        callback();
      } catch (error) {
        callback(error as Error);
      }
    },
  });
  return Object.assign(stream, { fd, ...(isatty(fd) ? { isTTY: true } : {}) });
}

function writeAll(fd: number, chunk: Buffer): void {
  for (let written = 0; written < chunk.length;) {
    try {
      written += writeSync(fd, chunk, written);
    } catch (error) {
      // Somebody who shares the pipe has made it non-blocking, and it is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
