import type { Process } from './types';

/** A copy that lives on by itself; the same one each time within a world. */
export const twin = (process: Process, twins: Map<Process, Process>): Process => {
  const known = twins.get(process);
  if (known !== undefined) return known;
  const actors = process.actors.map((actor) => ({ ...actor, steps: [...actor.steps] }));
  const copy = { ...process, actors };
  twins.set(process, copy);
  return copy;
};
