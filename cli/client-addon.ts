// The loader of the client for Node, and its face in types.

import type { CreateActor } from '../runtime/addon';

export interface ClientAddon {
  /**
   * Makes one call, as `prefork-interp` does with these words, and ends this process as that would. Comes
   * back only to throw: this Node cannot be forked.
   */
  run(words: readonly string[], createActor: CreateActor): never;
}

export function clientAddon(): ClientAddon {
  return require('../addon/client.node') as ClientAddon;
}
