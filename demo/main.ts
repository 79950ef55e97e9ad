// Shows what a call of demo/transpile costs: run plainly, called for the first time, called again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Sandbox, client, projectRoot } from '../test/support/sandbox';
import type { RunOptions } from '../test/support/sandbox';
import { bar, decorate, milliseconds } from './picture';

const script = 'demo/transpile';
const inputFile = 'demo/main.ts';
const plainRuns = 3;
const warmCalls = 20;

/** What one run took, in milliseconds, and what it wrote. */
interface Run {
  readonly duration: number;
  readonly output: string;
}

async function main(): Promise<void> {
  const sandbox = new Sandbox();
  try {
    await show(sandbox);
  } finally {
    await sandbox.end();
  }
}

async function show(sandbox: Sandbox): Promise<void> {
  const input = readFileSync(join(projectRoot, inputFile));
  const options: RunOptions = {
    cwd: projectRoot,
    env: { PATH: `${dirname(client)}:${process.env['PATH'] ?? ''}` },
    input,
  };
  const run = async (command: string, words: readonly string[]): Promise<Run> => {
    const start = process.hrtime.bigint();
    const { code, stdout, stderr } = await sandbox.run(command, words, options);
    const duration = Number(process.hrtime.bigint() - start) / 1e6;
    assert.equal(code, 0, stderr);
    return { duration, output: stdout };
  };
  const repeat = async (times: number, once: () => Promise<Run>): Promise<Run[]> => {
    const runs: Run[] = [];
    while (runs.length < times) runs.push(await once());
    return runs;
  };

  say(`${decorate('bold', `./${script} < ${inputFile}`)}  (${kilobytes(input.length)})`);
  say(`  ${firstLine(script)}`);
  say('  It loads the TypeScript compiler, then transpiles its standard input.\n');

  const plain = await repeat(plainRuns, () => run(process.execPath, [script]));
  const scale = median(plain);
  row('plain node', scale, scale, `median of ${plainRuns}`);
  const first = await run(`./${script}`, []);
  row('first call', first.duration, scale, 'leaves a server');
  const warm = await repeat(warmCalls, () => run(`./${script}`, []));
  row('warm calls', median(warm), scale, `median of ${warmCalls}`);

  const outputs = [...plain, first, ...warm].map(({ output }) => output);
  assert.equal(new Set(outputs).size, 1, 'the outputs differ');
  assert.ok(outputs[0] !== undefined && outputs[0].length > 0, 'nothing was written');
  const ratio = decorate('bold', `${(scale / median(warm)).toFixed(1)} times`);
  say(`\n  A warm call is ${ratio} as fast as plain node.`);
  say(`  All ${outputs.length} runs wrote the same ${kilobytes(outputs[0].length)}.`);

  await sandbox.call(['-U', '--kill', 'node', `./${script}`], { ...options, input: '' });
  await sandbox.quiet();
  say('  The server has ended (prefork-interp -U --kill).');
}

function row(name: string, duration: number, scale: number, remark: string): void {
  const time = milliseconds(duration).padStart(9);
  say(`  ${name}  ${bar(duration / scale)} ${time}  ${decorate('dim', remark)}`);
}

function median(runs: readonly Run[]): number {
  const sorted = runs.map(({ duration }) => duration).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

const firstLine = (file: string): string =>
  readFileSync(join(projectRoot, file), 'utf8').split('\n', 1)[0] ?? '';

const kilobytes = (size: number): string => `${(size / 1000).toFixed(1)} kB`;

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

void main();
