// A recording as a world at any time: read through once, with a copy of the world kept every so often.

import { closeSync, openSync, readSync } from 'node:fs';
import { RecordError, readLine } from '../../runtime/trace/read';
import {
  isActorRecord,
  type RecordingHeader,
  type RecordingLine,
} from '../../runtime/trace/record';
import { CommandError } from '../io';
import { World } from '../world/world';
import { LineReader } from './line-reader';

/** Lines between two copies: as many have to be read to show any time. */
const linesBetween = 2000;
const parts = 300;
/** Microseconds by which what one process says may come after what others have said later. */
const mostDelay = 1_000_000;

/** The world before the line that begins at that byte. */
interface Mark {
  readonly offset: number;
  /** The latest time before it. */
  readonly time: number;
  readonly world: World;
}

export class Recording {
  readonly header: RecordingHeader;
  readonly first: number;
  readonly last: number;
  /** How many records there are in each of so many equal parts of the time. */
  readonly activity: readonly number[];
  private readonly marks: Mark[] = [];
  private readonly descriptor: number;
  private shown: { readonly time: number; readonly world: World } | undefined;

  /** @throws {CommandError} if it cannot be read, or is no recording. */
  constructor(private readonly file: string) {
    this.descriptor = open(file);
    const reader = new LineReader(this.descriptor, 0);
    const header = this.read(reader.next() ?? '', 1);
    if (header.kind !== 'recording')
      throw new CommandError(`replay: ${file} does not begin as a recording does`);
    this.header = header;
    const world = new World(header.monotonic);
    const times: number[] = [];
    for (let number = 2; ; ++number) {
      const { offset } = reader;
      const text = reader.next();
      if (text === undefined) break;
      if (number % linesBetween === 2)
        this.marks.push({ offset, time: world.time, world: world.copy() });
      const line = this.read(text, number);
      world.apply(line);
      if (isActorRecord(line)) times.push(line.t);
    }
    if (times.length === 0) throw new CommandError(`replay: there is nothing in ${file}`);
    this.first = times.reduce((one, other) => Math.min(one, other));
    this.last = world.time;
    this.activity = this.countIn(times);
  }

  /** The world as it was then. */
  at(time: number): World {
    if (this.shown?.time === time) return this.shown.world;
    const mark = this.marks.findLast((one) => one.time <= time) ?? this.marks[0];
    const world = mark?.world.copy() ?? new World(this.header.monotonic);
    const reader = new LineReader(this.descriptor, mark?.offset ?? 0);
    for (let text = reader.next(); text !== undefined; text = reader.next()) {
      const line = readLine(text);
      if ('t' in line && line.t > time + mostDelay) break;
      if (!('t' in line) || line.t <= time) world.apply(line);
    }
    world.advance(time);
    this.shown = { time, world };
    return world;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private read(text: string, number: number): RecordingLine {
    try {
      return readLine(text);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      throw new CommandError(`replay: ${this.file}:${number} ${error.message}`);
    }
  }

  private countIn(times: readonly number[]): number[] {
    const counts = Array.from({ length: parts }, () => 0);
    const length = Math.max(1, this.last - this.first);
    for (const time of times) {
      const part = Math.min(parts - 1, Math.floor(((time - this.first) / length) * parts));
      counts[part] = (counts[part] ?? 0) + 1;
    }
    return counts;
  }
}

function open(file: string): number {
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, Buffer.alloc(1));
    return descriptor;
  } catch (error) {
    throw new CommandError(`replay: cannot read the recording: ${(error as Error).message}`);
  }
}
