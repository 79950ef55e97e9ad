// The note beside the pointer, or beside what has the focus.

import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Step } from '../world/types';

export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly content: ComponentChildren;
}

let show: (tip: Tip | undefined) => void = () => {};

/** What an element needs to have a note at the pointer. */
export const tipOn = (content: () => ComponentChildren) => {
  const follow = (event: PointerEvent): void =>
    show({ x: event.clientX + 14, y: event.clientY + 18, content: content() });
  return { onPointerEnter: follow, onPointerMove: follow, onPointerLeave: () => show(undefined) };
};

/** The same to the right of the element, where it hides nothing of a list. */
export const tipBeside = (content: () => ComponentChildren) => ({
  onPointerEnter: ({ currentTarget }: PointerEvent) => {
    if (!(currentTarget instanceof HTMLElement)) return;
    const { right, top } = currentTarget.getBoundingClientRect();
    show({ x: right + 8, y: top, content: content() });
  },
  onPointerLeave: () => show(undefined),
});

export function TipHost(): VNode | null {
  const [tip, setTip] = useState<Tip | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  show = setTip;
  useLayoutEffect(() => {
    if (box.current === null || tip === undefined) return;
    const { width, height } = box.current.getBoundingClientRect();
    const left = Math.min(tip.x, innerWidth - width - 8);
    const isTooLow = tip.y + height > innerHeight - 8;
    const top = isTooLow ? Math.min(tip.y - height - 30, innerHeight - height - 8) : tip.y;
    box.current.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  }, [tip]);
  return tip === undefined ? null : (
    <div class="tip" ref={box} role="tooltip">
      {tip.content}
    </div>
  );
}

/** What a step was decided by and came with. */
export function StepFacts({ step }: { readonly step: Step }): VNode {
  return (
    <dl class="facts">
      {step.guards.map(([name, answer]) => (
        <>
          <dt>{name}</dt>
          <dd class={answer ? 'yes' : 'no'}>{answer ? 'yes' : 'no'}</dd>
        </>
      ))}
      {Object.entries(step.data ?? {}).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd class="mono">{String(value)}</dd>
        </>
      ))}
      {step.actions.length > 0 && (
        <>
          <dt>does</dt>
          <dd class="mono">{step.actions.join(', ')}</dd>
        </>
      )}
      {step.lost !== undefined && (
        <>
          <dt class="warn">lost before it</dt>
          <dd class="warn">{step.lost} records</dd>
        </>
      )}
    </dl>
  );
}
