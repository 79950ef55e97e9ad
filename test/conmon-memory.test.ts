// A container that runs out of memory where there is only the second version of cgroups.
//
// Emulated is what the machine under the tests may not have: in a mount namespace of its own the monitor
// finds a real cgroup2 file system at /sys/fs/cgroup, and the container is in a real cgroup there, but its
// folder there is an ordinary one, whose memory.events the test writes in the kernel's place.

import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { Monitored, conmon, fakeRuntime } from './support/monitored';
import { assertTrue, listen, newSandbox } from './support/traces';
import { afterGo, go } from './support/trap';
import { until } from './support/until';

/** Where the second version's file system is, beside the first's or alone. */
const cgroups = readFileSync('/proc/self/mounts', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .find(([, , type]) => type === 'cgroup2')?.[1];

const cannotEmulate =
  process.getuid?.() !== 0
    ? 'needs root, for mounts of its own'
    : cgroups === undefined
      ? 'needs a cgroup2 file system'
      : false;

interface Counts {
  readonly high?: number;
  readonly oom?: number;
  readonly oomKill?: number;
}

/** memory.events, always of one length: when it is written again, no reader finds half of it. */
const eventsText = ({ high = 0, oom = 0, oomKill = 0 }: Counts): string =>
  `low 0\nhigh ${high}\nmax 0\noom ${oom}\noom_kill ${oomKill}\noom_group_kill ${high}\n`;

/** A container whose memory the test watches over. */
class Watched {
  readonly container: Monitored;
  private readonly recorder;
  private readonly memory: string;

  constructor(t: TestContext, command: string, { hasEvents = true }: { hasEvents?: boolean } = {}) {
    const sandbox = newSandbox(t);
    this.recorder = listen(t, sandbox);
    const at = (folder: string): string => join(sandbox.folder, folder);
    this.memory = at('memory');
    for (const folder of ['memory', 'cgroups', 'persist']) mkdirSync(at(folder));
    if (hasEvents) writeFileSync(this.events, eventsText({}));
    const name = `prefork-${basename(sandbox.folder)}`;
    // By then the sandbox has ended all that was in it.
    t.after(() => rmdirSync(join(cgroups ?? '', name)));
    const monitor = sandbox.script(
      'monitor',
      `#!/bin/sh
      exec unshare -m sh -ec '
        mount --bind ${cgroups} ${at('cgroups')}
        mkdir ${at('cgroups')}/${name}
        mount --bind ${at('cgroups')} /sys/fs/cgroup
        mount --bind ${this.memory} /sys/fs/cgroup/${name}
        exec ${conmon} "$@"' sh "$@"\n`,
    );
    const runtime = sandbox.script(
      'runtime',
      `#!/bin/sh\necho $$ >${at('cgroups')}/${name}/cgroup.procs\nexec ${fakeRuntime} "$@"\n`,
    );
    this.container = new Monitored(sandbox, {
      monitor,
      command,
      words: ['-r', runtime, '--persist-dir', at('persist')],
    });
  }

  get events(): string {
    return join(this.memory, 'memory.events');
  }

  /** As the kernel would, without a moment in which the file is empty. */
  count(counts: Counts): void {
    writeFileSync(this.events, eventsText(counts), { flag: 'r+' });
  }

  /** Changes the counts so that no news of it comes: the file is another one from now on. */
  countInSilence(counts: Counts): void {
    linkSync(this.events, `${this.events}.watched`);
    writeFileSync(`${this.events}.new`, eventsText(counts));
    renameSync(`${this.events}.new`, this.events);
  }

  removeCgroup(): void {
    rmSync(this.memory, { recursive: true });
  }

  /** The folders with a file that tells of a lack of memory, of all where there could be one. */
  marks(): readonly string[] {
    const { id, sandbox } = this.container;
    return ['.', 'memory', 'persist', id, `${id}/exits`]
      .filter((folder) => existsSync(join(sandbox.folder, folder, 'oom')))
      .map((folder) => folder.replace(id, 'bundle'));
  }

  /** The events that the actor that watches has taken so far. */
  taken(): readonly string[] {
    return this.recorder
      .records()
      .flatMap((record) =>
        record.kind === 'transition' && record.actor === 'oom' ? [record.event] : [],
      );
  }

  async hasTaken(...events: readonly string[]): Promise<void> {
    await until(
      events.join(),
      () => this.taken().length >= events.length,
      undefined,
      () => this.taken().join(', '),
    );
    assert.deepEqual(this.taken(), events);
  }

  /** Ends the container by itself, with status 3. */
  async end(): Promise<void> {
    go(this.container);
    assert.equal((await this.container.outcome).code, 3);
    assert.equal(this.container.exitFile(), '3');
    await this.container.sandbox.quiet();
    assertTrue(await this.recorder.stop());
  }
}

const inBothPlaces = ['persist', 'bundle'];

describe('where there is only the second version of cgroups', { skip: cannotEmulate }, () => {
  for (const counts of [{ oom: 1 }, { oomKill: 1 }, { oom: 2, oomKill: 1 }]) {
    test(`${JSON.stringify(counts)} is told of while the container runs`, async (t) => {
      const watched = new Watched(t, afterGo('exit 3'));
      await watched.hasTaken('WATCH_STARTED');
      assert.deepEqual(watched.marks(), []);
      watched.count(counts);
      await watched.hasTaken('WATCH_STARTED', 'MEMORY_EVENT', 'OUT_OF_MEMORY');
      await until('the marks', () => watched.marks().length === 2);
      assert.deepEqual(watched.marks(), inBothPlaces);
      assert.equal(watched.container.exitFile(), undefined);
      await watched.end();
    });
  }

  test('other counts mean nothing, before and after', async (t) => {
    const watched = new Watched(t, afterGo('exit 3'));
    await watched.hasTaken('WATCH_STARTED');
    watched.count({ high: 7 });
    await watched.hasTaken('WATCH_STARTED', 'MEMORY_EVENT', 'NOTHING_NEW');
    assert.deepEqual(watched.marks(), []);
    watched.count({ high: 7, oom: 1 });
    const so = ['WATCH_STARTED', 'MEMORY_EVENT', 'NOTHING_NEW', 'MEMORY_EVENT', 'OUT_OF_MEMORY'];
    await watched.hasTaken(...so);
    watched.count({ high: 8, oom: 1 });
    await watched.hasTaken(...so, 'MEMORY_EVENT', 'NOTHING_NEW');
    await watched.end();
    assert.deepEqual(watched.marks(), inBothPlaces);
  });

  test('what no news came of is seen at the end', async (t) => {
    const watched = new Watched(t, afterGo('exit 3'));
    await watched.hasTaken('WATCH_STARTED');
    watched.countInSilence({ oomKill: 1 });
    await watched.end();
    assert.deepEqual(watched.taken(), ['WATCH_STARTED', 'CHECK_ASKED', 'OUT_OF_MEMORY']);
    assert.deepEqual(watched.marks(), inBothPlaces);
  });

  test('at the end of a container that lacked nothing nothing is told', async (t) => {
    const watched = new Watched(t, afterGo('exit 3'));
    await watched.hasTaken('WATCH_STARTED');
    await watched.end();
    assert.deepEqual(watched.taken(), ['WATCH_STARTED', 'CHECK_ASKED', 'NOTHING_NEW']);
    assert.deepEqual(watched.marks(), []);
  });

  test('a cgroup that is removed ends the watch, not the container', async (t) => {
    const watched = new Watched(t, afterGo('exit 3'));
    await watched.hasTaken('WATCH_STARTED');
    watched.removeCgroup();
    await watched.hasTaken('WATCH_STARTED', 'MEMORY_EVENT', 'CGROUP_GONE');
    await watched.end();
    assert.deepEqual(watched.marks(), []);
  });

  test('a cgroup without the memory controller leaves the container unwatched', async (t) => {
    const watched = new Watched(t, afterGo('exit 3'), { hasEvents: false });
    await watched.hasTaken('NO_WATCH');
    await watched.end();
    assert.deepEqual(watched.marks(), []);
  });
});
