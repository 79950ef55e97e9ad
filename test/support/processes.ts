// What runs now, from /proc: tests know processes by pid, and wait for their ends, never for time.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** One letter, as in proc(5): R running, S sleeping, T stopped, Z zombie, … */
  readonly state: string;
  /** The file that is executed; empty for a zombie. */
  readonly executable: string;
  readonly commandLine: readonly string[];
}

/** State, parent, group and session, as proc(5) has them. */
function statusOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Undefined when there is no such process. A zombie still is one. */
export function processInfo(pid: number): ProcessInfo | undefined {
  try {
    const [state = '', parent, group, session] = statusOf(pid);
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      state,
      executable: tolerate(() => readlinkSync(`/proc/${pid}/exe`)) ?? '',
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1),
    };
  } catch {
    return undefined;
  }
}

/** Without a look at all that a process may tell of itself: asked often, where many run, that takes long. */
export const childrenOf = ({ pid }: ProcessInfo): readonly ProcessInfo[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 1 && tolerate(() => Number(statusOf(other)[1])) === pid)
    .flatMap((child) => processInfo(child) ?? []);

/** Whether it is a client or a watcher of ours: the native program, or Node in its place. */
export function isOurProgram({ executable, commandLine }: ProcessInfo): boolean {
  const [, tool, command] = commandLine;
  const isInNode = tool?.endsWith('/build/cli/main.js') === true && command === 'run';
  return isInNode || basename(executable) === 'prefork-interp';
}

/** Whether the process runs: a zombie, which waits only for its parent, does not. */
export function isAlive(pid: number): boolean {
  const info = processInfo(pid);
  return info !== undefined && info.state !== 'Z' && info.state !== 'X';
}

// epoll_wait and epoll_pwait.
const waits = ['232', '281'];

/** Whether it sleeps in its event loop. */
export function waitsForEvents(pid: number): boolean {
  try {
    const [call = ''] = readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ');
    return waits.includes(call);
  } catch {
    return false;
  }
}

/** Every living process whose initial environment holds this string, NAME=value, or which is in this folder. */
export function processesWith(variable: string, folder: string): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        (tolerate(() => environmentOf(Number(pid))) ?? []).includes(variable) ||
        // A Perl script that sets $0 overwrites the environment that others can see.
        tolerate(() => readlinkSync(`/proc/${pid}/cwd`)) === folder,
    )
    .flatMap((pid) => processInfo(Number(pid)) ?? [])
    .filter(({ state }) => state !== 'Z' && state !== 'X');
}

/** The environment that the process was started with. */
export function environmentOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
}

/** Number and target of each open descriptor. */
export function descriptorsOf(pid: number): Map<number, string> {
  const descriptors = new Map<number, string>();
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    const target = tolerate(() => readlinkSync(`/proc/${pid}/fd/${name}`));
    if (target !== undefined) descriptors.set(Number(name), target);
  }
  return descriptors;
}

function tolerate<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
