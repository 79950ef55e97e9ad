/**
 * The colours of all drawings: each is written as it is on a light page, and a style in the drawing
 * replaces it on a dark one. So a drawing is right in programs that know nothing of styles, too.
 */

interface Shade {
  readonly light: string;
  readonly dark: string;
}

const shades = {
  page: { light: '#ffffff', dark: '#0d1117' },
  text: { light: '#1b2430', dark: '#e6edf3' },
  muted: { light: '#57606a', dark: '#9da7b3' },
  line: { light: '#6e7781', dark: '#8b949e' },
  faint: { light: '#d0d7de', dark: '#30363d' },
  state: { light: '#eef4fb', dark: '#14243a' },
  stateLine: { light: '#5b86b8', dark: '#5b8fcf' },
  group: { light: '#f8fafc', dark: '#111922' },
  step: { light: '#1f5fa8', dark: '#79b8ff' },
  final: { light: '#e9f5ec', dark: '#12291a' },
  finalLine: { light: '#3f8f57', dark: '#4fae6c' },
  failure: { light: '#fdf0ee', dark: '#2d1513' },
  failureLine: { light: '#c4554a', dark: '#e0746a' },
  failureText: { light: '#a8322a', dark: '#ff9c92' },
  program: { light: '#e7f0fa', dark: '#12263e' },
  programLine: { light: '#7fa3cc', dark: '#4a78ad' },
  library: { light: '#e8f5ee', dark: '#10291c' },
  libraryLine: { light: '#7db598', dark: '#3f8560' },
  application: { light: '#fcf2dd', dark: '#33270f' },
  applicationLine: { light: '#cfa850', dark: '#a9822f' },
  kernel: { light: '#eceef1', dark: '#262c34' },
  kernelLine: { light: '#a3abb5', dark: '#6b7480' },
  descriptor: { light: '#1668b4', dark: '#6fb3ff' },
  exit: { light: '#7a55b5', dark: '#bda1f5' },
  signal: { light: '#c2332a', dark: '#ff8a80' },
} as const satisfies Readonly<Record<string, Shade>>;

type ShadeName = keyof typeof shades;

const lightOf = (name: ShadeName): string => shades[name].light;

/** The colours by their names, as they are on a light page. */
export const colours = Object.fromEntries(
  Object.keys(shades).map((name) => [name, lightOf(name as ShadeName)]),
) as Readonly<Record<ShadeName, string>>;

/** Rules that replace every colour by its dark counterpart where the reader prefers dark. */
export const darkStyle = (): string => {
  const rules = Object.values(shades).flatMap(({ light, dark }) => [
    `[fill="${light}"]{fill:${dark}}`,
    `[stroke="${light}"]{stroke:${dark}}`,
  ]);
  return `@media (prefers-color-scheme:dark){${rules.join('')}}`;
};
