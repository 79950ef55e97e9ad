// Arguments and environment as large and as odd as the kernel takes them.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Sandbox, client } from './support/sandbox';

// Prints digests: the answer need not be as long as the question.
const digest = `
const { initialisationComplete } = require('prefork-interp');
const { createHash } = require('node:crypto');
initialisationComplete();
const { readFileSync } = require('node:fs');
const words = process.argv.slice(2);
const variables = Object.keys(process.env).filter((name) => name.startsWith('BIG_')).sort();
const settings = variables.map((name) => name + '=' + process.env[name]);
console.log(JSON.stringify([words, settings].map((texts) => [
  texts.length,
  texts.reduce((sum, text) => sum + text.length, 0),
  createHash('sha256').update(texts.join('\\0')).digest('hex'),
])));
`;

async function assertSame(
  t: TestContext,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const script = [process.execPath, sandbox.script('digest.js', digest), ...words];
  const [node = '', ...rest] = script;
  const plain = await sandbox.run(node, rest, { env });
  assert.deepEqual([plain.stderr, plain.code], ['', 0]);
  for (const call of ['first', 'second']) {
    assert.deepEqual(await sandbox.run(client, ['-U', ...script], { env }), plain, call);
  }
}

const longest = 'x'.repeat(128 * 1024 - 1); // MAX_ARG_STRLEN, with its NUL

test('the longest argument and the longest variable arrive whole', (t) =>
  assertSame(t, [longest], { BIG_ONE: longest.slice('BIG_ONE='.length) }));

test('close to two megabytes of arguments and environment arrive whole', (t) => {
  const parts = Array.from({ length: 7 }, (_, n) => `${n}${longest.slice(1)}`);
  const env = Object.fromEntries(parts.map((part, n) => [`BIG_${n}`, part.slice('BIG_0='.length)]));
  return assertSame(t, parts, env);
});

test('thousands of short and empty arguments arrive in order', (t) =>
  assertSame(
    t,
    Array.from({ length: 20_000 }, (_, n) => (n % 3 === 0 ? '' : String(n))),
  ));

test('odd bytes, line ends and equals signs arrive as they are', (t) => {
  const odd = Array.from({ length: 255 }, (_, n) => String.fromCharCode(n + 1)).join('');
  const words = [
    '',
    ' ',
    '\n',
    '=',
    'A=B',
    '--',
    '-U',
    '\u{1f600}',
    '\r\n\t',
    odd,
    odd.repeat(20),
    '',
  ];
  const env = { BIG_LINES: 'a\nb\n\n', BIG_EQUALS: '=a=b=', BIG_EMPTY: '', BIG_ODD: odd };
  return assertSame(t, words, env);
});

test('bytes that are no text arrive as Node alone would show them', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const script = sandbox.script('digest.js', digest);
  const odd = `perl -e '$ENV{BIG_ODD} = "\\xff\\xfe\\x80a"; exec @ARGV, "\\xc3\\x28", "\\xff", "\\xe2\\x82"' "$@"`;
  const run = (...words: string[]) => sandbox.run('sh', ['-c', odd, 'sh', ...words]);
  const plain = await run(process.execPath, script);
  assert.equal(plain.code, 0);
  assert.deepEqual(await run(client, '-U', process.execPath, script), plain);
  assert.deepEqual(await run(client, '-U', process.execPath, script), plain);
});
