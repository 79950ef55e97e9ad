import { createActor } from '../../runtime/xstate/driver';
import { clientAddon } from '../client-addon';
import { CommandError, type Command } from '../io';

/** `prefork run`: the client and the watcher under XState; ends as the call ends. */
export const run: Command = {
  help: `usage: prefork run [OPTION ...] INTERPRETER [SCRIPT [WORD ...]]

Does what prefork-interp does with the same words, with XState in the place of the compiled charts:
client and watcher are Node processes then. PREFORK_INTERP_ENGINE=xstate has prefork-interp do this,
and has XState run server, monitor and executor as well.

  prefork run -U node greet World
  PREFORK_INTERP_ENGINE=xstate DEBUG=prefork:* ./greet World`,

  run(words) {
    try {
      return clientAddon().run(words, createActor);
    } catch (error) {
      throw new CommandError(`run: ${(error as Error).message}`);
    }
  },
};
