import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChartError } from '../../machines/chart-error';
import { charts } from '../../machines/index';
import { modelOf } from '../../machines/model';
import { renderBecomes, renderTables } from './tables';

/** Beside this program's own compiled form: `build/generated/charts`. */
const folder = join(__dirname, '..', '..', 'generated', 'charts');

/** Leaves a file alone whose text is the same, so that make compiles nothing anew for it. */
const writeIfChanged = (file: string, text: string): void => {
  if (textOf(file) !== text) writeFileSync(file, text);
};

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

const main = (): void => {
  const models = charts.map(modelOf);
  mkdirSync(folder, { recursive: true });
  for (const model of models) writeIfChanged(join(folder, `${model.id}.h`), renderTables(model));
  writeIfChanged(join(folder, 'becomes.h'), renderBecomes(models));
};

try {
  main();
} catch (error) {
  if (!(error instanceof ChartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
