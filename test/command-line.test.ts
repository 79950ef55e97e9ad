// The command line: its forms, its options, and what is said when it is wrong.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Sandbox, client } from './support/sandbox';
import { until } from './support/until';

const sandbox = new Sandbox();
after(() => sandbox.end());

const program = `
const warmed = process.pid;
const { initialisationComplete } = require('prefork-interp');
initialisationComplete();
console.log(JSON.stringify({ warmed, arguments: process.argv.slice(2) }));
`;
const script = sandbox.script('echo.js', program);
chmodSync(sandbox.script('data', 'no program'), 0o644);

interface Answer {
  readonly warmed: number;
  readonly arguments: readonly string[];
}

async function answerTo(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  command = client,
  cwd = sandbox.folder,
): Promise<Answer> {
  const { stdout, stderr, code } = await sandbox.run(command, words, { env, cwd });
  assert.deepEqual({ stderr, code }, { stderr: '', code: 0 });
  return JSON.parse(stdout) as Answer;
}

const see = ' (see prefork-interp --help)';
const long = 'x'.repeat(200);
const room = 107 - sandbox.runDirectory.length - 11;

const wrong: readonly (readonly [words: readonly string[], complaint: string])[] = [
  [[], `name the interpreter to run, after the options${see}`],
  [['-U'], `name the interpreter to run, after the options${see}`],
  [['-U', ''], `name the interpreter to run, after the options${see}`],
  [
    ['node', script],
    `give -U: it says that the script gets all arguments and the whole environment${see}`,
  ],
  [['-UX', 'node', script], `there is no option -X${see}`],
  [['-U', '--fresh', 'node', script], `there is no option --fresh${see}`],
  [
    ['--kill=now', '-U', 'node', script],
    `option --kill takes no value: leave out what follows it${see}`,
  ],
  [['-U', '-E'], `option -E needs a value: write -E VALUE${see}`],
  [['-U', '-G'], `option -G needs a value: write -G VALUE${see}`],
  [['-U', '-g'], `option -g needs a value: write -g VALUE${see}`],
  [['-U', '-g', '', 'node', script], `the value of -g is empty: give a name for the server${see}`],
  [
    ['-U', '-g', 'a/b', 'node', script],
    `the value of -g becomes part of a file name: leave out the slash in a/b${see}`,
  ],
  [
    ['-U', '-g', long, 'node', script],
    `-g ${long} is too long for a socket in ${sandbox.runDirectory}: at most ${room} characters fit`,
  ],
  [['-U,node'], `options in one word, as in a #! line, need a script after them${see}`],
  [['-U,-E,node', script], `option -E needs its value attached in a #! line: write -EVALUE${see}`],
  [
    ['-U', 'no-such-interpreter', script],
    'execute interpreter no-such-interpreter: No such file or directory',
  ],
  [['-U', './data', script], 'execute interpreter ./data: Permission denied'],
];

describe('what cannot be run is refused in one line, and leaves nothing', () => {
  for (const [words, complaint] of wrong) {
    test(complaint.replaceAll(long, 'xxx').slice(0, 72), async () => {
      assert.deepEqual(await sandbox.call(words), {
        stdout: '',
        stderr: `prefork-interp: ${complaint}\n`,
        code: 127,
        signal: null,
      });
      await sandbox.quiet();
      assert.deepEqual(sandbox.runFiles(), []);
    });
  }

  for (const text of ['', '0', '-1', '1e3', '10 s']) {
    test(`PREFORK_INTERP_TIMEOUT=${text}`, async () => {
      const env = { PREFORK_INTERP_TIMEOUT: text };
      const stderr = `prefork-interp: PREFORK_INTERP_TIMEOUT=${text} is no time: give seconds above zero, such as 10 or 0.5\n`;
      const outcome = await sandbox.call(['-U', 'node', script], { env });
      assert.deepEqual(outcome, { stdout: '', stderr, code: 127, signal: null });
      assert.deepEqual(sandbox.runFiles(), []);
    });
  }
});

test('--help is a page on standard output, wherever it stands among the options', async () => {
  const page = await sandbox.call(['--help']);
  assert.deepEqual([page.stderr, page.code], ['', 0]);
  for (const option of ['-U', '-f', '--kill', '-E VAR', '-G STRING', '-g IDENT', '--help']) {
    assert.ok(page.stdout.includes(`\n  ${option} `), option);
  }
  assert.deepEqual(await sandbox.call(['-U', '--help', 'node']), page);
  assert.deepEqual(await sandbox.call(['-U,--help']), page);
});

