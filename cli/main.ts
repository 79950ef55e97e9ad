#!/usr/bin/env node
import { run } from './command-line';

void run(process.argv.slice(2), process).then((status) => {
  process.exitCode = status;
});
