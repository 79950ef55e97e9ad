// Lays out all charts for the page:  node build/cli/layout/main.js FILE

import { writeFileSync } from 'node:fs';
import { charts } from '../../machines/index';
import { modelOf } from '../../machines/model';
import { layoutOf } from './layout';

async function main([file]: readonly string[]): Promise<void> {
  if (file === undefined) throw new Error('say which file to write');
  const layouts = await Promise.all(charts.map((chart) => layoutOf(modelOf(chart))));
  writeFileSync(file, JSON.stringify(layouts));
}

void main(process.argv.slice(2));
