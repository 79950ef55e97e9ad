/** Whether the script has hooks that are told of each resource: they would take a rehearsal for the script's work. */
export function hasHooks(): boolean {
  const { AsyncResource } = require('node:async_hooks') as typeof import('node:async_hooks');
  try {
    // A resource must have a type, but Node asks for it only where there is somebody to be told of it.
    new AsyncResource('');
    return false;
  } catch {
    return true;
  }
}
