// Real containers: a root file system from busybox, and podman with a storage of its own.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { type Sandbox, type Outcome, type RunOptions } from './sandbox';
import { conmon } from './monitored';

/** Why no container can be run here; false if they can. */
export const cannotContain: string | false =
  process.getuid?.() !== 0
    ? 'needs root'
    : ['/usr/bin/podman', '/usr/bin/conmon', '/usr/sbin/runc'].find((path) => !existsSync(path)) !==
        undefined
      ? 'needs podman, conmon and runc'
      : false;

/** Makes a root file system in the folder. */
export function makeRoot(folder: string): string {
  const root = join(folder, 'root');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp', 'etc']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  const busybox = join(root, 'bin/busybox');
  copyFileSync('/bin/busybox', busybox);
  const list = spawnSync(busybox, ['--list'], { encoding: 'utf8' }).stdout;
  for (const applet of list.split('\n')) {
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  return root;
}

// What keeps containers from starting where the tests' own limits are low or cgroups are hybrid.
const limits = ['--network=none', '--ulimit=nofile=1024:1024', '--ulimit=nproc=1024:1024'];

export class Podman {
  private readonly words: readonly string[];

  constructor(
    readonly sandbox: Sandbox,
    monitor = conmon,
  ) {
    const at = (name: string): string => join(sandbox.folder, name);
    this.words = [
      ...['--root', at('storage'), '--runroot', at('state'), '--tmpdir', at('scratch')],
      ...['--cgroup-manager=cgroupfs', '--events-backend=file', '--storage-driver=vfs'],
      ...['--runtime', 'runc', '--conmon', monitor],
    ];
  }

  /** Makes the image `box`. */
  async importImage(): Promise<void> {
    const root = makeRoot(this.sandbox.folder);
    const archive = join(this.sandbox.folder, 'root.tar');
    spawnSync('tar', ['-C', root, '-cf', archive, '.']);
    const made = await this.podman(['import', '--change', 'ENV PATH=/bin', archive, 'box']);
    if (made.code !== 0) throw new Error(made.stderr);
  }

  podman(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.sandbox.run('podman', [...this.words, ...words], options);
  }

  /** podman run with what containers need here; the last words are the command. */
  run(
    options: readonly string[],
    command: readonly string[],
    more: RunOptions = {},
  ): Promise<Outcome> {
    return this.podman(['run', ...limits, ...options, 'box', ...command], more);
  }

  /** A command line for a shell. */
  commandLine(words: readonly string[]): string {
    const quoted = ['podman', ...this.words, ...words].map((word) => `'${word}'`);
    return quoted.join(' ');
  }

  runLine(options: readonly string[], command: readonly string[]): string {
    return this.commandLine(['run', ...limits, ...options, 'box', ...command]);
  }

  async inspect(name: string, format: string): Promise<string> {
    return (await this.podman(['inspect', '-f', format, name])).stdout.trim();
  }

  async removeAll(): Promise<void> {
    await this.podman(['rm', '--all', '--force', '--time', '0']);
  }

  /** Removes all containers, what they have mounted, and everything else. */
  async end(): Promise<void> {
    await this.removeAll();
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    for (const mount of mounts.map((line) => line.split(' ')[1] ?? '').reverse()) {
      if (mount.startsWith(`${this.sandbox.folder}/`)) spawnSync('umount', ['-l', mount]);
    }
    await this.sandbox.end();
  }
}

/** A bundle for runc in the folder: the root file system, and this command with these limits. */
export function writeBundle(
  folder: string,
  command: readonly string[],
  { terminal = false, memory }: { terminal?: boolean; memory?: number } = {},
): void {
  if (!existsSync(join(folder, 'root'))) makeRoot(folder);
  const mount = (destination: string, type: string, options: readonly string[]) => ({
    ...{ destination, type, source: type },
    options,
  });
  const config = {
    ociVersion: '1.0.2',
    process: {
      terminal,
      user: { uid: 0, gid: 0 },
      args: command,
      env: ['PATH=/bin', 'TERM=xterm'],
      cwd: '/',
    },
    root: { path: 'root' },
    hostname: 'box',
    mounts: [
      mount('/proc', 'proc', []),
      mount('/dev', 'tmpfs', ['nosuid', 'mode=755', 'size=65536k']),
      mount('/dev/pts', 'devpts', [
        'nosuid',
        'noexec',
        'newinstance',
        'ptmxmode=0666',
        'mode=0620',
      ]),
    ],
    linux: {
      resources: memory === undefined ? {} : { memory: { limit: memory, swap: memory } },
      namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
    },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}
