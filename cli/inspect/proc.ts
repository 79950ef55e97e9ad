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

type Sockets = ReadonlyMap<string, NonNullable<OpenFile['socket']>>;

/** All local stream sockets by their inodes. */
export function localSockets(): Sockets {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n').slice(1, -1);
  return new Map(
    lines.flatMap((line) => {
      const [, , , flags, type, , inode = ''] = line.trim().split(/\s+/);
      if (type !== stream) return [];
      return [[inode, flags === accepting ? 'listener' : 'connection'] as const];
    }),
  );
}

// As the kernel writes SOCK_STREAM and __SO_ACCEPTCON.
const stream = '0001';
const accepting = '00010000';

/** Everything that a process holds open; nothing of one that has gone. */
export function openFilesOf(pid: number, sockets: Sockets): readonly OpenFile[] {
  const names = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return names.flatMap((name) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${name}`));
    const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${name}`, 'utf8'));
    if (target === undefined || info === undefined) return [];
    const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '', 8);
    const socket = sockets.get(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '');
    return {
      number: Number(name),
      target,
      mode: modes.get(flags & accessMode) ?? 'both',
      ...(socket === undefined ? {} : { socket }),
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
