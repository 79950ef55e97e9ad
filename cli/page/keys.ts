import { useLayoutEffect } from 'preact/hooks';

/** What the page does for a key, by its name as `KeyboardEvent.key` has it. */
export type Keys = Readonly<Record<string, () => void>>;

/** Hears keys wherever they are struck, but not those that a field for text or a slider needs itself. */
export function useKeys(keys: Keys): void {
  // At once: the next key may be struck before the browser has painted.
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isInField =
        event.target instanceof HTMLElement && event.target.matches('input, select');
      if (isInField && event.key !== 'Escape') return;
      // A focused button is pressed with it.
      if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
      const act = keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  });
}
