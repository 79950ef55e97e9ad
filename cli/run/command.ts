import { createActor } from '../../runtime/xstate/driver';
import { clientAddon } from '../client-addon';
import { CommandError, type Command } from '../io';

/**
 * `prefork run`: does what `prefork-interp` does with the same words, its help included, with client and watcher
 * under XState. Ends as the call ends.
 */
export const run: Command = {
  run(words) {
    try {
      return clientAddon().run(words, createActor);
    } catch (error) {
      throw new CommandError(`run: ${(error as Error).message}`);
    }
  },
};
