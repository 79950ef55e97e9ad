// A folder, a run directory and a mark of its own for a test, and the end of all that it started.

import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { processesWith } from './processes';
import type { ProcessInfo } from './processes';
import { Recorder } from './recorder';
import { until } from './until';

export const projectRoot = resolve(__dirname, '../../..');

/** The native program under test; another build of it can be put in its place. */
export const client =
  process.env['PREFORK_TEST_CLIENT'] ?? join(projectRoot, 'build/bin/prefork-interp');

/** What runs the charts of all that is started here. */
export const engine = process.env['PREFORK_INTERP_ENGINE'] === 'xstate' ? 'xstate' : 'native';

/** The client of the original system, from Debian's chiark-utils-bin. */
export const originalClient = '/usr/bin/prefork-interp';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or null where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly stdio?: StdioOptions;
}

// Where the trace of each sandbox goes, if all are to be recorded.
const recordings = process.env['PREFORK_TEST_RECORD'];

let count = 0;

export class Sandbox {
  /** The current directory of what runs here: part of every server's identity. */
  readonly folder: string;
  readonly runDirectory: string;
  private readonly mark = `PREFORK_TEST_MARK=${process.pid}-${++count}`;
  private readonly started: ChildProcess[] = [];
  private recorder: Recorder | undefined;

  /** @param isRecordable false where the test itself listens in the run directory, or nobody may */
  constructor(private readonly isRecordable = true) {
    // The name is short: a socket's path must hold the longest ident behind it.
    this.folder = mkdtempSync(join(tmpdir(), 'pf-'));
    this.runDirectory = join(this.folder, 'run');
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(projectRoot, join(this.folder, 'node_modules/prefork-interp'));
  }

  /** Writes an executable file into the folder; returns its absolute path. */
  script(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }

  /** Starts a command in the folder, with the sandbox's run directory and mark. */
  start(command: string, words: readonly string[], options: RunOptions = {}): ChildProcess {
    // Not before: some tests have something else where the run directory should be.
    if (recordings !== undefined && this.isRecordable)
      this.recorder ??= Recorder.tryStart(this.runDirectory);
    const [name = '', value = ''] = this.mark.split('=');
    const child = spawn(command, words, {
      cwd: options.cwd ?? this.folder,
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined, // a script is not part of the test that runs it
        PREFORK_INTERP_RUN_DIR: this.runDirectory,
        [name]: value,
        ...options.env,
      },
      stdio: options.stdio ?? 'pipe',
    });
    this.started.push(child);
    child.stdin?.on('error', () => undefined); // nobody has to read it
    if (options.input !== undefined) child.stdin?.write(options.input);
    if (options.stdio === undefined) child.stdin?.end();
    return child;
  }

  /** Runs a command to its end. Its output ends with it, not with a server that it has started. */
  run(command: string, words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return outcomeOf(this.start(command, words, options));
  }

  /** Runs our own client. */
  call(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run(client, words, options);
  }

  /** Ends the standard input of all that was started here. */
  closeInputs(): void {
    for (const child of this.started) child.stdin?.end();
  }

  /** All living processes that were started here, directly or not. */
  processes(): ProcessInfo[] {
    return processesWith(this.mark, this.folder).filter(({ pid }) => pid !== process.pid);
  }

  /** Sockets and locks in the run directory. */
  runFiles(): string[] {
    try {
      return readdirSync(this.runDirectory)
        .filter((name) => /^[ls]/.test(name))
        .sort();
    } catch {
      return [];
    }
  }

  /** Waits until nothing that was started here is left alive; says what is, when that is in vain. */
  async quiet(): Promise<void> {
    await until(
      'the end of all processes',
      () => this.processes().length === 0,
      undefined,
      () => JSON.stringify(this.processes(), undefined, 2),
    );
  }

  /** Ends everything that was started here, by pid, and removes the folder. */
  async end(): Promise<void> {
    await until('the end of all processes', () => {
      const left = this.processes();
      for (const { pid } of left) kill(pid, 'SIGKILL');
      return left.length === 0;
    });
    await this.keepRecording();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async keepRecording(): Promise<void> {
    if (recordings === undefined || this.recorder === undefined) return;
    const lines = await this.recorder.stop();
    this.recorder = undefined;
    const test = basename(process.argv[1] ?? '', '.test.js');
    const name = `${test}-${this.mark.split('=')[1] ?? ''}.trace`;
    if (lines.length > 1) writeFileSync(join(recordings, name), `${lines.join('\n')}\n`);
  }
}

/** Waits for a child's end and collects what it wrote to its pipes until then. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  };
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) =>
      done({ stdout: stdout(), stderr: stderr(), code, signal }),
    );
  });
}

/** Waits for the first that a child writes to its standard output. */
export function firstOutput(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    child.stdout?.once('data', (chunk: Buffer) => done(chunk.toString()));
    child.once('close', () => failed(new Error('the child ended without output')));
  });
}

/** Sends a signal to a process that may have gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
