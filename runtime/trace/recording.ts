// What a recording holds besides the records: its first line, and how many records were lost.

import { recordVersion, type ActorRecord, type DropsLine, type RecordingHeader } from './record';

/** The first line of a recording that begins now. */
export function headerOf(version: string, runDirectory: string): RecordingHeader {
  return {
    v: recordVersion,
    kind: 'recording',
    realtime: Date.now() * 1000,
    monotonic: Number(process.hrtime.bigint() / 1000n),
    version,
    runDirectory,
  };
}

/** Notices gaps: the records of a process are numbered, and arrive in order. */
export class DropCounter {
  private readonly lastSeq = new Map<string, number>();
  /** How many records have been lost in all. */
  total = 0;

  /** To be called for each record as it arrives: what belongs before it if some were lost. */
  before({ pid, born, seq, t }: ActorRecord): DropsLine | undefined {
    const key = `${pid} ${born}`;
    const last = this.lastSeq.get(key);
    this.lastSeq.set(key, seq);
    const count = last === undefined ? 0 : seq - last - 1;
    if (count <= 0) return undefined;
    this.total += count;
    return { v: recordVersion, kind: 'drops', t, pid, born, count };
  }

  /** To be called where a process has told its end: nothing more is to be remembered of it. */
  forget({ pid, born }: ActorRecord): void {
    this.lastSeq.delete(`${pid} ${born}`);
  }
}
