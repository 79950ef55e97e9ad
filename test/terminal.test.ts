// At a terminal: Ctrl-C, Ctrl-Z and fg, and what the script sees of it.

import assert from 'node:assert/strict';
import { type ChildProcess } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { isAlive, isOurProgram, processInfo } from './support/processes';
import { Sandbox, client, firstOutput, kill, outcomeOf } from './support/sandbox';
import { until } from './support/until';

/** A shell with job control at a terminal of its own, whose screen can be read and keyboard used. */
class Terminal {
  screen = '';
  readonly ended: Promise<unknown>;
  private readonly child: ChildProcess;

  constructor(sandbox: Sandbox, commands: string) {
    // Without the trap the shell would end with a command that the interrupt has ended.
    const shell = sandbox.script('commands', `set -m\ntrap : INT\n${commands}\n`);
    const words = ['-qec', `bash --norc ${shell}`, '/dev/null'];
    this.child = sandbox.start('script', words, { stdio: 'pipe' });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.screen += chunk.toString()));
    this.ended = outcomeOf(this.child);
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Waits until the screen shows this; returns what its first group matched. */
  async shows(pattern: RegExp): Promise<string> {
    const found = await until(
      `${pattern} in ${JSON.stringify(this.screen)}`,
      () => pattern.exec(this.screen) ?? undefined,
    );
    return found[1] ?? found[0];
  }
}

const interrupt = '\x03';
const suspend = '\x1a';

const script = (more = ''): string => `
const { initialisationComplete } = require('prefork-interp');
initialisationComplete();
${more}
console.log('script ' + process.pid + ' tty ' + [0, 1, 2].map((fd) => require('tty').isatty(fd)) +
  ' ' + process.stdout.isTTY + '.');
setInterval(() => {}, 1000);
`;

function newSandbox(t: TestContext, text: string) {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const path = sandbox.script('script.js', text);
  const call = `${client} -U ${process.execPath} ${path}`;
  const end = async (): Promise<void> => {
    await sandbox.call(['-U', '--kill', process.execPath, path]);
    await sandbox.quiet();
    assert.deepEqual(sandbox.runFiles(), []);
  };
  return { sandbox, call, end };
}

for (const start of ['first', 'later']) {
  test(`Ctrl-C ends a ${start} call by the interrupt`, async (t) => {
    const { sandbox, call, end } = newSandbox(t, script());
    if (start === 'later') {
      const earlier = sandbox.start('sh', ['-c', `exec ${call}`]);
      await firstOutput(earlier);
      kill(earlier.pid ?? 0, 'SIGTERM');
      await outcomeOf(earlier);
    }
    const terminal = new Terminal(sandbox, `${call}\necho "status $?."`);
    const pid = Number(await terminal.shows(/script (\d+) tty true,true,true true\./));
    terminal.type(interrupt);
    assert.equal(await terminal.shows(/status (\d+)\./), '130');
    await terminal.ended;
    assert.ok(!isAlive(pid));
    await end();
  });
}

test('a script that handles Ctrl-C ends as it likes', async (t) => {
  const handler = `process.on('SIGINT', () => { console.log('handled.'); process.exit(7); });`;
  const { sandbox, call, end } = newSandbox(t, script(handler));
  const terminal = new Terminal(sandbox, `${call}\necho "status $?."`);
  await terminal.shows(/script (\d+) tty/);
  terminal.type(interrupt);
  assert.equal(await terminal.shows(/status (\d+)\./), '7');
  assert.equal(terminal.screen.match(/handled\./g)?.length, 1);
  await terminal.ended;
  await end();
});

test('Ctrl-Z stops the script and its caller, fg continues both', async (t) => {
  const { sandbox, call, end } = newSandbox(t, script());
  const commands = `${call}\necho "stopped $?."\nread word\nfg\necho "status $?."`;
  const terminal = new Terminal(sandbox, commands);
  const pid = Number(await terminal.shows(/script (\d+) tty/));
  terminal.type(suspend);
  assert.equal(await terminal.shows(/stopped (\d+)\./), '148');
  await until('the script to stop', () => processInfo(pid)?.state === 'T');
  terminal.type('go on\n');
  await until('the script to go on', () => processInfo(pid)?.state === 'S');
  terminal.type(interrupt);
  assert.equal(await terminal.shows(/status (\d+)\./), '130');
  await terminal.ended;
  await end();
});

test('a client killed at the terminal takes its script with it', async (t) => {
  const { sandbox, call, end } = newSandbox(t, script());
  const terminal = new Terminal(sandbox, `${call}\necho "status $?."`);
  const pid = Number(await terminal.shows(/script (\d+) tty/));
  const caller = await until('the client', () =>
    sandbox.processes().find((process) => isOurProgram(process) && process.pid !== process.session),
  );
  kill(caller.pid, 'SIGKILL');
  assert.equal(await terminal.shows(/status (\d+)\./), '137');
  await until('the end of the script', () => !isAlive(pid), 5);
  await terminal.ended;
  await end();
});
