// One container under a monitor, with the fake runtime: what it "creates" is a shell command.

import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { isAlive } from './processes';
import { type Sandbox, projectRoot, type Outcome } from './sandbox';
import { until } from './until';

/** The monitor under test; another build of it can be put in its place. */
export const conmon = process.env['PREFORK_TEST_CONMON'] ?? join(projectRoot, 'build/bin/conmon');

/** What it takes the place of, from Debian's package. */
export const debianConmon = '/usr/bin/conmon';

export const fakeRuntime = join(projectRoot, 'build/test/fake_runtime');
const attachClient = join(projectRoot, 'build/test/attach_client');

export interface Launch {
  readonly monitor?: string;
  /** The container: a command for sh. */
  readonly command?: string;
  /** Options besides those that every container gets. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The log, as --log-path has it; by default a k8s-file that log() reads. */
  readonly log?: string;
  /** By default the monitor stays in the foreground. */
  readonly daemon?: boolean;
  /** By default the attach socket is in the bundle alone. */
  readonly fullAttach?: boolean;
  /** Pipes for what the caller says to the monitor, and where it hears that it may attach. */
  readonly startPipe?: boolean;
  readonly attachPipe?: boolean;
  /** By default the messages are of the newer form. */
  readonly api?: 0;
  /** By default a word of its own for each container. */
  readonly id?: string;
}

let count = 0;

export class Monitored {
  readonly id: string;
  readonly bundle: string;
  readonly child: ChildProcess;
  /** How the process that was started ended: at once, if it is a daemon's. */
  readonly outcome: Promise<Outcome>;
  /** Where the caller is told of what happens. */
  readonly sync: Readable;
  /** What it has been told so far. */
  told = '';
  /** What it has been told when the monitor has closed the pipe. */
  readonly allTold: Promise<string>;
  /** What it has been told about attaching. */
  toldOfAttaching = '';

  constructor(
    readonly sandbox: Sandbox,
    launch: Launch,
  ) {
    this.id = launch.id ?? `container-${++count}`;
    this.bundle = join(sandbox.folder, this.id);
    mkdirSync(join(this.bundle, 'exits'), { recursive: true });
    this.child = sandbox.start(launch.monitor ?? conmon, this.wordsFor(launch), {
      env: {
        FK_CMD: launch.command,
        FK_LOG: join(this.bundle, 'runtime-words'),
        _OCI_SYNCPIPE: '3',
        ...(launch.startPipe === true ? { _OCI_STARTPIPE: '4' } : {}),
        ...(launch.attachPipe === true ? { _OCI_ATTACHPIPE: '5' } : {}),
        ...launch.env,
      },
      stdio: [
        'ignore',
        'pipe',
        'pipe',
        'pipe',
        launch.startPipe === true ? 'pipe' : 'ignore',
        'pipe',
      ],
    });
    this.outcome = endOf(this.child);
    // Its type knows no pipes beyond the fourth.
    const pipes = this.child.stdio as readonly unknown[];
    this.sync = pipes[3] as Readable;
    this.sync.on('data', (chunk: Buffer) => (this.told += chunk.toString()));
    this.allTold = new Promise((done) => this.sync.once('close', () => done(this.told)));
    const attach = pipes[5] as Readable;
    attach.on('data', (chunk: Buffer) => (this.toldOfAttaching += chunk.toString()));
  }

  private wordsFor(launch: Launch): readonly string[] {
    const at = (name: string): string => join(this.bundle, name);
    return [
      ...(launch.api === 0 ? [] : ['--api-version']),
      ...['-c', this.id, '-u', this.id, '-r', fakeRuntime],
      ...['-b', this.bundle, '-p', at('pidfile'), '--exit-dir', at('exits')],
      ...(launch.fullAttach === false ? [] : ['--full-attach']),
      ...['-l', launch.log ?? `k8s-file:${at('log')}`],
      ...(launch.daemon === true ? ['--conmon-pidfile', at('monitor-pid')] : ['--sync']),
      ...(launch.words ?? []),
    ];
  }

  path(name: string): string {
    return join(this.bundle, name);
  }

  /** Lets go of what waits at the start pipe. */
  release(): void {
    (this.child.stdio[4] as Duplex).write('\0');
  }

  /** Waits for the line with this number, from 0, and takes it apart. */
  async message(number: number): Promise<Record<string, unknown>> {
    const line = await until(`message ${number} in ${this.told}`, () => {
      const lines = this.told.split('\n');
      return lines.length > number + 1 && lines[number];
    });
    return JSON.parse(line) as Record<string, unknown>;
  }

  /** The container's process, once its monitor has told of it. */
  async pid(): Promise<number> {
    return (await this.message(0))['data'] as number;
  }

  /** The lines of the log: stream, tag and text of each. */
  log(): readonly string[] {
    const text = readFileSync(this.path('log'), 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => line.replace(timestamp, ''));
  }

  exitFile(): string | undefined {
    return readIfThere(join(this.path('exits'), this.id));
  }

  /** Waits for the exit file, which is the last thing but one that a monitor does. */
  exitStatus(): Promise<string> {
    return until('the exit file', () => this.exitFile());
  }

  /** Waits for the attach socket, then attaches; ready when attached. */
  async attach(...mode: readonly string[]): Promise<ChildProcess> {
    await until('the attach socket', () => existsSync(this.path('attach')));
    const client = this.sandbox.start(attachClient, [this.path('attach'), ...mode], {
      stdio: 'pipe',
    });
    await new Promise<void>((done, failed) => {
      client.stderr?.once('data', () => done());
      client.once('close', () => failed(new Error('the client could not attach')));
    });
    return client;
  }

  /** Connects and leaves, so often. */
  cycle(times: number): Promise<Outcome> {
    return this.sandbox.run(attachClient, [this.path('attach'), 'cycles', String(times)]);
  }

  /** Waits until the process does not run any more. */
  async gone(pid: number): Promise<void> {
    await until(`the end of ${pid}`, () => !isAlive(pid));
  }
}

/** As outcomeOf(), but without waiting for the other pipes, which a daemon keeps open. */
function endOf(child: ChildProcess): Promise<Outcome> {
  const textOf = (stream: Readable | null): Promise<string> =>
    new Promise((done) => {
      let text = '';
      stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream?.once('close', () => done(text));
    });
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => {
      void texts.then(([stdout, stderr]) => done({ stdout, stderr, code, signal }));
    });
  });
}

/** "2006-01-02T15:04:05.999999999+01:00 " */
export const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}[+-]\d\d:\d\d /;

export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
