// The client killed at any of its system calls: nobody else may suffer, nothing may stay behind.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Sandbox, client } from './support/sandbox';

// Cheap to start, and ends by _exit: its library reports other ends as an interrupt at times.
const script = `use POSIX ();
  use Proc::Prefork::Interp;
  prefork_initialisation_complete();
  syswrite STDOUT, "out $ARGV[-1]\\n";
  POSIX::_exit(3);`;

/** Where to kill: the nth call of this name. strace counts each name by itself. */
interface Place {
  readonly name: string;
  readonly nth: number;
}

/** Every system call of a client that runs to its end, in order, but for the one that starts it. */
async function placesOf(sandbox: Sandbox, words: readonly string[]): Promise<Place[]> {
  const trace = join(sandbox.folder, 'trace');
  await sandbox.run('strace', ['-qq', '-o', trace, client, ...words]);
  const counts = new Map<string, number>();
  return readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => /^[a-z]\w+(?=\()/.exec(line)?.[0] ?? [])
    .map((name) => {
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      return { name, nth };
    })
    .slice(1);
}

for (const start of ['cold', 'warm'] as const) {
  test(`a client killed at a system call of a ${start} start leaves no damage`, async (t) => {
    const sandbox = new Sandbox();
    t.after(() => sandbox.end());
    const words = ['-U', 'perl', sandbox.script('out.pl', script)];
    const kill = async (): Promise<void> => {
      const outcome = await sandbox.call(['--kill', ...words]);
      assert.deepEqual(outcome, { stdout: '', stderr: '', code: 0, signal: null });
      await sandbox.quiet();
      assert.deepEqual(sandbox.runFiles(), []);
    };
    const assertWorks = async (word: string): Promise<void> => {
      const outcome = await sandbox.call([...words, word]);
      assert.deepEqual(outcome, { stdout: `out ${word}\n`, stderr: '', code: 3, signal: null });
    };
    if (start === 'warm') await assertWorks('first');
    const places = await placesOf(sandbox, words);
    if (start === 'cold') await kill();

    let killed = 0;
    for (const { name, nth } of places) {
      const fault = ['-qq', '-o', '/dev/null', '-e', `inject=${name}:signal=KILL:when=${nth}`];
      const victim = await sandbox.run('strace', [...fault, client, ...words, 'victim']);
      if (victim.signal === 'SIGKILL') ++killed;
      await assertWorks(`after ${name} ${nth}`);
      if (start === 'cold') await kill();
    }
    // How often a client polls is not the same each time.
    assert.ok(killed > places.length - 10, `${killed} of ${places.length}`);
    await kill();
  });
}
