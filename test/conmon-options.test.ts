// The command line of the container monitor: what it takes, and what it says of what it does not.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { conmon, fakeRuntime } from './support/monitored';
import { Sandbox } from './support/sandbox';

function newSandbox(t: TestContext): Sandbox {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return sandbox;
}

const enough = ['-c', 'some-container-id', '-u', 'uuid', '-r', fakeRuntime];

// The words, and what is said of them on standard error.
const refusals: readonly (readonly [words: readonly string[], message: RegExp | string])[] = [
  [['--ci', 'x'], 'conmon: option parsing failed: Unknown option --ci'],
  [['--cid'], 'conmon: option parsing failed: Missing argument for --cid'],
  [['-cfoo'], 'conmon: option parsing failed: Missing argument for -c'],
  [['-c=foo'], 'conmon: option parsing failed: Missing argument for -c'],
  [['-r/tmp', 'x'], 'conmon: option parsing failed: Unknown option -r/tmp'],
  [['-T', '5s'], 'conmon: option parsing failed: Cannot parse integer value “5s” for -T'],
  [
    ['--log-max-files', '5000000000'],
    'conmon: option parsing failed: Integer value “5000000000” for --log-max-files out of range',
  ],
  [['--log-max-files', '-1'], 'conmon: log-max-files must be non-negative, got -1'],
  [
    ['--log-rotate', '--log-max-files=0'],
    'conmon: log-max-files must be at least 1 when log-rotate is enabled, got 0',
  ],
  [[], 'conmon: Container ID not provided. Use --cid'],
  [['-c', 'x', '--log-level', 'loud'], '[conmon:e]: No such log level loud'],
  [
    ['-c', 'x', '-e', '--restore', 'y'],
    "[conmon:e]: Cannot use 'exec' and 'restore' at the same time",
  ],
  [['-c', 'x', '--exec-attach'], '[conmon:e]: Attach can only be specified with exec'],
  [
    ['-c', 'x', '-e', '--exec-attach'],
    '[conmon:e]: Attach can only be specified for a non-legacy exec session',
  ],
  [['-c', 'x'], '[conmon:e]: Container UUID not provided. Use --cuuid'],
  [['-c', 'x', '-u', 'y'], '[conmon:e]: Runtime path not provided. Use --runtime'],
  [
    ['-c', 'x', '-u', 'y', '-r', '/no/such'],
    '[conmon:e]: Runtime path /no/such is not valid No such file or directory',
  ],
  [[...enough, '-e'], '[conmon:e]: Exec process spec path not provided. Use --exec-process-spec'],
  [
    [...enough, '--exit-delay', '-1'],
    '[conmon:e]: Delay before invoking exit command must be greater than or equal to 0',
  ],
  [enough, '[conmon:e]: Log driver not provided. Use --log-path'],
  [[...enough, '-l', ''], '[conmon:e]: log-path must not be empty'],
  [[...enough, '-l', ':'], '[conmon:e]: log-path must not be empty'],
  [[...enough, '-l', 'k8s-file'], '[conmon:e]: k8s-file requires a filename'],
  [[...enough, '-l', 'k8s-file:'], '[conmon:e]: k8s-file requires a filename'],
  [[...enough, '-l', 'json-file'], '[conmon:e]: json-file requires a filename'],
  [[...enough, '-l', 'syslog:x'], '[conmon:e]: No such log driver syslog'],
  [
    [...enough, '-l', '/no/such/log'],
    '[conmon:e]: Failed to open log file No such file or directory',
  ],
  [[...enough, '-l', 'log', '--log-tag', 'x'], "[conmon:e]: k8s-file doesn't support --log-tag"],
  [
    [...enough, '-l', 'log', '--log-label', 'A=b'],
    "[conmon:e]: k8s-file doesn't support --log-label",
  ],
  [
    ['-c', 'short', '-u', 'x', '-r', fakeRuntime, '-l', 'journald'],
    '[conmon:e]: Container ID must be longer than 12 characters',
  ],
  [
    [...enough, '-l', 'journald', '--log-label', '=b'],
    "[conmon:e]: Container labels must be in format LABEL=VALUE (no LABEL present in '=b')",
  ],
  [
    [...enough, '-l', 'journald', '--log-label', 'A=b=c'],
    "[conmon:e]: Container labels must be in format LABEL=VALUE (none or more than one '=' present in 'A=b=c')",
  ],
  [
    [...enough, '-l', 'journald', '--log-label', 'a=b'],
    "[conmon:e]: Container label names must contain only uppercase letters, numbers and underscore (in 'a=b')",
  ],
];

