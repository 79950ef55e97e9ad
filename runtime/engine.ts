// Which engine runs the charts: the native one, or XState where PREFORK_INTERP_ENGINE asks for it.

import { forgetModule, type ServeOptions } from './addon';

type Engine = Pick<ServeOptions, 'createActor'>;

/** Loads XState only if it is to run the charts: a file of its own, which no other first call pays for. */
export function chosenEngine(): Engine {
  if (process.env['PREFORK_INTERP_ENGINE'] !== 'xstate') return {};
  const { createActor } = require('./xstate.js') as Required<Engine>;
  forgetModule(require.resolve('./xstate.js'));
  return { createActor };
}
