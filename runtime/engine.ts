// Which engine runs the charts: the native one, or XState where PREFORK_INTERP_ENGINE asks for it.

import { join } from 'node:path';
import type { ServeOptions } from './addon';

type Engine = Pick<ServeOptions, 'createActor'>;

/** Loads XState only if it is to run the charts: a file of its own, which no other first call pays for. */
export function chosenEngine(): Engine {
  if (process.env['PREFORK_INTERP_ENGINE'] !== 'xstate') return {};
  const { createActor } = require('./xstate.js') as Required<Engine>;
  // Nothing that the script should see among its modules.
  Reflect.deleteProperty(require.cache, join(__dirname, 'xstate.js'));
  return { createActor };
}
