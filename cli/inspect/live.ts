// The world as it is now: what its processes say, and what /proc says of those that say nothing more.

import { recordVersion, type ActorRecord, type GoneLine } from '../../runtime/trace/record';
import { nameDescriptors, type Descriptors, type Holder } from '../world/descriptors';
import type { Process } from '../world/types';
import { World } from '../world/world';
import { monotonicNow } from './clock';
import { isAlive, localSockets, openFilesOf } from './proc';

/** Microseconds for which what was seen of descriptors will do. */
const descriptorsLast = 500_000;

/** For so many what a process has said last may still be on its way: who listens is slow where much is going on. */
const lastWords = 500_000;

/** Processes whose descriptors are looked at in one go; beyond them only the first. */
const mostHolders = 40;

export class Live {
  readonly world = new World(monotonicNow());
  /** Gone, as it seems, and since when. */
  private suspects = new Map<Process, number>();
  private seen: { readonly at: number; readonly descriptors: Descriptors } | undefined;

  /** Takes one record in; returns how many were lost before it. */
  take(record: ActorRecord): number {
    return this.world.apply(record);
  }

  /**
   * Time has passed: who has gone without a word? To be called a few times in a second, when all that has come
   * has been taken.
   */
  look(): GoneLine[] {
    const t = monotonicNow();
    this.world.advance(t);
    const missing = [...this.world.processes.values()].filter(({ pid }) => !isAlive(pid));
    this.suspects = new Map(missing.map((process) => [process, this.suspects.get(process) ?? t]));
    const gone = [...this.suspects]
      .filter(([, since]) => t - since >= lastWords)
      .map(([{ pid, born }]) => ({ v: recordVersion, kind: 'gone', t, pid, born }) as const);
    for (const line of gone) this.world.apply(line);
    return gone;
  }

  /** Of the living, as of a moment ago. */
  descriptors(): Descriptors {
    const at = monotonicNow();
    if (this.seen === undefined || at - this.seen.at > descriptorsLast)
      this.seen = { at, descriptors: this.lookAtDescriptors() };
    return this.seen.descriptors;
  }

  private lookAtDescriptors(): Descriptors {
    const living = [...this.world.processes.values()].slice(0, mostHolders);
    const sockets = localSockets();
    const holders = living.map(({ key, pid, role, ...process }): Holder => ({
      key,
      role,
      kin: living.filter((other) => isKin(process, other)).map((other) => other.key),
      files: openFilesOf(pid, sockets),
    }));
    return nameDescriptors(holders);
  }
}

/** Of the same call, or of the same server. */
const isKin = (
  { call, socket }: Pick<Process, 'call' | 'socket'>,
  other: Pick<Process, 'call' | 'socket' | 'role'>,
): boolean =>
  (call !== undefined && other.call === call) ||
  (socket !== undefined && other.socket === socket && ['server', 'watcher'].includes(other.role));
