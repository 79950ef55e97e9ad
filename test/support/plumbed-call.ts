// A call whose streams are files of their own, and which tells by files where it is.

import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { callProcesses } from './call-processes';
import { openFiles } from './open-files';
import { tell, type Told } from './plumbed';
import { isOurProgram, type ProcessInfo } from './processes';
import { Sandbox, client } from './sandbox';
import { readyStandby } from './standby';
import { until } from './until';

/** Who shares innards with whom. */
const families = [
  ['client'],
  ['watcher'],
  ['setup', 'server', 'standby', 'monitor', 'understudy', 'executor'],
];

const script = `
const { writeFileSync, existsSync } = require('node:fs');
writeFileSync('initialising', '');
while (!existsSync('initialise')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
require('prefork-interp').initialisationComplete({ standby: STANDBY });
process.on('SIGINT', () => writeFileSync('interrupted', ''));
writeFileSync('running', '');
setInterval(() => existsSync('finish') && process.exit(0), 5);
`;

/** Processes by their names in the topology. */
export type Who = Readonly<Record<string, ProcessInfo>>;

export class PlumbedCall {
  // A listener would be one more descriptor of each process.
  private readonly sandbox = new Sandbox(false);
  private readonly streams = ['in', 'out', 'err'].map((name) => join(this.sandbox.folder, name));
  private readonly descriptors: readonly number[];
  private readonly words: readonly string[];

  constructor(t: TestContext, { standby = false } = {}) {
    t.after(() => this.sandbox.end());
    const text = script.replace('STANDBY', String(standby));
    this.words = ['-U', process.execPath, this.sandbox.script('script.js', text)];
    this.descriptors = this.streams.map((path) => openSync(path, 'a+'));
    t.after(() => this.descriptors.forEach(closeSync));
  }

  start(): number {
    const child = this.sandbox.start(client, this.words, { stdio: [...this.descriptors] });
    assert.ok(child.pid !== undefined);
    return child.pid;
  }

  async runToEnd(): Promise<void> {
    this.say('initialise');
    this.say('finish');
    const child = this.sandbox.start(client, this.words, { stdio: [...this.descriptors] });
    assert.equal(await new Promise((done) => child.once('exit', done)), 0);
    for (const name of ['finish', 'running']) rmSync(join(this.sandbox.folder, name));
  }

  say(name: string): void {
    writeFileSync(join(this.sandbox.folder, name), '');
  }

  async hear(name: string): Promise<void> {
    await until(name, () => existsSync(join(this.sandbox.folder, name)));
  }

  processes(): readonly ProcessInfo[] {
    return this.sandbox.processes();
  }

  /** The processes between two calls, when all are ready. */
  async waiting(): Promise<Who> {
    const { server, standby, understudy } = await readyStandby(this.sandbox);
    const watcher = this.processes().find(isOurProgram);
    return { server, standby, understudy, ...(watcher && { watcher }) };
  }

  running(pid: number): Promise<Who> {
    return callProcesses(this.sandbox, pid);
  }

  /** What each of these holds, told. */
  told(who: Who): readonly Told<string>[] {
    const pids = Object.fromEntries(Object.entries(who).map(([name, { pid }]) => [name, pid]));
    const children = new Map(
      Object.values(who).flatMap(({ pid, parent }) => {
        const name = Object.keys(who).find((one) => who[one]?.pid === parent);
        return name === undefined ? [] : [[name, pid] as const];
      }),
    );
    const [input = '', output = '', error = ''] = this.streams;
    const { runDirectory } = this.sandbox;
    const streams = [input, output, error] as const;
    return tell(openFiles(pids), { streams, runDirectory, pids, families, children });
  }
}
