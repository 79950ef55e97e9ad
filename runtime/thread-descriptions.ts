// Words for threads that stand in the way of a fork. Loaded only when there are any.

import { url } from 'node:inspector';
import { nodeOptions } from './node-options';
import type { ThreadOrigin } from './thread-origins';

const inspectorThread = 'InspectorIo';

export function describeOrigin({ kind, creation }: ThreadOrigin): string {
  const what = kind === 'Worker' ? 'a Worker' : 'the thread of a module.register() loader';
  const frames = String(creation.stack).match(/^ +at .+$/gm) ?? [];
  const culprit = frames.find((frame) => !frame.includes('node:'))?.trim();
  return culprit === undefined ? what : `${what}, started ${culprit}`;
}

/** Threads that nobody has seen start, by their names, which before Node 24 are all the same. */
export function describeUnknown(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const address = url();
  let others = names.filter((name) => name !== inspectorThread);
  const isInspected = address !== undefined || others.length < names.length;
  if (isInspected && others.length === names.length) others = others.slice(1);
  const suspects = earlySuspects();
  return [
    ...(isInspected ? [`the inspector (${address ?? 'ending'})`] : []),
    ...others.map((name, index) => {
      if (name === 'v8:ProfEvntProc') return 'a CPU profile';
      return suspects[Math.min(index, suspects.length - 1)] ?? `'${name}', an addon's probably`;
    }),
  ];
}

// What can have started a thread before this library was loaded.
function earlySuspects(): readonly string[] {
  const suspects: string[] = [];
  if (hasLoaded('internal/modules/esm/hooks')) {
    const preloaded =
      nodeOptions().match(/--(import|require|(experimental-)?loader)[ =]\S+/g) ?? [];
    const suspected = preloaded.length === 0 ? '' : ` (${preloaded.join(' ')})`;
    suspects.push(`the thread of a module.register() loader${suspected}`);
  }
  if (Object.keys(require.cache).some((file) => file.endsWith('/esbuild/lib/main.js'))) {
    suspects.push("a Worker, esbuild's probably, which ESBUILD_WORKER_THREADS=0 prevents");
  } else if (suspects.length === 0 && hasLoaded('internal/worker')) {
    suspects.push('a Worker, it seems, started before this library was loaded');
  }
  return suspects;
}

function hasLoaded(name: string): boolean {
  const { moduleLoadList } = process as NodeJS.Process & { moduleLoadList?: readonly string[] };
  return moduleLoadList?.includes(`NativeModule ${name}`) === true;
}
