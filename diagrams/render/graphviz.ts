/** Graphviz, as WebAssembly: positions for what a DOT text describes. Runs in Node and in browsers. */

import { finishSvg } from './svg';

const load = async () => (await import('@viz-js/viz')).instance();

let loaded: ReturnType<typeof load> | undefined;

/** The drawing of a DOT text, readable on light and dark pages. */
export const drawDot = async (dot: string): Promise<string> => {
  const viz = await (loaded ??= load());
  return finishSvg(viz.renderString(dot, { format: 'svg', engine: 'dot' }));
};
