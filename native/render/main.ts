import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChartError } from '../../machines/chart-error';
import { charts, containerCharts } from '../../machines/index';
import { modelOf } from '../../machines/model';
import { renderBecomes, renderTables } from './tables';

/** Beside this program's own compiled form: `build/generated/charts`. */
const folder = join(__dirname, '..', '..', 'generated', 'charts');

/** Name and text of each header. */
const headers = (): ReadonlyMap<string, string> => {
  const models = [...charts, ...containerCharts].map(modelOf);
  return new Map([
    ...models.map((model): [string, string] => [`${model.id}.h`, renderTables(model)]),
    ['becomes.h', renderBecomes(models)],
  ]);
};

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** `--check` writes nothing; it fails where what is there is not what would be written. */
const main = (words: readonly string[]): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of headers()) {
    const file = join(folder, name);
    // Left alone where it is the same, so that make compiles nothing anew for it.
    if (textOf(file) === text) continue;
    if (!words.includes('--check')) writeFileSync(file, text);
    else {
      process.stderr.write(`${file} is not what the charts say: npm run generate\n`);
      process.exitCode = 1;
    }
  }
};

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ChartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
