// The command line of `prefork`, and its proof of recordings.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { commands } from '../cli/commands';
import { Recorder } from './support/recorder';
import { Sandbox, projectRoot, type Outcome } from './support/sandbox';

const sandbox = new Sandbox();
after(() => sandbox.end());

const prefork = (...words: string[]): Promise<Outcome> =>
  sandbox.run(process.execPath, [join(projectRoot, 'build/cli/main.js'), ...words]);

describe('prefork', () => {
  test('--help lists the commands, and each has a page', async () => {
    const { stdout, stderr, code } = await prefork('--help');
    assert.deepEqual([stderr, code], ['', 0]);
    for (const [name, entry] of Object.entries(commands)) {
      assert.match(stdout, new RegExp(`^ {2}${name} +${entry.summary}$`, 'm'));
      const { help } = entry.load();
      if (help === undefined) continue;
      assert.match(help, new RegExp(`^usage: prefork ${name}\\b`));
      assert.deepEqual((await prefork(name, '--help')).stdout, `${help}\n`);
    }
  });

  test('--version is the package’s', async () => {
    const text = readFileSync(join(projectRoot, 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { readonly version: string };
    const outcome = { stdout: `${version}\n`, stderr: '', code: 0, signal: null };
    assert.deepEqual(await prefork('--version'), outcome);
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    'give a command: prefork --help lists them': [],
    "there is no command 'chek': prefork --help lists them": ['chek', 'a'],
    "there is no command 'toString': prefork --help lists them": ['toString'],
    'check: give the names of recordings: prefork check FILE ...': ['check'],
    'check: give the names of recordings: prefork check FILE ... ': ['check', '--all'],
    "check: cannot read the recording: ENOENT: no such file or directory, open 'none'": [
      ...['check', 'none'],
    ],
    'check: cannot read the recording: EISDIR: illegal operation on a directory, read': [
      ...['check', '.'],
    ],
  };
  for (const [message, words] of Object.entries(wrong)) {
    test(`${words.join(' ')}: ${message}`, async () => {
      const stderr = `prefork: ${message.trimEnd()}\n`;
      assert.deepEqual(await prefork(...words), { stdout: '', stderr, code: 127, signal: null });
    });
  }
});

describe('prefork check', () => {
  let lines: readonly string[] = [];
  before(async () => {
    const script = sandbox.script(
      'hello.js',
      `require('prefork-interp').initialisationComplete();`,
    );
    const words = ['-U', process.execPath, script];
    await sandbox.call(words);
    const recorder = Recorder.start(sandbox.runDirectory);
    await sandbox.call(words);
    await sandbox.call(['--kill', ...words]);
    await sandbox.quiet();
    lines = await recorder.stop();
  });

  const check = (text: readonly string[]): Promise<Outcome> => {
    writeFileSync(join(sandbox.folder, 'calls.trace'), text.map((line) => `${line}\n`).join(''));
    return prefork('check', 'calls.trace');
  };

  test('finds a real recording true', async () => {
    const { stdout, stderr, code } = await check(lines);
    assert.deepEqual([stderr, code], ['', 0]);
    assert.match(
      stdout,
      /^calls\.trace: \d+ records of \d+ processes, all as XState computes them\n$/,
    );
  });

  /** The place of the first line with this text. */
  const placeOf = (text: string): number => {
    const place = lines.findIndex((line) => line.includes(text));
    assert.ok(place > 0, text);
    return place;
  };
  const replaced = (text: string, from: string | RegExp, to: string) => () => {
    const place = placeOf(text);
    const line = lines[place] ?? '';
    assert.notEqual(line.replace(from, to), line);
    return { line: place + 1, text: lines.with(place, line.replace(from, to)) };
  };

  const doctorings: Readonly<
    Record<string, readonly [() => { line: number; text: readonly string[] }, RegExp]>
  > = {
    'another state reached': [
      replaced('"event":"GREETED"', '"to":"sendingRequest"', '"to":"awaitingStatus"'),
      /^client \d+: GREETED in attempting\.readingGreeting: 'to' is awaitingStatus; XState computes sendingRequest$/,
    ],
    'a state that is passed through left out': [
      replaced('"event":"GREETED"', '"preparingRequest",', ''),
      /'path' is \[sendingRequest\]; XState computes \[preparingRequest, sendingRequest\]$/,
    ],
    'an action left out': [
      replaced('"event":"REQUEST_SENT"', '"watchSignals",', ''),
      /'actions' is \[readStatus\]; XState computes \[watchSignals, readStatus\]$/,
    ],
    'another answer of a guard': [
      replaced('"event":"STATUS_RECEIVED"', '["childExited",true]', '["childExited",false]'),
      /XState asks the guard 'childDiedQuietly' next; the record has no more$/,
    ],
    'a guard that is not asked': [
      replaced('"event":"STATUS_RECEIVED"', '"guards":[', '"guards":[["isStrict",true],'),
      /XState asks the guard 'childExited' next; the record has 'isStrict'$/,
    ],
    'a guard too many': [
      replaced(
        '"event":"STATUS_RECEIVED"',
        '["childExited",true]',
        '["childExited",true],["isStrict",true]',
      ),
      /XState does not ask the guard 'isStrict' here$/,
    ],
    'an event that the state does not handle': [
      replaced('"event":"STATUS_RECEIVED"', 'STATUS_RECEIVED', 'GREETED'),
      /GREETED in awaitingStatus: XState does not ask the guard 'childExited' here$/,
    ],
    'a state that is none': [
      replaced('"event":"STATUS_RECEIVED"', '"from":"awaitingStatus"', '"from":"waiting"'),
      /is in waiting, but the record before left it in awaitingStatus$/,
    ],
    'a chart that is none': [
      replaced('"event":"GREETED"', '"actor":"client"', '"actor":"clerk"'),
      /^there is no chart 'clerk'$/,
    ],
    'another exit status': [
      replaced('"actor":"monitor","engine":"native","state":"finished"', '"code":0', '"code":1'),
      /^monitor \d+: end in finished: the process exits with 0 there$/,
    ],
    'another role': [
      replaced('"becomes":"executor"', '"becomes":"executor"', '"becomes":"server"'),
      /the process becomes executor there$/,
    ],
    'a line left out': [
      () => {
        const place = placeOf('"event":"REQUEST_SENT"');
        const next = lines.findIndex((line) => line.includes('"event":"STATUS_RECEIVED"'));
        return { line: next, text: lines.toSpliced(place, 1) };
      },
      /^client \d+: record \d+ follows record \d+, and the recording tells of 0 lost between them$/,
    ],
    'a line twice': [
      () => {
        const place = placeOf('"event":"REQUEST_SENT"');
        return { line: place + 2, text: lines.toSpliced(place, 0, lines[place] ?? '') };
      },
      /^client \d+: record \d+ follows record \d+, /,
    ],
    'time that runs backwards': [
      replaced('"event":"REQUEST_SENT"', /"t":\d+/, '"t":1'),
      /^client \d+: time runs backwards$/,
    ],
    'another version': [
      replaced('"event":"GREETED"', '"v":1', '"v":2'),
      /^is of version 2, not 1$/,
    ],
    'a kind that is none': [
      replaced('"event":"GREETED"', '"kind":"transition"', '"kind":"jump"'),
      /^is of an unknown kind, 'jump'$/,
    ],
    'a field left out': [
      replaced('"event":"GREETED"', /"pid":\d+,/, ''),
      /^'pid' must be a whole number$/,
    ],
    'half a line': [
      () => ({ line: lines.length, text: lines.with(-1, lines.at(-1)?.slice(0, 40) ?? '') }),
      /^is not JSON$/,
    ],
    'no first line': [
      () => ({ line: 1, text: lines.slice(1) }),
      /^the first line, and no other, must be of the kind 'recording'$/,
    ],
    nothing: [() => ({ line: 1, text: [] }), /^the recording is empty$/],
  };
  for (const [what, [doctor, reason]] of Object.entries(doctorings)) {
    test(`finds, with its place, ${what}`, async () => {
      const { line, text } = doctor();
      const { stdout, stderr, code } = await check(text);
      assert.deepEqual([stdout, code], ['', 1], stderr);
      const [, place, said] = /^calls\.trace:(\d+): (.*)\n$/.exec(stderr) ?? [];
      assert.match(said ?? '', reason);
      assert.equal(Number(place), line);
    });
  }
});
