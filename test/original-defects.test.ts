// What the original does wrong: the same check passes on ours and fails there.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { PrivateHome, cannotCompare } from './support/private-home';
import { isAlive, isOurProgram } from './support/processes';
import { client, kill, outcomeOf } from './support/sandbox';
import { node, perl, promise } from './support/systems';
import type { Stage } from './support/systems';
import { until } from './support/until';

promise(
  'the exit status is exact, call after call',
  { ours: node('process.exitCode = 7;'), original: perl('exit 7;') },
  /Expected values to be strictly deep-equal.*SIGINT/s,
  async ({ home, client, words }) => {
    const ends = [];
    for (let calls = 0; calls < 40; ++calls) {
      const { code, signal } = await home.run(client, words);
      ends.push(code ?? signal);
    }
    assert.deepEqual(ends, Array(40).fill(7));
  },
);

promise(
  'a script gets its arguments and no others',
  {
    ours: node('console.log(JSON.stringify(process.argv.slice(2)));'),
    original: perl('use JSON::PP; print encode_json([@ARGV]); POSIX::_exit(0);'),
  },
  /Expected values to be strictly deep-equal.*\/program/s,
  async ({ home, client, words }) => {
    const { stdout } = await home.run(client, [...words, 'one', 'two']);
    assert.deepEqual(JSON.parse(stdout), ['one', 'two']);
  },
);

/** The processor time that a process has used, in ticks of a hundredth of a second. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function watcherOf({ home }: Stage): number {
  const [watcher, ...others] = home
    .processes()
    .filter((process) => process.pid === process.session && isOurProgram(process));
  assert.ok(watcher !== undefined);
  assert.deepEqual(others, []);
  return watcher.pid;
}

function socketOf({ home }: Stage): string {
  const [name] = home.runFiles().filter((file) => file.startsWith('s'));
  assert.ok(name !== undefined);
  return join(home.runDirectory, name);
}

promise(
  'a watcher sleeps, whatever happens to its socket, and still sees it go',
  { ours: node(''), original: perl('') },
  /^AssertionError.*the watcher burns/,
  async (stage) => {
    await stage.home.run(stage.client, stage.words);
    const watcher = watcherOf(stage);
    const socket = socketOf(stage);
    chmodSync(socket, 0o700);
    const before = ticksOf(watcher);
    // The yardstick is work of this process's own, not time: there may be others on this machine.
    const start = process.cpuUsage();
    for (let used = 0; used < 400_000;) {
      const { user, system } = process.cpuUsage(start);
      used = user + system;
    }
    const burnt = ticksOf(watcher) - before;
    assert.ok(burnt <= 3, `the watcher burns processor time: ${burnt} ticks`);
    assert.ok(isAlive(watcher));
    unlinkSync(socket);
    await stage.home.quiet();
  },
);

promise(
  'a script that heeds no interrupt does not outlive its caller',
  {
    ours: node(`
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => appendFileSync('heard', signal + ' '));
      console.log(process.pid);
      setInterval(() => undefined, 1000);`),
    original: perl(`
      for my $signal (qw(INT TERM)) {
        $SIG{$signal} = sub { open my $file, '>>', 'heard' or die; print $file "SIG$signal "; };
      }
      print "$$\\n";
      sleep 1 while 1;`),
  },
  /waited \d+ s in vain for: the end of the script/,
  async ({ home, client, words, patience }) => {
    const call = home.start(client, words);
    assert.ok(call.stdout !== null && call.pid !== undefined);
    const [line] = (await once(createInterface({ input: call.stdout }), 'line')) as [string];
    kill(call.pid, 'SIGKILL');
    await until('the end of the script', () => !isAlive(Number(line)), 3 * patience);
    // The last word, SIGKILL, nobody hears.
    assert.equal(readFileSync(join(home.folder, 'heard'), 'utf8'), 'SIGINT SIGTERM ');
  },
);

promise(
  'of a crowded run directory the hundred youngest servers stay',
  { ours: node(''), original: perl('') },
  /50 !== 100/,
  async ({ home, client, words }) => {
    mkdirSync(home.runDirectory, { recursive: true, mode: 0o700 });
    const names = Array.from({ length: 150 }, (_, age) => `aged-${1000 + age}`);
    const paths = names.map((name) => join(home.runDirectory, `s${name}`));
    // Node removes the sockets that it made; these are to be left over.
    const bind = 'IO::Socket::UNIX->new(Local => $_, Listen => 1) or die for @ARGV';
    assert.equal(spawnSync('perl', ['-MIO::Socket::UNIX', '-e', bind, ...paths]).status, 0);
    const now = Date.now() / 1000;
    paths.forEach((path, age) => utimesSync(path, now - 1000 - age * 10, now));
    await home.run(client, words);
    const left = home.runFiles().filter((name) => name.startsWith('saged'));
    assert.equal(left.length, 100);
    assert.deepEqual(
      left,
      names.slice(0, 100).map((name) => `s${name}`),
    );
    // The socket's lock goes with it.
    const idents = new Set(home.runFiles().map((name) => name.slice(1)));
    assert.equal(idents.size, 101);
  },
);

for (const [index, signal] of (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const).entries()) {
  promise(
    `${signal} to the client is the script's to handle`,
    {
      ours: node(`
        process.on('${signal}', (name) => { console.log(name); process.exit(${40 + index}); });
        console.log('ready');
        setInterval(() => undefined, 1000);`),
      original: perl(`
        $SIG{${signal.slice(3)}} = sub { print "SIG$_[0]\\n"; POSIX::_exit(${40 + index}); };
        print "ready\\n";
        sleep 1 while 1;`),
    },
    /Expected values to be strictly deep-equal/,
    async ({ home, client, words }) => {
      const call = home.start(client, words);
      const ended = outcomeOf(call);
      assert.ok(call.stdout !== null && call.pid !== undefined);
      await once(createInterface({ input: call.stdout }), 'line');
      kill(call.pid, signal);
      const { code, stdout } = await ended;
      assert.deepEqual({ code, stdout }, { code: 40 + index, stdout: `ready\n${signal}\n` });
    },
  );
}

test('a signal reaches the script as soon as it runs', { skip: cannotCompare }, async (t) => {
  const home = new PrivateHome();
  t.after(() => home.end());
  const script = home.script(
    'program',
    node(`
      process.on('SIGTERM', () => process.exit(41));
      console.log('ready');
      setInterval(() => undefined, 1000);`),
  );
  const words = ['-U', process.execPath, script];
  // The client is held up where it has just sent the request; the script runs meanwhile.
  const inject = ['-e', 'trace=sendto', '-e', 'inject=sendto:delay_exit=100000:when=2+'];
  for (const tracer of [[], ['strace', '-D', '-qq', '-o', '/dev/null', ...inject]]) {
    const [command = client, ...rest] = [...tracer, client, ...words];
    const call = home.start(command, rest);
    const ended = outcomeOf(call);
    assert.ok(call.stdout !== null && call.pid !== undefined);
    await once(createInterface({ input: call.stdout }), 'line');
    kill(call.pid, 'SIGTERM');
    const { code, signal } = await ended;
    assert.deepEqual({ code, signal }, { code: 41, signal: null });
  }
});
