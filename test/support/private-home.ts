// A sandbox for the original client, which knows no PREFORK_INTERP_RUN_DIR: private namespaces in which
// the user's home is the sandbox's. A user's own servers cannot be met there, nor those of other tests.

import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isAlive, processInfo } from './processes';
import type { ProcessInfo } from './processes';
import { Sandbox, client, originalClient } from './sandbox';
import type { RunOptions } from './sandbox';

// A short host name: it is part of the socket's path, and there is not room for every machine's.
const hostName = 'node';

// The words before the command are the sandbox's folder. Other users' servers are in /run/user.
const enter = [
  'set -e',
  'mount --bind "$1/passwd" /etc/passwd',
  'if [ -d /run/user ]; then mount -t tmpfs none /run/user; fi',
  `hostname ${hostName}`,
  'shift',
  'exec "$@"',
].join('\n');

const namespaces = ['--mount', '--uts'];

/** Root may do it as such; others, and root without its powers, as root of a user namespace. */
const ways = [namespaces, ['--user', '--map-root-user', ...namespaces]] as const;
const way = ways.find(
  (words) => spawnSync('unshare', [...words, 'hostname', hostName]).status === 0,
);

/** Why tests with the original client cannot run here; false where they can. */
export const cannotCompare: string | false =
  spawnSync(originalClient, ['--help']).error !== undefined
    ? `${originalClient} is not installed`
    : way === undefined && 'no private namespaces are to be had here';

export class PrivateHome extends Sandbox {
  override readonly runDirectory = join(this.folder, 'home/.prefork-interp', hostName);

  constructor() {
    super();
    mkdirSync(join(this.folder, 'home'));
    const account = ['root', 'x', 0, 0, '', join(this.folder, 'home'), '/bin/sh'].join(':');
    writeFileSync(join(this.folder, 'passwd'), `${account}\n`);
  }

  /** The process that is returned becomes the command: same pid. */
  override start(
    command: string,
    words: readonly string[],
    options: RunOptions = {},
  ): ChildProcess {
    const entry = [...(way ?? []), 'sh', '-c', enter, 'sh', this.folder];
    return super.start('unshare', [...entry, command, ...words], {
      ...options,
      env: { PREFORK_INTERP_RUN_DIR: undefined, ...options.env },
    });
  }

  // By their mounts: a Perl script that sets $0 overwrites the environment that others can see.
  override processes(): ProcessInfo[] {
    // Where it is in its own file system: /tmp may be one.
    const account = `/${basename(this.folder)}/passwd `;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => mountsOf(Number(pid)).includes(account))
      .filter((pid) => isAlive(Number(pid)))
      .flatMap((pid) => processInfo(Number(pid)) ?? []);
  }
}

function mountsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    return '';
  }
}

/** Both clients, by the names that tests give them. */
export const clients = { ours: client, original: originalClient } as const;
export type ClientName = keyof typeof clients;
