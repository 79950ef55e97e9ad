// What the original's server does wrong: the same check passes on ours and fails there.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { descriptorsOf, isAlive } from './support/processes';
import { kill } from './support/sandbox';
import { perl, promise } from './support/systems';
import type { Stage } from './support/systems';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

// As the waiting script, in Perl; it ends by _exit, so that its status is exact there too.
const waitingPerl = (options: string): string =>
  perl(
    `
    sub parent_of {
      open my $file, '<', "/proc/$_[0]/stat" or die;
      return <$file> =~ /\\) . (\\d+)/ ? $1 : die;
    }
    my $monitor = parent_of('self');
    printf qq({"server":%d,"monitor":%d,"executor":%d}\\n), parent_of($monitor), $monitor, $$;
    my $input = join '', <STDIN>;
    print "$input\\n";
    POSIX::_exit($ENV{STATUS} // 0);`,
    options,
  );

const limited = {
  ours: waitingScript('{ maxServers: 1 }'),
  original: waitingPerl('max_servers => 1'),
};

function socketOf({ home }: Stage): string {
  const [name] = home.runFiles().filter((file) => file.startsWith('s'));
  assert.ok(name !== undefined);
  return join(home.runDirectory, name);
}

/** Ends of sockets at this path: the server's own, and one for every caller that it has not yet accepted. */
function endsAt(path: string): number {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return lines.filter((line) => line.endsWith(` ${path}`)).length;
}

/** One call that runs, with as many as may; another that waits for its end. */
async function crowd(stage: Stage) {
  const start = (env = {}): WaitingCall =>
    WaitingCall.start(stage.home, stage.words, { env }, stage.client);
  const running = start({ STATUS: '3' });
  const { server } = await running.running();
  const socket = socketOf(stage);
  // The call that started the server has come by a pair of sockets without a name.
  const waiting = start();
  await until('the second call to wait', () => endsAt(socket) === 2);
  return { running, server, socket, waiting };
}

/** The calls end as they should; the one that had to wait was served while the other still ran. */
async function bothServed({ running, waiting, server }: Awaited<ReturnType<typeof crowd>>) {
  const fresh = await waiting.running();
  assert.notEqual(fresh.server, server);
  assert.equal((await waiting.finish('late')).stdout.trim(), 'late');
  const outcome = await running.finish('early');
  assert.deepEqual([outcome.code, outcome.stdout.trim()], [3, 'early']);
}

promise(
  'a server at its limit ends when its socket is removed',
  limited,
  /in vain for: the end of the server/,
  async (stage) => {
    const calls = await crowd(stage);
    unlinkSync(calls.socket);
    await until('the end of the server', () => !isAlive(calls.server), stage.patience);
    await bothServed(calls);
  },
);

promise(
  'a server at its limit ends when its program changes',
  limited,
  /in vain for: the end of the server/,
  async (stage) => {
    const calls = await crowd(stage);
    utimesSync(stage.script, new Date(), new Date());
    await until('the end of the server', () => !isAlive(calls.server), stage.patience);
    await bothServed(calls);
  },
);

promise(
  'a server at its limit that is told to terminate leaves nothing behind',
  limited,
  /in vain for: the end of the socket/,
  async (stage) => {
    const calls = await crowd(stage);
    const before = stage.home.runFiles();
    // The waiting call would start another server: it goes first.
    kill(calls.waiting.client, 'SIGKILL');
    await calls.waiting.outcome();
    kill(calls.server, 'SIGTERM');
    await until('the end of the socket', () => stage.home.runFiles().length === 0, stage.patience);
    assert.equal(before.length, 2);
    assert.equal((await calls.running.finish('early')).code, 3);
    await stage.home.quiet();
  },
);

promise(
  'a server gives up after too many failures to accept',
  { ours: waitingScript('{ maxErrors: 2 }'), original: waitingPerl('max_errors => 2') },
  /in vain for: the end of the server/,
  async (stage) => {
    const first = WaitingCall.start(stage.home, stage.words, {}, stage.client);
    const { server } = await first.running();
    assert.equal((await first.finish('')).code, 0);
    // After the first call a server still has something to do; once it has served another it is at rest.
    const again = WaitingCall.start(stage.home, stage.words, {}, stage.client);
    assert.equal((await again.running()).server, server);
    assert.equal((await again.finish('')).code, 0);
    // No more descriptors than it has: the lowest free number is out of bounds.
    const taken = await until('the server to be idle', () => {
      const numbers = descriptorsOf(server);
      return [...numbers.values()].every((target) => !target.includes('pidfd')) && numbers;
    });
    let free = 0;
    while (taken.has(free)) ++free;
    const limit = spawnSync('prlimit', [`--pid=${server}`, `--nofile=${free}:${free}`]);
    assert.equal(limit.status, 0);

    const second = WaitingCall.start(stage.home, stage.words, {}, stage.client);
    await until('the end of the server', () => !isAlive(server), stage.patience);
    assert.notEqual((await second.running()).server, server);
    assert.equal((await second.finish('')).code, 0);
  },
);
