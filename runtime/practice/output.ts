// A first console.log, and the streams that it needs.

import type { Console as ConsoleClass } from 'node:console';
import { untilSet } from './trap';

/** `pipe` is a writing end; the getters are what Node makes process.stdout and process.stderr by. */
export function practiseOutput(
  pipe: number,
  makeStdout: () => unknown,
  makeStderr: () => unknown,
): void {
  print(pipeStream(pipe));
  print(discarded(makeStdout));
  discarded(makeStderr);
}

function print(stream: NodeJS.WritableStream): void {
  const { Console } = require('node:console') as { Console: typeof ConsoleClass };
  const practice = new Console(stream);
  // Once: enough for the parser's lazy work. More would have V8 compile for speed, which takes longer.
  practice.log('%s', 'text', 0, { key: [0] });
  practice.error('text');
}

// Made as Node makes process.stdout. Its descriptor is closed behind its back: a handle that is closed in the
// proper way would wait for the event loop's next turn, and so for each call's.
function pipeStream(fd: number): NodeJS.WritableStream {
  const { Socket } = require('node:net') as typeof import('node:net');
  return new Socket({ fd, readable: false, writable: true }).unref();
}

// As Node makes its streams, but Node must not keep it: a call's descriptor is another one. So this fails
// when the stream is made and only has to be named. Here the descriptor is /dev/null, that is, a file.
function discarded(make: () => unknown): NodeJS.WritableStream {
  const { Writable } = require('node:stream') as typeof import('node:stream');
  const made = untilSet(Writable.prototype, '_type', make);
  if (made === undefined) throw new Error('this Node makes its streams in another way');
  return made as NodeJS.WritableStream;
}