test('what is wrong on the command line is told in one line, with status 1', async (t) => {
  const sandbox = newSandbox(t);
  for (const [words, message] of refusals) {
    const { stdout, stderr, code } = await sandbox.run(conmon, words);
    assert.deepEqual([stdout, stderr, code], ['', `${message}\n`, 1], words.join(' '));
  }
});

test('a wrong pipe is told of', async (t) => {
  const sandbox = newSandbox(t);
  const words = [...enough, '-l', 'none', '--sync'];
  const unparsed = await sandbox.run(conmon, words, { env: { _OCI_STARTPIPE: '3x' } });
  assert.match(unparsed.stderr, /^\[conmon:e\]: unable to parse _OCI_STARTPIPE/);
  assert.equal(unparsed.code, 1);
  const closed = await sandbox.run(conmon, words, { env: { _OCI_STARTPIPE: '77' } });
  assert.match(closed.stderr, /^\[conmon:e\]: unable to make _OCI_STARTPIPE CLOEXEC/);
  assert.equal(closed.code, 1);
  for (const env of [{ _OCI_SYNCPIPE: '' }, { _OCI_SYNCPIPE: '-1' }]) {
    const { stderr, code } = await sandbox.run(conmon, words, { env });
    assert.match(stderr, /^\[conmon:e\]: unable to parse _OCI_SYNCPIPE/);
    assert.equal(code, 1);
  }
  const exec = ['--api-version', '-e', '--exec-process-spec', 'spec', '--exec-attach'];
  const missing = await sandbox.run(conmon, [...words, ...exec]);
  assert.match(missing.stderr, /^\[conmon:e\]: --attach specified but _OCI_ATTACHPIPE was not/);
  assert.equal(missing.code, 1);
});

test('--version comes first thing, if the rest can be parsed', async (t) => {
  const sandbox = newSandbox(t);
  const told = await sandbox.run(conmon, ['--version', 'and', 'more']);
  assert.match(told.stdout, /^conmon version \d+\.\d+\.\d+\ncommit: .*\n$/);
  assert.deepEqual([told.stderr, told.code], ['', 0]);
  const refused = await sandbox.run(conmon, ['--version', '--nonsense']);
  assert.deepEqual([refused.stdout, refused.code], ['', 1]);
});

test('--help names every option', async (t) => {
  const sandbox = newSandbox(t);
  for (const word of ['--help', '-h', '-?']) {
    const { stdout, stderr, code } = await sandbox.run(conmon, [word]);
    assert.deepEqual([stderr, code], ['', 0]);
    for (const option of ['--cid', '--log-rotate', '--exit-command-arg', '-0, --persist-dir']) {
      assert.ok(stdout.includes(option), option);
    }
  }
});

test('words are taken verbatim, flags take none, positions mean nothing', async (t) => {
  const sandbox = newSandbox(t);
  const argumentsFile = join(sandbox.folder, 'words');
  const { code, stderr } = await sandbox.run(
    conmon,
    [
      ...[
        'stray',
        '--api-version',
        '1',
        '--sync=no',
        '-c',
        'id',
        '-u',
        'u',
        `--runtime=${fakeRuntime}`,
      ],
      ...['-l', 'none', '--runtime-arg', '--log-format=json', '--runtime-arg', '', '-p', 'pidfile'],
      ...['-T', '0x10', '--full-attach', '--', '--nonsense'],
    ],
    { env: { FK_CMD: 'exit 3', FK_LOG: argumentsFile } },
  );
  assert.deepEqual([code, stderr], [3, '']);
  assert.ok(existsSync(argumentsFile));
});

test('the early version’s call needs no --cuuid', async (t) => {
  const sandbox = newSandbox(t);
  const { code } = await sandbox.run(
    conmon,
    ['-c', 'id', '-r', `${fakeRuntime} --root x`, '-l', 'log', '-p', 'pidfile'],
    { env: { FK_CMD: 'exit 3' } },
  );
  assert.equal(code, 0);
  assert.ok(existsSync(join(sandbox.folder, 'log')));
});

test('a flag that has no effect is warned of', async (t) => {
  const sandbox = newSandbox(t);
  const { code, stderr } = await sandbox.run(
    conmon,
    [...enough, '-l', 'none', '--no-container-partial-message', '--sync', '--full-attach'],
    { env: { FK_CMD: 'exit 0' } },
  );
  assert.deepEqual(
    [stderr, code],
    ['[conmon:w]: --no-container-partial-message has no effect without journald log driver\n', 0],
  );
});
