// The subcommands by name. Each is loaded when it is asked for.

import type { Command } from './io';

interface Entry {
  /** One line of the list that `prefork --help` shows. */
  readonly summary: string;
  load(): Command;
}

export const commands: Readonly<Record<string, Entry>> = {
  check: {
    summary: 'prove that a recording is what the charts do',
    load: () => (require('./check/command') as typeof import('./check/command')).check,
  },
  run: {
    summary: 'make a call as prefork-interp does, with XState in charge',
    load: () => (require('./run/command') as typeof import('./run/command')).run,
  },
};
