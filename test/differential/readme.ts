// Writes the list of differences into the README, between its marks; with --check, says whether it is there.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './differences';

const file = join(__dirname, '../../../README.md');
const marked =
  /(?<=<!-- differences: made by `npm run generate` -->\n).*?(?=<!-- end of differences -->)/s;
const width = 107;

/** One item of a list, as the README is wrapped. */
function item(text: string): string {
  const lines = ['-'];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (line.length <= width) lines[lines.length - 1] = line;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

const items = differences.filter(({ text }) => text !== '').map(({ text }) => item(text));
const before = readFileSync(file, 'utf8');
if (!marked.test(before)) throw new Error('README.md has no place for the differences');
const after = before.replace(marked, () => `\n${items.join('\n')}\n\n`);
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md: the list of differences is stale; run npm run generate');
    process.exitCode = 1;
  }
} else if (after !== before) {
  writeFileSync(file, after);
}
