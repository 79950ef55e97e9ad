// Each option of the container monitor by itself: its spellings, and which values it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conmon } from './support/monitored';
import { newSandbox } from './support/traces';

type Kind = 'flag' | 'text' | 'number' | 'long number';

// Every option: its name, its letter if it has one, what it takes, and whether --help leaves it out.
const options: readonly (readonly [name: string, letter: string, kind: Kind, hidden?: 'hidden'])[] =
  [
    ['api-version', '', 'flag'],
    ['bundle', 'b', 'text'],
    ['cid', 'c', 'text'],
    ['conmon-pidfile', 'P', 'text'],
    ['container-pidfile', 'p', 'text'],
    ['cuuid', 'u', 'text'],
    ['exec', 'e', 'flag'],
    ['exec-attach', '', 'flag'],
    ['exec-process-spec', '', 'text'],
    ['exit-command', '', 'text'],
    ['exit-command-arg', '', 'text'],
    ['exit-delay', '', 'number'],
    ['exit-dir', '', 'text'],
    ['full-attach', '', 'flag'],
    ['leave-stdin-open', '', 'flag'],
    ['log-allowlist-dir', '', 'text'],
    ['log-global-size-max', '', 'long number'],
    ['log-label', '', 'text'],
    ['log-level', '', 'text'],
    ['log-max-files', '', 'number'],
    ['log-path', 'l', 'text'],
    ['log-rotate', '', 'flag'],
    ['log-size-max', '', 'long number'],
    ['log-tag', '', 'text'],
    ['name', 'n', 'text'],
    ['no-container-partial-message', '', 'flag'],
    ['no-new-keyring', '', 'flag'],
    ['no-pivot', '', 'flag'],
    ['no-sync-log', '', 'flag'],
    ['persist-dir', '0', 'text'],
    ['pidfile', '', 'text', 'hidden'],
    ['replace-listen-pid', '', 'flag'],
    ['restore', '', 'text'],
    ['restore-arg', '', 'text', 'hidden'],
    ['runtime', 'r', 'text'],
    ['runtime-arg', '', 'text'],
    ['runtime-opt', '', 'text'],
    ['sdnotify-socket', '', 'text'],
    ['seccomp-notify-plugins', '', 'text', 'hidden'],
    ['seccomp-notify-socket', '', 'text', 'hidden'],
    ['socket-dir-path', '', 'text'],
    ['stdin', 'i', 'flag'],
    ['sync', '', 'flag'],
    ['syslog', '', 'flag'],
    ['systemd-cgroup', 's', 'flag'],
    ['terminal', 't', 'flag'],
    ['timeout', 'T', 'number'],
  ];

const largest = { number: 2n ** 31n - 1n, 'long number': 2n ** 63n - 1n };

for (const [name, letter, kind, hidden] of options) {
  test(`--${name}${letter === '' ? '' : `, -${letter}`}: ${kind}`, async (t) => {
    const sandbox = newSandbox(t);
    const spellings = [`--${name}`, ...(letter === '' ? [] : [`-${letter}`])];
    /** The version is told only when all words could be taken. */
    const taken = async (...words: readonly string[]): Promise<void> => {
      const { stderr, code } = await sandbox.run(conmon, [...words, '--version']);
      assert.deepEqual([stderr, code], ['', 0], words.join(' '));
    };
    const refused = async (why: string, ...words: readonly string[]): Promise<void> => {
      const { stdout, stderr, code } = await sandbox.run(conmon, words);
      const message = `conmon: option parsing failed: ${why}\n`;
      assert.deepEqual([stdout, stderr, code], ['', message, 1], words.join(' '));
    };

    await refused(`Unknown option --${name}x`, `--${name}x`);
    for (const spelling of spellings) {
      if (kind === 'flag') {
        await taken(spelling);
        continue;
      }
      await refused(`Missing argument for ${spelling}`, spelling);
      if (kind === 'text') {
        // The next word is its value, whatever it is; so that is no option any more.
        await taken(spelling, '--nonsense');
        await taken(spelling, '');
        continue;
      }
      await taken(spelling, '-0x10');
      await taken(spelling, String(largest[kind]));
      const tooLarge = String(largest[kind] + 1n);
      await refused(`Integer value “${tooLarge}” for ${spelling} out of range`, spelling, tooLarge);
      for (const wrong of ['5s', 'x', '']) {
        await refused(`Cannot parse integer value “${wrong}” for ${spelling}`, spelling, wrong);
      }
    }
    if (kind === 'flag') await taken(`--${name}=no`);
    if (kind === 'text') await taken(`--${name}=`);
    if (kind === 'number' || kind === 'long number') {
      await taken(`--${name}=1`);
      await refused(`Cannot parse integer value “” for --${name}`, `--${name}=`);
    }

    const { stdout } = await sandbox.run(conmon, ['--help']);
    assert.equal(new RegExp(`(^|[ ,])--${name}\\b(?!-)`, 'm').test(stdout), hidden === undefined);
    if (letter !== '') assert.ok(stdout.includes(`-${letter}, --${name}`));
  });
}

test('no option is left out above', async (t) => {
  const { stdout } = await newSandbox(t).run(conmon, ['--help']);
  const shown = [...stdout.matchAll(/--([a-z-]+)/g)].map(([, name]) => name);
  const known = options.flatMap(([name, , , hidden]) => (hidden === undefined ? [name] : []));
  assert.deepEqual([...new Set(shown)].sort(), [...known, 'help', 'version'].sort());
});
