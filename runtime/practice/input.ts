// A first use of standard input, which for scripts that others call is a pipe as a rule.

import { untilSet } from './trap';

/** `makeStdin` is what Node makes process.stdin by. */
export function practiseInput(makeStdin: () => unknown): void {
  const { Readable } = require('node:stream') as typeof import('node:stream');
  const stream = new Readable({ read() {} });
  stream.setEncoding('utf8');
  stream.on('data', () => {}).on('end', () => {});
  stream.push('text');
  stream.push(null);
  const { ReadStream } = require('node:fs') as typeof import('node:fs');
  // Node must not keep it. Here the descriptor is /dev/null, that is, a file.
  untilSet(ReadStream.prototype, '_readableState', makeStdin);
}
