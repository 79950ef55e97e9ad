import type { Actor, Process } from './types';

/** A copy that lives on by itself; the same one each time within a world. */
export const twin = (process: Process, twins: Map<Process, Process>): Process => {
  const known = twins.get(process);
  if (known !== undefined) return known;
  const copyOf = (actor: Actor): Actor => ({ ...actor, steps: [...actor.steps] });
  const copy = {
    ...process,
    actors: process.actors.map(copyOf),
    beside: process.beside.map(copyOf),
  };
  twins.set(process, copy);
  return copy;
};
