// Runs every example of the README: files are written where a block names one, and commands answer what
// stands below them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Sandbox, client, projectRoot } from './support/sandbox';

interface Block {
  /** What stands behind the fence: a language, and `file=NAME` where it is to be written. */
  readonly info: string;
  readonly text: string;
}

interface Command {
  readonly line: string;
  readonly answer: string;
}

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');

const blocks: Block[] = [...readme.matchAll(/^```(\S[^\n]*)\n(.*?)^```$/gms)].map(
  ([, info = '', text = '']) => ({ info, text }),
);

const fileOf = ({ info }: Block): string | undefined => / file=(\S+)$/.exec(info)?.[1];

function commandsOf({ text }: Block): Command[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const end = entry.indexOf('\n');
      return { line: entry.slice(0, end), answer: entry.slice(end + 1) };
    });
}

test('every block with code is an example that runs', () => {
  const others = blocks.filter((block) => fileOf(block) === undefined);
  const languages = new Set(others.map(({ info }) => info));
  // Pictures, and commands that install or take minutes: those have tests of their own.
  assert.deepEqual([...languages].sort(), ['console', 'sh', 'text']);
});

test('the README speaks of every option and variable of the command line', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const { stdout } = await sandbox.call(['--help']);
  const names = stdout.match(/^ {2}(-\w|--\w+|PREFORK_\w+)/gm) ?? [];
  assert.ok(names.length >= 10, stdout);
  for (const name of names) assert.ok(readme.includes(`\`${name.trim()}`), name);
});

describe('an example of the README', () => {
  const sandbox = new Sandbox();
  after(() => sandbox.end());
  const path = [dirname(client), process.env['PATH']].join(delimiter);

  for (const block of blocks) {
    const file = fileOf(block);
    if (file !== undefined) {
      test(`is written: ${file}`, () => {
        sandbox.script(file, block.text);
      });
    }
    if (block.info !== 'console') continue;
    for (const { line, answer } of commandsOf(block)) {
      test(`answers as it says: ${line}`, async () => {
        const options = { env: { PATH: path }, cwd: sandbox.folder };
        const { stdout } = await sandbox.run('bash', ['-c', `exec 2>&1\n${line}`], options);
        assert.equal(stdout, answer);
      });
    }
  }
});
