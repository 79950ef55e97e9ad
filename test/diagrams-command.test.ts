// `prefork diagrams`, as it is typed.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { endings, type Format } from '../diagrams/render/gallery';
import type { ActorRecord } from '../runtime/trace/record';
import { drawnFolder } from './support/drawn-files';
import { Recorder } from './support/recorder';
import { Sandbox, projectRoot, type Outcome } from './support/sandbox';
import { until } from './support/until';

const sandbox = new Sandbox(false);
const recording = join(sandbox.folder, 'run.trace');
let records: readonly ActorRecord[] = [];

before(async () => {
  const script = sandbox.script('hello.js', "require('prefork-interp').initialisationComplete();");
  const recorder = Recorder.start(sandbox.runDirectory);
  await sandbox.call(['-U', process.execPath, script]);
  await until('the end of the call', () =>
    recorder.records().some(({ kind, actor }) => kind === 'end' && actor === 'client'),
  );
  const lines = await recorder.stop();
  writeFileSync(recording, `${lines.join('\n')}\n`);
  records = lines.slice(1).map((line) => JSON.parse(line) as ActorRecord);
});
after(() => sandbox.end());

const diagrams = (...words: readonly string[]): Promise<Outcome> =>
  sandbox.run(process.execPath, [join(projectRoot, 'build/cli/main.js'), 'diagrams', ...words]);

const committed = (name: string): string => readFileSync(join(drawnFolder, name), 'utf8');

describe('in general', () => {
  for (const [format, ending] of Object.entries(endings)) {
    test(`--format ${format} --out writes what is committed`, async () => {
      const folder = join(sandbox.folder, 'out', format);
      const { stdout, stderr, code } = await diagrams('--format', format, '--out', folder);
      assert.deepEqual([stdout, stderr, code], ['', '', 0]);
      const expected = readdirSync(drawnFolder).filter((name) => name.endsWith(`.${ending}`));
      assert.deepEqual(readdirSync(folder).sort(), expected.sort());
      for (const name of expected) {
        assert.equal(readFileSync(join(folder, name), 'utf8'), committed(name), name);
      }
    });
  }

  test('without --out it is text on standard output', async () => {
    const { stdout, code } = await diagrams('topology', 'monitor');
    assert.equal(code, 0);
    const moments = ['topology', 'topology-client-killed', 'topology-between-calls'];
    const files = ['monitor', ...moments].map((name) => `${name}.txt`);
    assert.equal(stdout, files.map(committed).join('\n'));
  });

  test('one drawing goes to standard output in any format', async () => {
    const { stdout } = await diagrams('monitor', '--format', 'dot');
    assert.equal(stdout, committed('monitor.dot'));
  });

  test('a reader may stop before the end', async () => {
    const main = join(projectRoot, 'build/cli/main.js');
    const line = `${process.execPath} ${main} diagrams client --format svg | head -c 10; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await sandbox.run('bash', ['-c', line]);
    assert.deepEqual([stdout, stderr], ['<svg xmlns0\n', '']);
  });

  test('with --out it is SVG', async () => {
    const folder = join(sandbox.folder, 'out/default');
    await diagrams('watcher', '--out', folder);
    assert.deepEqual(readdirSync(folder), ['watcher.svg']);
  });
});

describe('of a recorded run', () => {
  const pidOf = (actor: string): number => {
    // A daemon's first process may be heard last.
    const isDaemons = (one: ActorRecord): boolean =>
      one.kind === 'end' ? one.state !== 'handedOver' : one.to !== 'handedOver';
    const record = records.findLast((one) => one.actor === actor && isDaemons(one));
    assert.ok(record !== undefined, actor);
    return record.pid;
  };
  const formats: readonly Format[] = ['svg', 'mermaid', 'text'];

  for (const format of formats) {
    test(`${format} shows its processes`, async () => {
      const folder = join(sandbox.folder, 'run', format);
      const words = ['--from', recording, '--format', format, '--out', folder];
      assert.deepEqual(await diagrams(...words), { stdout: '', stderr: '', code: 0, signal: null });
      const read = (name: string): string =>
        readFileSync(join(folder, `${name}.${endings[format]}`), 'utf8');
      for (const actor of ['client', 'watcher', 'monitor', 'executor']) {
        assert.ok(read('topology').includes(String(pidOf(actor))), actor);
        assert.ok(read('causality').includes(`pid ${pidOf(actor)}`), actor);
      }
      assert.notEqual(read('client'), committed(`client.${endings[format]}`));
    });
  }

  test('what it has not come through is faded, and nothing else', async () => {
    const { stdout } = await diagrams('client', '--from', recording, '--format', 'svg');
    const [, faded = ''] = /([^}]*)\{opacity:.3\}<\/style>/.exec(stdout) ?? [];
    assert.ok(faded.includes('[id="state-withdrawing"]'));
    assert.ok(!faded.includes('[id="state-awaitingStatus"]'));
    assert.equal(stdout.replace(`${faded}{opacity:.3}`, ''), committed('client.svg'));
    for (const [, id = ''] of faded.matchAll(/\[id="([^"]*)"\]/g)) {
      assert.ok(
        stdout.includes(`<g id="${id.replaceAll('-', '&#45;')}"`) || stdout.includes(`id="${id}"`),
        id,
      );
    }
  });

  test('it may come over standard input', async () => {
    const words = ['diagrams', 'causality', '--from', '-'];
    const main = join(projectRoot, 'build/cli/main.js');
    const input = readFileSync(recording, 'utf8');
    const { stdout, code } = await sandbox.run(process.execPath, [main, ...words], { input });
    assert.equal(code, 0);
    assert.ok(stdout.includes(`pid ${pidOf('client')}`));
  });
});

describe('wrong words', () => {
  const cases: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'an unknown diagram': [['nobody'], /there is no 'nobody': give some of client, .*topology/],
    'an unknown format': [
      ['--format', 'pdf'],
      /no format 'pdf': --format takes svg, mermaid, dot, scxml, text/,
    ],
    'a format that a diagram has not': [
      ['causality-first-call', '--format', 'scxml'],
      /causality-first-call has no scxml: give --format svg, mermaid, text/,
    ],
    'several files for one output': [
      ['topology', '--format', 'svg'],
      /these are 3 files: name one diagram, or give --out DIR/,
    ],
    'a recording that is not there': [['--from', '/nowhere'], /cannot read the recording: ENOENT/],
    'a recording that is none': [['--from', '/etc/passwd'], /\/etc\/passwd:1: is not JSON/],
    'an empty recording': [
      ['--from', '/dev/null'],
      /is no recording: make one with prefork inspect --record/,
    ],
    'a folder that cannot be made': [['--out', '/dev/null/folder'], /cannot write: ENOTDIR/],
    'an unknown option': [['--colour'], /Unknown option '--colour'/],
  };
  for (const [what, [words, message]] of Object.entries(cases)) {
    test(what, async () => {
      const { stdout, stderr, code } = await diagrams(...words);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.match(stderr, /^prefork: diagrams: .*\n$/);
      assert.equal(code, 127);
    });
  }
});
