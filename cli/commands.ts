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
  inspect: {
    summary: 'watch the processes of calls as they run, in a browser or a terminal',
    load: () => (require('./inspect/command') as typeof import('./inspect/command')).inspect,
  },
  replay: {
    summary: 'look through a recording in the same way',
    load: () => (require('./replay/command') as typeof import('./replay/command')).replay,
  },
  diagrams: {
    summary: 'draw the charts, and what they do together, in general or in a recorded run',
    load: () => (require('./diagrams/command') as typeof import('./diagrams/command')).diagrams,
  },
  run: {
    summary: 'make a call as prefork-interp does, with XState in charge',
    load: () => (require('./run/command') as typeof import('./run/command')).run,
  },
};