describe('a #! line', () => {
  const forms = {
    'with commas': `${client} -U,node`,
    'with spaces': `${client} -U node`,
    'with options of more than one letter': `${client} -U,-Gone,-EHOME,node`,
    'through env': `/usr/bin/env -S ${client} -U node`,
    'with the end of the options marked': `/usr/bin/env -S ${client} -U -- node`,
  };
  for (const [form, line] of Object.entries(forms)) {
    test(`${form}: all arguments arrive, and the second call finds the first one's server`, async () => {
      const executable = sandbox.script(form.replaceAll(' ', '-'), `#!${line}\n${program}`);
      const words = ['-U', '', 'a b', '--help', '-f', 'a,b'];
      const first = await answerTo(words, {}, executable);
      assert.deepEqual(first.arguments, words);
      assert.deepEqual(await answerTo([], {}, executable), { ...first, arguments: [] });
    });
  }
});

test('words after the script are never options, nor taken for interpreter and script', async () => {
  for (const words of [['node', script], ['-f', '--kill', '--'], ['--', '-U'], ['']]) {
    assert.deepEqual((await answerTo(['-U', 'node', script, ...words])).arguments, words);
  }
});

describe('which calls share a server', () => {
  const serverFor = async (options: readonly string[], env = {}): Promise<number> =>
    (await answerTo(['-U', ...options, 'node', script], env)).warmed;

  test('-G: those of the same strings, in the same order', async () => {
    const servers = [
      await serverFor([]),
      await serverFor(['-G', 'a']),
      await serverFor(['-G', 'a', '-G', 'b']),
      await serverFor(['-G', 'b', '-G', 'a']),
      await serverFor(['-G', 'ab']),
    ];
    assert.equal(new Set(servers).size, 5);
    assert.equal(await serverFor(['-Ga', '-Gb']), servers[2]);
  });

  test('-E: those with the same value of the variable, or all without one', async () => {
    const under = (value: string | undefined) => serverFor(['-E', 'FLAVOUR'], { FLAVOUR: value });
    const servers = [
      await under('sweet'),
      await under('sour'),
      await under(''),
      await under(undefined),
    ];
    assert.equal(new Set(servers).size, 4);
    assert.equal(await under('sour'), servers[1]);
    assert.equal(await under(undefined), servers[3]);
    // Another variable of the same value is another identity; without -E no variable counts.
    assert.ok(!servers.includes(await serverFor(['-E', 'TASTE'], { TASTE: 'sour' })));
    assert.equal(
      await serverFor([], { FLAVOUR: 'sour' }),
      await serverFor([], { FLAVOUR: 'sweet' }),
    );
  });

  test('-g: those of the same name, whatever else they say', async () => {
    const named = await serverFor(['-g', 'by-name']);
    assert.ok(sandbox.runFiles().includes('sby-name'));
    const other = join(sandbox.folder, 'other');
    mkdirSync(other);
    const words = ['-U', '-G', 'a', '-g', 'by-name', 'node', '-'];
    assert.equal((await answerTo(words, {}, client, other)).warmed, named);
  });

  test('without -g: those in the same directory', async () => {
    const other = join(sandbox.folder, 'elsewhere');
    mkdirSync(other);
    const words = ['-U', 'node', script];
    const there = (await answerTo(words, {}, client, other)).warmed;
    assert.notEqual(there, await serverFor([]));
    assert.equal((await answerTo(words, {}, client, other)).warmed, there);
  });

  test('-f: those that follow, until the next', async () => {
    const before = await serverFor(['-G', 'fresh']);
    const fresh = await serverFor(['-f', '-G', 'fresh']);
    assert.notEqual(fresh, before);
    assert.equal(await serverFor(['-G', 'fresh']), fresh);
  });

  test('--kill: those before it and no others; it runs nothing', async () => {
    const [here, there] = [await serverFor(['-G', 'here']), await serverFor(['-G', 'there'])];
    const before = sandbox.runFiles().length;
    const killed = await sandbox.call(['-U', '--kill', '-G', 'here', 'node', script]);
    assert.deepEqual(killed, { stdout: '', stderr: '', code: 0, signal: null });
    assert.equal(sandbox.runFiles().length, before - 2);
    assert.equal(await serverFor(['-G', 'there']), there);
    assert.notEqual(await serverFor(['-G', 'here']), here);
  });

  test('--kill where there is no server is content, too', async () => {
    const before = sandbox.runFiles();
    const killed = await sandbox.call(['-U', '--kill', '-G', 'nowhere', 'node', script]);
    assert.deepEqual(killed, { stdout: '', stderr: '', code: 0, signal: null });
    assert.deepEqual(sandbox.runFiles(), before);
  });
});

test('when all servers are killed, nothing is left', async () => {
  const another = new Sandbox();
  try {
    another.script('echo.js', program);
    await another.call(['-U', 'node', 'echo.js']);
    await another.call(['-U', '--kill', 'node', 'echo.js']);
    await until('the end of all processes', () => another.processes().length === 0);
    assert.deepEqual(another.runFiles(), []);
  } finally {
    await another.end();
  }
});
