import type { Chart } from './chart';
import { client } from './client';
import { executor } from './executor';
import { monitor } from './monitor';
import { server } from './server';
import { watcher } from './watcher';

/** Every chart of the system, in the order in which a first call brings them to life. */
export const charts: readonly Chart[] = [client, watcher, server, monitor, executor];

export { client, executor, monitor, server, watcher };
export { causality } from './causality';
export { afterClientKilled, duringService } from './moments';
export { holdings, links, processes } from './topology';
export { inherited, plumbing } from './plumbing';
