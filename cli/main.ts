#!/usr/bin/env node
import { run } from './command-line';
import { ourError } from './io';

// Who reads may have read enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.exitCode = ourError;
});

void run(process.argv.slice(2), process).then((status) => {
  process.exitCode = status;
});
