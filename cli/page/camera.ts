// Which part of a chart is in view: it follows the lit state until the reader takes hold of it.

import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { ChartLayout, StateLayout } from '../layout/types';

/** Of the chart: the scale, and where its origin is on the screen. */
interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Below this a state's name cannot be read; above it there is nothing to gain. */
const readable = 0.82;
const largest = 1.12;
const margin = 18;

export function useCamera(
  frame: RefObject<SVGSVGElement | null>,
  chart: ChartLayout,
  lit: StateLayout | undefined,
) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [free, setFree] = useState<View | 'whole' | undefined>(undefined);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize(entry.contentRect);
    });
    if (frame.current !== null) watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);

  const whole = Math.min(
    (size.width - 2 * margin) / chart.width,
    (size.height - 2 * margin) / chart.height,
    largest,
  );
  const view =
    free === 'whole'
      ? following(chart, size, whole, undefined)
      : (free ?? following(chart, size, Math.max(whole, readable), lit));
  const zoom = (x: number, y: number, factor: number): void => {
    const scale = Math.min(Math.max(view.scale * factor, whole / 2), 4);
    const grown = scale / view.scale;
    setFree({ scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown });
  };
  const fit = (): void => setFree('whole');
  return {
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    isFree: free !== undefined,
    follow: () => setFree(undefined),
    fit,
    handlers: {
      onWheel: (event: WheelEvent) => {
        event.preventDefault();
        zoom(event.offsetX, event.offsetY, event.deltaY > 0 ? 0.87 : 1.15);
      },
      onPointerDown: (event: PointerEvent) => frame.current?.setPointerCapture(event.pointerId),
      onPointerMove: (event: PointerEvent) => {
        if (event.buttons === 0) return;
        const { scale, x, y } = view;
        setFree({ scale, x: x + event.movementX, y: y + event.movementY });
      },
      onDblClick: fit,
    },
  };
}

/** In the middle where there is room, otherwise with the lit state as near to it as may be. */
function following(
  chart: ChartLayout,
  size: { readonly width: number; readonly height: number },
  scale: number,
  lit: StateLayout | undefined,
): View {
  const along = (room: number, length: number, at: number): number => {
    const drawn = length * scale;
    if (drawn + 2 * margin <= room) return (room - drawn) / 2;
    return Math.min(margin, Math.max(room - margin - drawn, room / 2 - at * scale));
  };
  return {
    scale,
    x: along(size.width, chart.width, lit === undefined ? 0 : lit.x + lit.width / 2),
    y: along(size.height, chart.height, lit === undefined ? 0 : lit.y + lit.height / 2),
  };
}
