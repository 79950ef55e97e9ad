// What nearly every call needs of Node and no setup has used: loaded and run once in the server, so that
// it is compiled, and its pages shared, when the calls come.

import { hasHooks } from './practice/hooks';
import { practiseInput } from './practice/input';
import { practiseExit, practiseTimers } from './practice/later';
import type { Originals } from './practice/originals';
import { practiseOutput } from './practice/output';
import { practiseTicks, withTicksHeld } from './practice/ticks';
import { attempt } from './practice/trap';

type Getter = (() => unknown) | undefined;

/** What Node makes its standard streams by. */
export interface StreamGetters {
  readonly stdin: Getter;
  readonly stdout: Getter;
  readonly stderr: Getter;
}

/** Leaves nothing behind that anybody could see: no active handle, no tick, no listener. `pipe` is a writing end. */
export function warmUp(pipe: number, getters: StreamGetters, originals: Originals): void {
  if (hasHooks()) return;
  require('node:tty');
  attempt(() => withTicksHeld(() => practiseInput(() => getters.stdin?.call(process))));
  practise(pipe, getters, originals);
  attempt(() => practiseTicks(getters.stdout));
}

/** What of it takes memory of its own, and is practised again in each process that waits for its call. */
export function practise(
  pipe: number,
  { stdout, stderr }: StreamGetters,
  originals: Originals,
): void {
  if (hasHooks()) return;
  const by = (getter: Getter) => (): unknown => getter?.call(process);
  attempt(() => withTicksHeld(() => practiseOutput(pipe, by(stdout), by(stderr))));
  attempt(() => practiseTimers(originals));
  attempt(() => practiseExit(originals));
}
