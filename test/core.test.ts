import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const original = '/usr/bin/prefork-interp';
const identityMain = path.join(__dirname, 'identity_main');

test('effects and formats do what their headers say', () => {
  const run = spawnSync(path.join(__dirname, 'core_test'), { encoding: 'utf8' });
  assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
});

const scratch = mkdtempSync(path.join(tmpdir(), 'core-test-'));
after(() => rmSync(scratch, { recursive: true }));

/** Where a command line is tried: what the socket path depends on besides the command line. */
interface Place {
  /** Is there a /var/run/user/<uid>? If not, the home directory serves. */
  readonly session: boolean;
  /** In /run, which is empty in every namespace. */
  readonly home: string;
  readonly nodeName: string;
}

const plain: Place = { session: true, home: '/run/home', nodeName: 'node' };

/**
 * Runs a command as root of private user, mount and host name namespaces, so that neither the
 * user's own servers nor those of other tests can be hit by the original's tidying.
 */
const runIn = (
  place: Place,
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
) => {
  const users = path.join(scratch, 'passwd');
  writeFileSync(users, `root:x:0:0:root:${place.home}:/bin/sh\n`);
  const prepare = [
    'set -e',
    'mount -t tmpfs none /run',
    place.session ? 'mkdir -p -m 755 /run/user && mkdir -m 700 /run/user/0' : '',
    `mkdir '${place.home}'`,
    `mount --bind '${users}' /etc/passwd`,
    `hostname '${place.nodeName}'`,
    'exec "$@"',
  ].join('\n');
  const words = ['--user', '--map-root-user', '--mount', '--uts', 'sh', '-c', prepare, 'sh'];
  const { PREFORK_INTERP_RUN_DIR: _, ...inherited } = process.env;
  return spawnSync('unshare', [...words, ...command], {
    cwd: options.cwd ?? scratch,
    env: { ...inherited, ...options.env },
    encoding: 'utf8',
  });
};

const canCompare = (): string | false => {
  if (!existsSync(original)) return `${original} is not installed`;
  const tried = runIn(plain, ['strace', '-o', '/dev/null', 'true']);
  return tried.status === 0 ? false : `no private namespaces or no strace: ${tried.stderr}`;
};

/** The path of the socket that the original wants gone: `--kill` ends no server of anybody's here. */
const pathOfOriginal = (...[place, words, options]: Case): string => {
  const trace = path.join(scratch, 'trace');
  const strace = ['strace', '-s', '4096', '-e', 'trace=?unlink,unlinkat', '-o', trace];
  const run = runIn(place, [...strace, original, ...words], options);
  assert.equal(run.status, 0, run.stderr);
  const socket = /unlink(?:at)?\((?:AT_FDCWD, )?"([^"]*\/s[^"/]*)"/.exec(
    readFileSync(trace, 'utf8'),
  );
  assert.ok(socket?.[1]);
  return socket[1];
};

const pathOfOurs = (...[place, words, options]: Case): string => {
  const run = runIn(place, [identityMain, ...words], options);
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trimEnd();
};

type Case = readonly [
  place: Place,
  words: readonly string[],
  options?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
];

const env = { SET: 'some value', EMPTY: '', UNSET: undefined };
const inHome: Place = { ...plain, session: false };
const longHome = (length: number): Place => ({
  ...inHome,
  home: '/run/'.padEnd(length, 'h'),
});

const cases: Readonly<Record<string, Case>> = {
  'no script': [plain, ['-U', '--kill', 'perl']],
  'a script': [plain, ['-U', '--kill', 'perl', 'script.pl']],
  'an empty script': [plain, ['-U', '--kill', 'perl', '']],
  'arguments, which do not count': [plain, ['-U', '--kill', 'perl', 'script.pl', '-x', 'y']],
  'a word instead of the script': [plain, ['-U', '--kill', 'perl', '--', 'x']],
  'an interpreter after --': [plain, ['-U', '--kill', '--', '-perl', 'x']],
  'a #! line with spaces': [plain, ['-U --kill -Ga,b /usr/bin/perl', 'x', 'y']],
  'a #! line with commas': [plain, ['-U,--kill,-Ga,/usr/bin/perl', 'x', 'y']],
  'a #! line with a blank in the interpreter': [plain, ['-U --kill /opt/my perl', 'x']],
  'a #! line with --': [plain, ['-U --kill -- perl', 'x']],
  'a string': [plain, ['-U', '--kill', '-G', 'one', 'perl', 'x']],
  'an empty string': [plain, ['-U', '--kill', '-G', '', 'perl', 'x']],
  'strings in order': [plain, ['-U', '--kill', '-Gone', '-Gtwö', 'perl', 'x']],
  'strings in another order': [plain, ['-U', '--kill', '-Gtwö', '-Gone', 'perl', 'x']],
  'a set variable': [plain, ['-U', '--kill', '-E', 'SET', 'perl', 'x'], { env }],
  'an empty variable': [plain, ['-UEEMPTY', '--kill', 'perl', 'x'], { env }],
  'an unset variable': [plain, ['-U', '--kill', '-EUNSET', 'perl', 'x'], { env }],
  'a variable without a name': [plain, ['-U', '--kill', '-E', '', 'perl', 'x'], { env }],
  'a variable that cannot be': [plain, ['-U', '--kill', '-E', '=SET', 'perl', 'x'], { env }],
  'variables and strings': [
    plain,
    ['-U', '--kill', '-ESET', '-Ga', '-EUNSET', '-Gb', '-EEMPTY', 'perl', 'x'],
    { env },
  ],
  'another current directory': [plain, ['-U', '--kill', 'perl', 'x'], { cwd: '/' }],
  'a given ident': [plain, ['-U', '--kill', '-g', 'mine', '-Ga', 'perl', 'x']],
  'the last ident': [plain, ['-U', '--kill', '-g', 'one', '-g', 'two', 'perl']],
  'the home directory': [inHome, ['-U', '--kill', 'perl', 'x']],
  'a host name with a domain': [
    { ...inHome, nodeName: 'node.example.org' },
    ['-U', '--kill', 'perl', 'x'],
  ],
  'a long host name': [{ ...inHome, nodeName: 'n'.repeat(60) }, ['-U', '--kill', 'perl', 'x']],
  'a long home directory': [longHome(36), ['-U', '--kill', 'perl', 'x']],
  'the longest home directory': [longHome(42), ['-U', '--kill', 'perl', 'x']],
  'a given ident where no hash fits': [longHome(60), ['-U', '--kill', '-g', 'mine', 'perl', 'x']],
};

test('servers have the same sockets as the original gives them', { skip: canCompare() }, () => {
  const seen = new Map<string, string>();
  for (const [name, one] of Object.entries(cases)) {
    const ours = pathOfOurs(...one);
    assert.equal(ours, pathOfOriginal(...one), name);
    if (!seen.has(ours)) seen.set(ours, name);
  }
  // Most cases must differ from each other, else the comparison compares little.
  assert.ok(seen.size >= Object.keys(cases).length - 3);
});

test(
  'neither of the two finds room for a hash in too long a home directory',
  { skip: canCompare() },
  () => {
    const words = ['-U', '--kill', 'perl', 'x'];
    const tooLong = longHome(43);
    assert.equal(runIn(tooLong, [original, ...words]).status, 127);
    const ours = runIn(tooLong, [identityMain, ...words]);
    assert.equal(ours.status, 127);
    assert.match(ours.stderr, /too long for sockets in it: set PREFORK_INTERP_RUN_DIR/);
  },
);
