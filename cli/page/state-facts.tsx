import type { VNode } from 'preact';
import type { StateLayout } from '../layout/types';
import type { Lane } from '../world/lanes';
import { statesOf } from '../world/timeline';
import { duration } from '../world/words';
import { StepFacts } from './tip';

/** What a state is for, how often the actor has been in it, and what led to it last. */
export function StateFacts({ state, lane }: { state: StateLayout; lane: Lane }): VNode {
  const { path, description, step, end, kind } = state;
  const stays = statesOf(lane.steps, lane.gone?.t).filter(({ what }) => what === path);
  const spent = stays.reduce((sum, { from, to = from }) => sum + to - from, 0);
  const entered = lane.steps.findLast((one) => one.path.includes(path));
  return (
    <>
      <h3>{path}</h3>
      <p>{description}</p>
      {step !== undefined && <p class="quote">“{step}”</p>}
      {end !== undefined && <p class="quote">{end}</p>}
      {kind !== 'group' && stays.length > 0 && (
        <p>
          {stays.length === 1 ? 'once' : `${stays.length} times`}, {duration(spent)} altogether
        </p>
      )}
      {entered !== undefined && (
        <>
          <p>
            entered by <code>{entered.event ?? 'start'}</code>
          </p>
          <StepFacts step={entered} />
        </>
      )}
    </>
  );
}
