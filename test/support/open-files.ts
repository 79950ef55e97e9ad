// What several processes hold open, and who else holds it.

import { spawnSync } from 'node:child_process';
import { constants, readFileSync, readdirSync, statSync } from 'node:fs';
import { descriptorsOf } from './processes';

/** One open descriptor. */
export interface Held<Name extends string> {
  readonly by: Name;
  readonly descriptor: number;
  /** As readlink shows it: a path, or `pipe:[INODE]` and the like. */
  readonly target: string;
  readonly mode: 'reads' | 'writes' | 'both';
  /** The whole of /proc/PID/fdinfo/NUMBER. */
  readonly info: string;
}

const modes = new Map([
  [constants.O_RDONLY, 'reads'],
  [constants.O_WRONLY, 'writes'],
  [constants.O_RDWR, 'both'],
] as const);

/** Everything that these processes hold open. */
export function openFiles<Name extends string>(pids: Readonly<Record<Name, number>>): Held<Name>[] {
  const entries = Object.entries(pids) as [Name, number][];
  return entries.flatMap(([by, pid]) =>
    [...descriptorsOf(pid)].map(([descriptor, target]) => {
      const info = readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8');
      const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '', 8);
      return { by, descriptor, target, info, mode: modes.get(flags & 3) ?? 'both' };
    }),
  );
}

/** For each end of a connection between two local sockets the other one, by inode. */
export function socketPeers(): Map<string, string> {
  const { stdout, error } = spawnSync('ss', ['--unix', '--all', '--no-header'], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  const inodes = stdout
    .split('\n')
    .map((line) => /\s(\d+)\s+\S+\s+(\d+)\s*$/.exec(line))
    .filter((match) => match !== null);
  return new Map(inodes.map(([, own = '', peer = '']) => [own, peer]));
}

/** Inodes of the sockets that listen at a path. */
export function listenersAt(path: string): string[] {
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , flags, , , , name]) => name === path && flags === '00010000')
    .flatMap(([, , , , , , inode]) => inode ?? []);
}

/** The names that sockets are bound to, by inode. */
export function boundNames(): ReadonlyMap<string, string> {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  return new Map(
    lines
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, , , , , , inode, name]) => (inode && name ? [[inode, name] as const] : [])),
  );
}

/** Inodes of the files that an inotify descriptor watches. */
export function watchedInodes({ info }: { readonly info: string }): number[] {
  return [...info.matchAll(/^inotify .*\bino:([0-9a-f]+)/gm)].map(([, inode = '']) =>
    Number.parseInt(inode, 16),
  );
}

/** The only file of a folder that begins so: its inode and its path. */
export function onlyFile(folder: string, start: string): { path: string; inode: number } {
  const [name, ...others] = readdirSync(folder).filter((file) => file.startsWith(start));
  if (name === undefined || others.length > 0) throw new Error(`not one ${start}… in ${folder}`);
  const path = `${folder}/${name}`;
  return { path, inode: statSync(path).ino };
}
