// The logs of a container: formats, limits, rotation.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, readIfThere, timestamp, type Launch } from './support/monitored';
import { Sandbox, outcomeOf } from './support/sandbox';
import { until } from './support/until';

function launch(t: TestContext, options: Launch): Monitored {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return new Monitored(sandbox, options);
}

// Lines of 16 bytes: a program that writes blocks ends each with a whole line, and so each is a record.
const evenly = '-f %015.0f';

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

test('200,000 lines of every length come out as they went in', async (t) => {
  const make = `awk 'BEGIN { for (i = 0; i < 200000; i++) print i % 7 ? i : i "-" sprintf("%*s", i % 300, "") }'`;
  const container = launch(t, { command: make });
  const plain = await container.sandbox.run('sh', ['-c', make]);
  await container.outcome;
  let text = '';
  for (const line of container.log()) {
    assert.match(line, /^stdout [FP] /);
    text += line.slice('stdout F '.length) + (line[7] === 'F' ? '\n' : '');
  }
  const sum = (of: string): string => createHash('sha256').update(of).digest('hex');
  assert.equal(sum(text), sum(plain.stdout));
});

test('k8s-file: a long line is cut into pieces of 8,192 bytes', async (t) => {
  const container = launch(t, { command: `head -c 20000 /dev/zero | tr '\\0' x; echo; echo y` });
  await container.outcome;
  const log = container.log().map((line) => [line.slice(0, 9), line.length - 9]);
  const joined = log.reduce((sum, [, length]) => sum + Number(length), 0);
  assert.equal(joined, 20001);
  assert.ok(log.every(([, length]) => Number(length) <= 8192));
  assert.deepEqual(log.at(-1), ['stdout F ', 1]);
  assert.equal(log.filter(([head]) => head === 'stdout F ').length, 2);
});

test('k8s-file: the time is the local one', async (t) => {
  const container = launch(t, { command: 'echo x', env: { TZ: 'XYZ-5:30' } });
  await container.outcome;
  const [stamp = ''] = readFileSync(container.path('log'), 'utf8').split(' ');
  assert.match(stamp, /\+05:30$/);
  assert.ok(Math.abs(Date.parse(stamp) - Date.now()) < 60_000);
});

test('nothing is logged where nothing should be', async (t) => {
  for (const log of ['none', 'off', 'null', 'off:x']) {
    const container = launch(t, { command: 'echo x', log });
    assert.equal((await container.outcome).code, 0);
    assert.ok(!existsSync(container.path('log')));
  }
});

test('several logs at once, and of the same kind the last one', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const at = (name: string): string => `${sandbox.folder}/${name}`;
  const container = new Monitored(sandbox, {
    command: 'echo x',
    log: `k8s-file:${at('first')}`,
    words: ['-l', `:${at('second')}`, '-l', `json-file:${at('third')}`, '-l', 'none'],
  });
  await container.outcome;
  assert.equal(readIfThere(at('first')), undefined);
  assert.match(readIfThere(at('second')) ?? '', / stdout F x\n$/);
  assert.match(readIfThere(at('third')) ?? '', /^{"log":"x\\n",/);
});

test('passthrough: the container has the caller’s streams, and nobody can attach', async (t) => {
  const container = launch(t, { command: 'echo out; echo err >&2; exit 3', log: 'passthrough' });
  assert.deepEqual(await container.outcome, {
    stdout: 'out\n',
    stderr: 'err\n',
    code: 3,
    signal: null,
  });
  for (const name of ['attach', 'ctl', 'winsz']) assert.ok(!existsSync(container.path(name)));
});

test('json-file: every line is a record, whatever its bytes are', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const file = `${sandbox.folder}/log`;
  const container = new Monitored(sandbox, {
    command: String.raw`printf '"\\\t\001é\377end\n'; head -c 40000 /dev/zero | tr '\0' x | sed 's/$/é/'; echo; echo err >&2; printf open`,
    log: `json-file:${file}`,
    words: ['--log-tag', 'the tag', '--log-label', 'KEY=value'],
  });
  await container.outcome;
  const records = linesOf(readFileSync(file, 'utf8')).map(
    (line) => JSON.parse(line) as Record<string, string>,
  );
  for (const { attrs, time } of records) {
    assert.deepEqual(attrs, { tag: 'the tag', KEY: 'value' });
    assert.match(time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  }
  const of = (stream: string): string[] =>
    records.filter((record) => record['stream'] === stream).map((record) => record['log'] ?? '');
  assert.deepEqual(of('stderr'), ['err\n']);
  const [first, ...rest] = of('stdout');
  assert.equal(first, '"\\\t\u0001é\ufffdend\n');
  assert.ok(
    rest.join('') === `${'x'.repeat(40000)}é\nopen`,
    rest.map((piece) => piece.length).join(),
  );
  assert.ok(rest.every((piece) => Buffer.byteLength(piece) <= 16384));
});

