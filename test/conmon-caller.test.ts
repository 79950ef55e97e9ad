// What a monitor tells its caller, and when.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { Monitored, conmon, fakeRuntime, type Launch } from './support/monitored';
import { Sandbox, outcomeOf } from './support/sandbox';
import { until } from './support/until';

function launch(t: TestContext, options: Launch): Monitored {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  return new Monitored(sandbox, options);
}

test('a runtime that fails is told of, and the exit command still runs', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const tidy = sandbox.script('tidy', '#!/bin/sh\necho "$@" >"$FK_LOG.tidy"\n');
  for (const [words, line] of [
    [[], /^{"data": -1, "message": "no \\"x\\"\\n"}\n$/],
    [['-e', '--exec-process-spec', 'spec'], /^{"data": -1, "message": "no \\"x\\"\\n"}\n$/],
  ] as const) {
    const container = new Monitored(sandbox, {
      words: [...words, '--exit-command', tidy, '--exit-command-arg', 'a b', '--exit-command-arg='],
      env: { FK_FAIL: 'no "x"\n' },
    });
    assert.equal((await container.outcome).code, 1);
    assert.match(await container.allTold, line);
    assert.equal(readFileSync(container.path('runtime-words.tidy'), 'utf8'), 'a b \n');
    assert.equal(container.exitFile(), undefined);
  }
  const silent = new Monitored(sandbox, { env: { FK_FAIL: '' } });
  await silent.outcome;
  assert.equal(await silent.allTold, '{"data": -1}\n');
});

test('a runtime that leaves no pid is told of', async (t) => {
  const container = launch(t, {
    command: 'exit 0',
    words: ['-e', '--exec-process-spec', 'spec'],
    env: { FK_NO_PID: '1' },
  });
  assert.equal((await container.outcome).code, 1);
  assert.match(await container.allTold, /^{"data": -1, "message": "Failed to read pidfile: /);
});

test('a process in a container: its status goes to the caller', async (t) => {
  const words = ['-e', '--exec-process-spec', 'spec'];
  const container = launch(t, { command: 'exit 9', words });
  await container.outcome;
  assert.match(await container.allTold, /^{"data": \d+}\n{"data": 9}\n$/);
});

test('a process in a container starts when the caller is attached', async (t) => {
  const container = launch(t, {
    command: 'echo first words; exit 2',
    words: ['-e', '--exec-process-spec', 'spec', '--exec-attach'],
    startPipe: true,
    attachPipe: true,
  });
  container.release();
  await until('word that one may attach', () => container.toldOfAttaching === '{"data": 0}\n');
  const client = await container.attach('output');
  const shown = outcomeOf(client);
  assert.ok(!existsSync(container.path('runtime-words')));
  container.release();
  assert.equal((await shown).stdout, 'first words\n');
  assert.match(await container.allTold, /^{"data": \d+}\n{"data": 2}\n$/);
});

test('callers of the older form are told the same in other words', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const told = (options: Launch): Promise<string> =>
    new Monitored(sandbox, { ...options, api: 0 }).allTold;
  const exec = ['-e', '--exec-process-spec', 'spec'];
  assert.match(await told({ command: 'exit 3' }), /^{"pid": \d+}\n$/);
  assert.equal(await told({ env: { FK_FAIL: 'why' } }), '{"pid": -1, "message": "why"}\n');
  assert.equal(await told({ command: 'exit 3', words: exec }), '{"exit_code": 3}\n');
  assert.equal(
    await told({ words: exec, env: { FK_FAIL: 'why' } }),
    '{"exit_code": -1, "message": "why"}\n',
  );
});

test('the log is on disk, and so is the exit status, before the caller hears of the end', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const persist = sandbox.folder;
  const trace = `${sandbox.folder}/calls`;
  const wrapper = sandbox.script(
    'monitor',
    `#!/bin/sh\nexec strace -qq -o ${trace} -e trace=fsync,fdatasync,rename,write ${conmon} "$@"\n`,
  );
  const container = new Monitored(sandbox, {
    monitor: wrapper,
    command: 'echo x; exit 3',
    words: ['-e', '--exec-process-spec', 'spec', '--persist-dir', persist],
  });
  await container.outcome;
  const calls = readFileSync(trace, 'utf8').split('\n');
  const names = calls.flatMap((call) => {
    const [, name = '', rest = ''] = /^(\w+)\((.*)/.exec(call) ?? [];
    if (name === 'rename') return [rest.includes('/exits/') ? 'rename plain' : 'rename lasting'];
    if (name === 'write') return rest.includes('{\\"data\\": 3}') ? ['tell'] : [];
    return [name];
  });
  assert.deepEqual(
    names.filter((name) => name !== ''),
    [
      ...[
        'fdatasync',
        'fsync',
        'rename lasting',
        'fsync',
        'fsync',
        'rename plain',
        'fsync',
        'tell',
      ],
    ],
  );
});

test('a process that ends before the runtime does: first its pid is told, then its end', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  for (const terminal of [[], ['-t']]) {
    const container = new Monitored(sandbox, {
      command: 'exit 5',
      words: ['-e', '--exec-process-spec', 'spec', ...terminal],
      env: { FK_WAIT: '1' },
    });
    assert.equal((await container.outcome).code, 5);
    assert.match(await container.allTold, /^{"data": [1-9]\d*}\n{"data": 5}\n$/);
  }
});

test('a process of which no bundle is known has no doors', async (t) => {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  const words = ['-c', 'id', '-u', 'u', '-r', fakeRuntime, '-l', 'none', '-p', 'pidfile', '--sync'];
  const { code } = await sandbox.run(conmon, [...words, '-e', '--exec-process-spec', 'spec'], {
    env: { FK_CMD: `ls -a ${sandbox.folder} >${sandbox.folder}/seen; exit 3` },
  });
  assert.equal(code, 3);
  const seen = readFileSync(`${sandbox.folder}/seen`, 'utf8').split('\n');
  for (const door of ['attach', 'ctl', 'winsz']) assert.ok(!seen.includes(door), door);
});
