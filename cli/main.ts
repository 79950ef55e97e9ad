#!/usr/bin/env node
import { run } from './command-line';
import { ourError, type Io } from './io';

// Not before it is needed: to make it changes the flags of a pipe, which a call would take for its caller's.
let stdout: NodeJS.WritableStream | undefined;
const io: Io = {
  get stdout() {
    // Who reads may have read enough.
    stdout ??= process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') process.exitCode = ourError;
    });
    return stdout;
  },
  get stderr() {
    return process.stderr;
  },
};

void run(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
});
