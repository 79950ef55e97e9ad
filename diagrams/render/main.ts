// Draws everything into diagrams/: what `npm run generate` runs.
//
//   node build/diagrams/render/main.js            writes what is not there yet, removes what is no more
//   node build/diagrams/render/main.js --check    writes nothing; fails where something is stale

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endings, generalDiagrams, type Format } from './gallery';
import { drawDot } from './graphviz';
import { page } from './page';
import { statechartDot } from './statechart-dot';

const folder = join(__dirname, '../../../diagrams');

/** Name and text of every file. */
const files = async (): Promise<ReadonlyMap<string, string>> => {
  const diagrams = generalDiagrams((model) => drawDot(statechartDot(model)));
  const made = new Map<string, string>();
  for (const { name, formats } of diagrams) {
    for (const [format, draw] of Object.entries(formats)) {
      made.set(`${name}.${endings[format as Format]}`, await draw());
    }
  }
  return made.set('README.md', page(diagrams));
};

const present = (): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

const main = async (words: readonly string[]): Promise<void> => {
  const isCheck = words.includes('--check');
  const made = await files();
  const there = present();
  const wrong = [
    ...[...made.keys()].filter(
      (name) =>
        !there.includes(name) || readFileSync(join(folder, name), 'utf8') !== made.get(name),
    ),
    ...there.filter((name) => !made.has(name)),
  ];
  for (const name of wrong) {
    const text = made.get(name);
    if (isCheck) process.stderr.write(`diagrams/${name} is stale: npm run generate\n`);
    else if (text === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  if (isCheck && wrong.length > 0) process.exitCode = 1;
};

void main(process.argv.slice(2));
