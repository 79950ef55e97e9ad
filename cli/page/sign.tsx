import type { VNode } from 'preact';

/** Drawn, because fonts differ in which of such signs they have. */
const shapes = {
  first: 'M3 3v10 M13 3 L6 8 L13 13 Z',
  back: 'M11 3 L5 8 L11 13 Z',
  on: 'M5 3 L11 8 L5 13 Z',
  play: 'M4 2 L14 8 L4 14 Z',
  pause: 'M4 3h2.5v10H4 Z M9.5 3H12v10H9.5 Z',
} as const;

export const Sign = ({ of }: { readonly of: keyof typeof shapes }): VNode => (
  <svg class={`sign ${of}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={shapes[of]} />
  </svg>
);
