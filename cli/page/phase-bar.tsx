import type { VNode } from 'preact';
import { phases } from '../../machines/phases';
import { duration } from '../world/words';
import { tipOn } from './tip';

interface Props {
  /** Places of phases, and microseconds. */
  readonly spans: readonly { readonly what: number; readonly length: number }[];
}

/** Where the time has gone, in one line. */
export function PhaseBar({ spans }: Props): VNode {
  const total = spans.reduce((sum, { length }) => sum + Math.max(0, length), 0);
  const shown = spans.filter(({ length }) => total > 0 && length / total > 0.004);
  return (
    <span
      class="phase-bar"
      {...tipOn(() => (
        <dl class="facts phases">
          {spans
            .filter(({ length }) => length > 0)
            .map(({ what, length }, index) => (
              <>
                <dt key={index}>
                  <i class={`swatch phase-${phases[what]?.name ?? ''}`} />
                  {phases[what]?.name}
                </dt>
                <dd>{duration(length)}</dd>
              </>
            ))}
        </dl>
      ))}
    >
      {shown.map(({ what, length }, index) => (
        <i
          key={index}
          class={`phase-${phases[what]?.name ?? ''}`}
          style={{ flexGrow: length / total }}
        />
      ))}
    </span>
  );
}
