// What a container's monitor sends to others' sockets: log lines to the journal, readiness to the host.
// Each test has its own /run, where a listener in Perl takes the journal's, or the host's, place.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { conmon, fakeRuntime } from './support/monitored';
import { Sandbox } from './support/sandbox';

/** Listens at a path, then runs a command; prints every datagram until its end, in hex. */
const listener = `
use strict; use IO::Socket::UNIX; use IO::Select;
my ($path, $pause, @command) = @ARGV;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path) or die "$path: $!";
my $pid = fork();
if (!$pid) { exec @command or die }
sleep $pause;
my $ended = 0;
until ($ended) {
  $ended = waitpid($pid, 1) == $pid;
  while (IO::Select->new($socket)->can_read($ended ? 0 : 0.05)) {
    $socket->recv(my $datagram, 65536);
    print unpack('H*', $datagram), "\\n";
  }
}
`;

const needsRoot = process.getuid?.() === 0 ? false : 'needs root, for mounts of its own';

interface Listening {
  readonly path: string;
  readonly command: string;
  readonly words: readonly string[];
  /** Seconds before the listener begins to read. */
  readonly pause?: number;
}

async function datagrams(t: TestContext, listening: Listening): Promise<readonly Buffer[]> {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const script = sandbox.script('listener.pl', listener);
  const at = (path: string): string => path.replaceAll('FOLDER', sandbox.folder);
  const own = 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal && exec "$@"';
  const { stdout, stderr, code } = await sandbox.run(
    'unshare',
    [
      ...['-m', 'sh', '-c', own, 'sh', 'perl', script, at(listening.path)],
      ...[String(listening.pause ?? 0), conmon, '-c', '0123456789abcdef', '-u', 'u'],
      ...['-r', fakeRuntime, '-b', sandbox.folder, '-p', at('FOLDER/pidfile'), '--full-attach'],
      ...['--sync', ...listening.words.map(at)],
    ],
    { env: { FK_CMD: at(listening.command) } },
  );
  assert.deepEqual([stderr, code], ['', 0]);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'hex'));
}

/** The fields of a datagram in the journal's own protocol. */
function fieldsOf(datagram: Buffer): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < datagram.length;) {
    const line = datagram.indexOf('\n', at);
    const equals = datagram.subarray(at, line).indexOf('=');
    if (equals >= 0) {
      fields[datagram.toString('utf8', at, at + equals)] = datagram.toString(
        'utf8',
        at + equals + 1,
        line,
      );
      at = line + 1;
    } else {
      const size = Number(datagram.readBigUInt64LE(line + 1));
      fields[datagram.toString('utf8', at, line)] = datagram.toString(
        'utf8',
        line + 9,
        line + 9 + size,
      );
      at = line + 10 + size;
    }
  }
  return fields;
}

const journal = '/run/systemd/journal/socket';

test('journald: each line with all that is known of it', { skip: needsRoot }, async (t) => {
  const entries = await datagrams(t, {
    path: journal,
    command: `echo out; sleep 0.1; echo err >&2; sleep 0.1; echo '<4>warning'; sleep 0.1; printf open`,
    words: ['-l', 'journald', '--name', 'a-name', '--log-tag', 'a tag', '--log-label', 'KEY=value'],
  });
  const common = {
    CONTAINER_ID_FULL: '0123456789abcdef',
    CONTAINER_ID: '0123456789ab',
    CONTAINER_TAG: 'a tag',
    CONTAINER_NAME: 'a-name',
    SYSLOG_IDENTIFIER: 'a tag',
    KEY: 'value',
  };
  assert.deepEqual(entries.map(fieldsOf), [
    { MESSAGE: 'out\n', PRIORITY: '6', ...common },
    { MESSAGE: 'err\n', PRIORITY: '3', ...common },
    { MESSAGE: 'warning\n', PRIORITY: '4', ...common },
    { MESSAGE: 'open', PRIORITY: '6', ...common, CONTAINER_PARTIAL_MESSAGE: 'true' },
  ]);
});

test(
  'journald: long lines in pieces, no line lost to a busy journal',
  { skip: needsRoot },
  async (t) => {
    const entries = await datagrams(t, {
      path: journal,
      pause: 1,
      command: `seq 1 300; head -c 20000 /dev/zero | tr '\\0' x; echo`,
      words: ['-l', 'journald'],
    });
    const fields = entries.map(fieldsOf);
    assert.equal(
      fields.map(({ MESSAGE }) => MESSAGE).join(''),
      `${Array.from({ length: 300 }, (_, index) => `${index + 1}\n`).join('')}${'x'.repeat(20000)}\n`,
    );
    assert.deepEqual(
      fields
        .slice(300)
        .map((entry) => [entry['MESSAGE']?.length, entry['CONTAINER_PARTIAL_MESSAGE']]),
      [
        [8191, 'true'],
        [8191, 'true'],
        [3619, undefined],
      ],
    );
    assert.equal(fields[0]?.['SYSLOG_IDENTIFIER'], '0123456789ab');
  },
);

test('journald: pieces need not be marked', { skip: needsRoot }, async (t) => {
  const entries = await datagrams(t, {
    path: journal,
    command: 'printf open',
    words: ['-l', 'journald', '--no-container-partial-message'],
  });
  assert.deepEqual(
    entries.map(fieldsOf).map((entry) => entry['CONTAINER_PARTIAL_MESSAGE']),
    [undefined],
  );
});

test('readiness: what a container may say reaches the host', { skip: needsRoot }, async (t) => {
  const send = (message: string): string =>
    `perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => "FOLDER/notify/notify.sock") or die $!; $s->send("${message}")'`;
  const messages = await datagrams(t, {
    path: 'FOLDER/host.sock',
    command: [
      send(String.raw`READY=1\nMAINPID=5\nSTATUS=well`),
      send(String.raw`FDSTORE=1`),
      send(String.raw`WATCHDOG=trigger\nSTOPPING=1`),
    ].join('; '),
    words: ['-l', 'none', '--sdnotify-socket', 'FOLDER/host.sock'],
  });
  assert.deepEqual(messages.map(String), ['READY=1\nSTATUS=well', 'WATCHDOG=trigger\nSTOPPING=1']);
});
