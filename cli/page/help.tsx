import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { phases } from '../../machines/phases';
import type { Hello } from '../world/messages';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['← →', 'a step back, a step on'],
  ['Home End', 'the first step; how it stands now'],
  ['space', 'play the steps of the call'],
  ['[ ]', 'the actor before, the next one'],
  ['1 … 6', 'that actor'],
  ['f', 'follow the latest call'],
  ['/', 'filter'],
  ['t', 'colours: as the system has it, light, dark'],
  ['?', 'this page'],
];

export function Help({ mode, onClose }: { mode: Hello['mode']; onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const all = mode === 'replay' ? [...keys, ['p', 'play the recording'] as const] : keys;
  return (
    <dialog ref={dialog} class="help" onClose={onClose} onClick={() => dialog.current?.close()}>
      <h2>Keys</h2>
      <dl>
        {all.map(([key, what]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <h2>Where the time of a call goes</h2>
      <dl>
        {phases.map(({ name, description }) => (
          <>
            <dt>
              <i class={`swatch phase-${name}`} /> {name}
            </dt>
            <dd>{description}</dd>
          </>
        ))}
      </dl>
      <p>
        Turn the wheel over the time line or a chart to zoom, drag a chart to move it. Pointing at a
        state, a line, a segment or a step shows the guards’ answers and what came with the event.
      </p>
    </dialog>
  );
}
