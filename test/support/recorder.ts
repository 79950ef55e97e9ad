// Records the trace of a run directory: what `prefork inspect --record` does, without a page.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLine } from '../../runtime/trace/read';
import { listenerSocket, type ActorRecord } from '../../runtime/trace/record';
import { DropCounter, headerOf } from '../../runtime/trace/recording';
import { isAlive } from './processes';
import { until } from './until';

const program = join(__dirname, '../trace_recorder');

export class Recorder {
  readonly socket: string;
  private readonly file: string;

  private constructor(
    readonly runDirectory: string,
    /** Of the process that listens. */
    readonly pid: number,
  ) {
    this.socket = join(runDirectory, listenerSocket);
    this.file = fileOf(runDirectory);
  }

  /** Listens in the run directory, which is made if need be, when this returns. */
  static start(runDirectory: string): Recorder {
    mkdirSync(runDirectory, { recursive: true, mode: 0o700 });
    const words = [join(runDirectory, listenerSocket), fileOf(runDirectory)];
    const { stdout, stderr, status } = spawnSync(program, words, { encoding: 'utf8', cwd: '/' });
    if (status !== 0) throw new Error(`the recorder did not start: ${stderr}`);
    return new Recorder(runDirectory, Number(stdout));
  }

  /** The same where that may be impossible. */
  static tryStart(runDirectory: string): Recorder | undefined {
    try {
      return Recorder.start(runDirectory);
    } catch {
      return undefined;
    }
  }

  /** What has been recorded so far. */
  records(): readonly ActorRecord[] {
    return this.lines().map((line) => readLine(line) as ActorRecord);
  }

  /** Ends the recording; its lines, with the first one and with what tells of losses. */
  async stop(): Promise<readonly string[]> {
    process.kill(this.pid, 'SIGTERM');
    await until('the end of the recorder', () => !isAlive(this.pid));
    const counter = new DropCounter();
    const lines = this.lines().flatMap((line) => {
      const drops = counter.before(readLine(line) as ActorRecord);
      return drops === undefined ? [line] : [JSON.stringify(drops), line];
    });
    return [JSON.stringify(headerOf('0', this.runDirectory)), ...lines];
  }

  private lines(): string[] {
    return readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
  }
}

// Not in the run directory, which tests look at.
const fileOf = (runDirectory: string): string => `${runDirectory}.trace`;
