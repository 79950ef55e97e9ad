// What processes hold open, in the words of the charts' plumbing: each descriptor told by what it is.

import { readdirSync } from 'node:fs';
import type { OpenFile } from '../../machines/plumbing';
import {
  boundNames,
  listenersAt,
  onlyFile,
  socketPeers,
  watchedInodes,
  type Held,
} from './open-files';
import { descriptorsOf, processInfo } from './processes';

/** What a descriptor may be besides the open files that the plumbing names. */
export type Other = 'innards' | 'childEnd' | 'signals' | 'programFiles' | 'inherited';

/** A descriptor, and what it is; null: nothing that is known. */
export interface Told<Name extends string> extends Held<Name> {
  readonly what: OpenFile | Other | null;
}

export interface Scene {
  /** What the caller has given to the client at 0, 1 and 2: paths of files that nothing else opens. */
  readonly streams: readonly [string, string, string];
  readonly runDirectory: string;
  readonly pids: Readonly<Record<string, number>>;
  /** The processes that make up one family: who shares innards with whom. */
  readonly families: readonly (readonly string[])[];
  /** Parent and child, for the descriptors that tell of a child's end. */
  readonly children: ReadonlyMap<string, number>;
}

/** Tells of each descriptor what it is. */
export function tell<Name extends string>(
  files: readonly Held<Name>[],
  scene: Scene,
): readonly Told<Name>[] {
  const teller = new Teller(files, scene);
  return files.map((file) => ({ ...file, what: teller.what(file) }));
}

class Teller<Name extends string> {
  private readonly peers = socketPeers();
  private readonly listeners: readonly string[];
  private readonly socketInode: number;
  private readonly names = boundNames();

  constructor(
    private readonly files: readonly Held<Name>[],
    private readonly scene: Scene,
  ) {
    const { path, inode } = onlyFile(scene.runDirectory, 's');
    this.listeners = listenersAt(path);
    this.socketInode = inode;
  }

  what(file: Held<Name>): OpenFile | Other | null {
    const { target, by } = file;
    const stream = this.scene.streams.indexOf(target);
    if (stream >= 0) return streamNames[stream] ?? null;
    if (target === '/dev/null') return file.descriptor < 3 ? 'null' : 'innards';
    if (target.startsWith(`${this.scene.runDirectory}/l`)) return 'lock';
    if (target.startsWith('socket:')) return this.socket(file);
    if (target.startsWith('pipe:')) return this.pipe(file);
    if (target === 'anon_inode:inotify') return this.watch(file);
    if (target === 'anon_inode:[pidfd]') return this.child(file);
    if (target === 'anon_inode:[signalfd]') return by === 'client' ? 'signals' : null;
    if (/^anon_inode:\[event(poll|fd)\]$/.test(target)) return 'innards';
    if (/^\/proc\/\d+\/mountinfo$/.test(target)) return by === 'server' ? 'programFiles' : null;
    return this.isInherited(file) ? 'inherited' : null;
  }

  private socket(file: Held<Name>): OpenFile | Other | null {
    const inode = inodeOf(file);
    if (this.listeners.includes(inode)) return 'listen';
    const peer = this.peers.get(inode);
    if (/dev[/-]log$/.test(this.names.get(peer ?? '') ?? '')) return 'syslog';
    const isClients = (own: string | undefined): boolean =>
      this.files.some((one) => one.by === 'client' && inodeOf(one) === own && one.descriptor > 2);
    const isAlone = peer === undefined || peer === '0';
    const holders = new Set<string>(
      this.files.filter((one) => [inode, peer].includes(inodeOf(one))).map(({ by }) => by),
    );
    const pair = pairs.find(([one, other]) => holders.has(one) && holders.has(other));
    if (pair !== undefined && holders.size === 2) return pair[file.by === pair[0] ? 2 : 3];
    if (isClients(inode) && !isAlone) return 'call.client';
    // Of a call whose client has gone one end is left.
    if (isClients(peer) || isAlone) return 'call.monitor';
    return this.isInherited(file) ? 'inherited' : null;
  }

  private pipe(file: Held<Name>): OpenFile | Other | null {
    const side = file.mode === 'reads' ? 'reads' : 'writes';
    const at = (by: string, descriptor: number): string | undefined =>
      this.files.find((one) => one.by === by && one.descriptor === descriptor)?.target;
    if (file.target === at('watcher', 0)) return `watchStandardInput.${side}`;
    if (file.target === at('watcher', 1)) return `watchStandardError.${side}`;
    const holders = this.files.filter(({ target }) => target === file.target);
    const names = new Set<string>(holders.map(({ by, mode }) => `${by} ${mode}`));
    const isExecterm =
      names.size === 2 &&
      ((names.has('executor writes') && names.has('monitor reads')) ||
        (names.has('understudy writes') && names.has('standby reads')));
    if (isExecterm) return `execterm.${side}`;
    if (this.isInherited(file)) return 'inherited';
    return this.isWithinFamily(file) ? 'innards' : null;
  }

  /** Whether nobody but processes of one family holds an end of it, or what one of them has just forked. */
  private isWithinFamily({ by, target }: Held<Name>): boolean {
    const names = this.scene.families.find((family) => family.includes(by)) ?? [];
    const family = new Set(names.map((name) => this.scene.pids[name]));
    const isOfFamily = (pid: number): boolean => {
      if (family.has(pid)) return true;
      const info = processInfo(pid);
      return info === undefined || (info.parent > 1 && isOfFamily(info.parent));
    };
    return holdersOf(target).every(isOfFamily);
  }

  private watch(file: Held<Name>): OpenFile | Other | null {
    if (file.by === 'server') return 'programFiles';
    return watchedInodes(file).includes(this.socketInode) ? 'socketPath' : null;
  }

  private child({ by, info }: Held<Name>): Other | null {
    const pid = Number(/^Pid:\s+(\d+)$/m.exec(info)?.[1]);
    return this.scene.children.get(by) === pid ? 'childEnd' : null;
  }

  /** What the test itself holds, a client has got from it unasked. */
  private isInherited({ by, target }: Held<Name>): boolean {
    return by === 'client' && [...descriptorsOf(process.pid).values()].includes(target);
  }
}

/** Who shares a pair of sockets, and what its ends are called. */
const pairs: readonly (readonly [string, string, OpenFile, OpenFile])[] = [
  ['server', 'standby', 'handover.server', 'handover.standby'],
  ['standby', 'understudy', 'prompt.standby', 'prompt.understudy'],
];

const streamNames = ['standardInput', 'standardOutput', 'standardError'] as const;

const inodeOf = ({ target }: { readonly target: string }): string =>
  /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? 'none';

/** The pids of all processes that hold it. */
function holdersOf(wanted: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return [...descriptorsOf(pid).values()].includes(wanted);
    } catch {
      return false;
    }
  });
}
