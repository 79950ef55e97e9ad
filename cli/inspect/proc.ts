// What /proc tells of living processes.

import { constants, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { OpenFile } from '../world/descriptors';

/** Whether a process of that number runs: one that waits for its parent to ask how it ended does not. */
export function isAlive(pid: number): boolean {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return false;
  // The name, in parentheses, may hold anything.
  const state = stat[stat.lastIndexOf(')') + 2];
  return state !== 'Z' && state !== 'X';
}

/** Inodes of the sockets that are bound to that path. */
export function socketsAt(path: string): ReadonlySet<string> {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  const rows = lines.map((line) => line.trim().split(/\s+/));
  return new Set(rows.filter((row) => row[7] === path).flatMap((row) => row[6] ?? []));
}

/** Everything that a process holds open; nothing of one that has gone. */
export function openFilesOf(pid: number, listeners: ReadonlySet<string>): readonly OpenFile[] {
  const names = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return names.flatMap((name) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${name}`));
    const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${name}`, 'utf8'));
    if (target === undefined || info === undefined) return [];
    const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '', 8);
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    return {
      number: Number(name),
      target,
      mode: modes.get(flags & accessMode) ?? 'both',
      ...(inode !== undefined && listeners.has(inode) ? { isListener: true } : {}),
    };
  });
}

const accessMode = constants.O_RDONLY | constants.O_WRONLY | constants.O_RDWR;
const modes = new Map<number, OpenFile['mode']>([
  [constants.O_RDONLY, 'reads'],
  [constants.O_WRONLY, 'writes'],
]);

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
