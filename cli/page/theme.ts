import { useEffect, useState } from 'preact/hooks';

/** As the system has it, unless the reader has chosen. */
export type Theme = 'system' | 'light' | 'dark';

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const place = 'prefork-theme';

export function useTheme(): { readonly theme: Theme; readonly turn: () => void } {
  const [theme, setTheme] = useState<Theme>(() => {
    const stored = localStorage.getItem(place);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  });
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(place, theme);
  }, [theme]);
  return { theme, turn: () => setTheme((old) => next[old]) };
}
