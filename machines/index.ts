import { attach } from './attach';
import type { Chart } from './chart';
import { client } from './client';
import { container } from './container';
import { control } from './control';
import { executor } from './executor';
import { feeder } from './feeder';
import { log } from './log';
import { monitor } from './monitor';
import { notify } from './notify';
import { oom } from './oom';
import { server } from './server';
import { standby } from './standby';
import { stream } from './stream';
import { terminal } from './terminal';
import { understudy } from './understudy';
import { viewer } from './viewer';
import { watcher } from './watcher';

/** Every chart of the system, in the order in which a first call brings them to life. */
export const charts: readonly Chart[] = [
  client,
  watcher,
  server,
  standby,
  monitor,
  understudy,
  executor,
];

/** The container monitor: one process, the first chart and the actors that it has beside it. */
export const containerCharts: readonly Chart[] = [
  container,
  log,
  notify,
  terminal,
  stream,
  control,
  attach,
  viewer,
  feeder,
  oom,
];

export { client, executor, monitor, server, standby, understudy, watcher };
export { causality } from './causality';
export { afterClientKilled, betweenCalls, duringService } from './moments';
export { holdings } from './holdings';
export { links } from './links';
export { processes } from './topology';
export { inherited, plumbing } from './plumbing';
