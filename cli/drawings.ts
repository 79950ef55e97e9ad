import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The drawing of a chart, laid out when the package was made. */
export function drawingOf(chart: string): string {
  return readFileSync(join(__dirname, '../../diagrams', `${chart}.svg`), 'utf8');
}