test('a log that has reached its size begins anew', async (t) => {
  const container = launch(t, {
    command: `seq ${evenly} 1 2000`,
    words: ['--log-size-max', '10000'],
  });
  await container.outcome;
  const size = statSync(container.path('log')).size;
  assert.ok(size > 0 && size <= 10000, String(size));
  assert.match(container.log().at(-1) ?? '', /^stdout F 0*2000$/);
  assert.ok(!existsSync(`${container.path('log')}.tmp`));
});

for (const driver of ['k8s-file', 'json-file']) {
  test(`${driver}: rotation keeps as many files as it should, and loses no line of them`, async (t) => {
    const sandbox = new Sandbox();
    t.after(() => sandbox.end());
    const file = `${sandbox.folder}/log`;
    // What a monitor that was killed in the middle of a rotation may have left.
    appendFileSync(`${file}.new`, 'stale');
    const container = new Monitored(sandbox, {
      command: `seq ${evenly} 1 2000`,
      log: `${driver}:${file}`,
      words: ['--log-size-max', '20000', '--log-rotate', '--log-max-files', '3'],
    });
    await container.outcome;
    assert.ok(!existsSync(`${file}.new`));
    assert.ok(!existsSync(`${file}.4`));
    const lines = ['.3', '.2', '.1', ''].flatMap((suffix) => {
      const text = readFileSync(file + suffix, 'utf8');
      assert.ok(text.length <= 20000 && text.length > 0);
      return linesOf(text).map((line) => Number(/(\d+)(?:\\n.*)?$/.exec(line)?.[1]));
    });
    const [first = 0] = lines;
    assert.deepEqual(
      lines,
      Array.from(lines, (_, index) => first + index),
    );
    assert.equal(lines.at(-1), 2000);
  });
}

test('an existing log’s size counts, and a record larger than the limit is written', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const file = `${sandbox.folder}/log`;
  appendFileSync(file, 'x'.repeat(990) + '\n');
  const container = new Monitored(sandbox, {
    command: `echo short; printf '%3000s\\n' | tr ' ' y`,
    log: `k8s-file:${file}`,
    words: ['--log-size-max', '1000', '--log-rotate', '--log-max-files', '5'],
  });
  await container.outcome;
  const sizes = ['', '.1', '.2'].map((suffix) => statSync(file + suffix).size);
  assert.deepEqual(sizes, [3000 + 46, 51, 991]);
});

test('a log is not rotated where that is dangerous', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const file = `${sandbox.folder}/log`;
  symlinkSync(`${sandbox.folder}/target`, file);
  const container = new Monitored(sandbox, {
    command: `seq ${evenly} 1 500`,
    log: `k8s-file:${file}`,
    words: ['--log-size-max', '5000', '--log-rotate'],
  });
  await container.outcome;
  assert.equal(linesOf(readFileSync(file, 'utf8')).length, 500);
  assert.ok(!existsSync(`${file}.1`));
});

test('there can be a limit to all that is logged', async (t) => {
  const container = launch(t, {
    command: `seq ${evenly} 1 5000`,
    words: ['--log-global-size-max', '10000'],
  });
  await container.outcome;
  const { size } = statSync(container.path('log'));
  assert.ok(size > 9900 && size <= 10000, String(size));
  assert.match(container.log()[0] ?? '', /^stdout F 0*1$/);
});

test('a caller may move the log away and ask for a new one', async (t) => {
  const container = launch(t, {
    command: `echo before; while [ ! -e "$(dirname "$FK_LOG")/go" ]; do sleep 0.02; done; echo after`,
  });
  await until('the first line', () => readIfThere(container.path('log'))?.includes('before'));
  const log = container.path('log');
  renameSync(log, `${log}.old`);
  appendFileSync(container.path('ctl'), '2 0 0\n');
  await until('the new log', () => existsSync(log));
  appendFileSync(container.path('go'), '');
  await container.outcome;
  assert.deepEqual(container.log(), ['stdout F after']);
  assert.match(readFileSync(`${log}.old`, 'utf8').replace(timestamp, ''), /^stdout F before\n$/);
});

test('what is too much for the log still reaches who is attached', async (t) => {
  const container = launch(t, {
    command: `while [ ! -e "$(dirname "$FK_LOG")/go" ]; do sleep 0.02; done; seq ${evenly} 1 5000`,
    words: ['--log-global-size-max', '10000'],
  });
  const shown = outcomeOf(await container.attach('output'));
  appendFileSync(container.path('go'), '');
  assert.equal(linesOf((await shown).stdout).length, 5000);
  assert.ok(container.log().length < 300);
});
