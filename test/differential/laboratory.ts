// Runs a case in every way, with everything else the same: by plain Node, and in warm calls of the client.

import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { environmentOf } from '../support/processes';
import { Sandbox, client, outcomeOf, projectRoot } from '../support/sandbox';
import { readyStandby } from '../support/standby';
import type { Details, Normalisation, Outcome } from './case';

/** By plain Node; by processes forked for the call; by those forked ahead of it. */
export type Way = 'plain' | 'warm' | 'ahead';

const library = (kind: 'cjs' | 'mjs'): string =>
  kind === 'cjs'
    ? `const { initialisationComplete } = require('prefork-interp');\n`
    : `import { initialisationComplete } from 'prefork-interp';\n`;
const complete =
  "initialisationComplete({ maxServers: -1, standby: process.env.STANDBY !== 'none' });\n";

// One server for all cases that only care about what happens after the initialisation.
const hosts = {
  cjs: `${library('cjs')}${complete}require(process.argv.splice(2, 1)[0]);\n`,
  mjs: `${library('mjs')}${complete}await import(process.argv.splice(2, 1)[0]);\n`,
} as const;

const always: readonly Normalisation[] = [
  { pattern: /\(node:\d+\)/g, by: '(node:PID)', because: 'warnings name the process' },
  { pattern: /0x[0-9a-f]{6,}/g, by: 'ADDRESS', because: 'addresses are randomised' },
];

// A hang becomes an outcome, and one that no case expects.
const patience = '60';

/** A script whose server serves many cases, and the end of the last one so far. */
interface Host {
  readonly script: string;
  turn: Promise<unknown>;
}

const lanes = 2;
const isHost = (script = ''): boolean => /^host-\d+\./.test(basename(script));

export interface Compared {
  readonly plain: Outcome;
  readonly served: ReadonlyMap<Way, Outcome>;
}

export class Laboratory {
  readonly sandbox = new Sandbox();
  /** So many of each kind as cases run at a time. */
  private readonly hosts: Record<keyof typeof hosts, Host[]> = { cjs: [], mjs: [] };
  private readonly materials = {
    ADDON: join(projectRoot, 'build/test/fork_kit.node'),
    CERT: join(this.sandbox.folder, 'certificate.pem'),
    KEY: join(this.sandbox.folder, 'key.pem'),
  };
  private count = 0;

  constructor(
    readonly node: string,
    private readonly ways: readonly Exclude<Way, 'plain'>[],
  ) {}

  /** Starts the servers that cases share. */
  async open(): Promise<void> {
    const { CERT, KEY } = this.materials;
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', KEY, '-out', CERT];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { stdio: 'ignore' });
    for (const kind of ['cjs', 'mjs'] as const) {
      for (let lane = 0; lane < lanes; ++lane) {
        const script = this.sandbox.script(`host-${lane}.${kind}`, hosts[kind]);
        const words = [script, this.sandbox.script(`none.${kind}`, '')];
        for (const way of this.ways) await this.startServer(words, way, { body: '' });
        this.hosts[kind].push({ script, turn: Promise.resolve() });
      }
    }
  }

  end(): Promise<void> {
    return this.sandbox.end();
  }

  async compare(details: Details): Promise<Compared> {
    const { kind = 'cjs', body, setup, own = setup !== undefined, args = ['one', 'two'] } = details;
    const name = `case-${++this.count}.${kind}`;
    const served = new Map<Way, Outcome>();
    if (!own) {
      const host = this.hosts[kind][this.count % lanes];
      if (host === undefined) throw new Error('the laboratory is not open');
      const words = [host.script, this.sandbox.script(name, body), ...args];
      const plain = await this.run(words, 'plain', details);
      for (const way of this.ways) {
        // A server has one standby only.
        const outcome = host.turn.then(() => this.runServed(words, way, details));
        host.turn = outcome.catch(() => {});
        served.set(way, await outcome);
      }
      return { plain, served };
    }
    const script = this.sandbox.script(
      name,
      `${library(kind)}${setup ?? ''}\n${complete}${body}\n`,
    );
    const words = [script, ...args];
    const plain = await this.run(words, 'plain', details);
    for (const way of this.ways) {
      await this.startServer(words, way, details);
      served.set(way, await this.runServed(words, way, details));
      await this.sandbox.call(['-U', '-G', way, '--kill', this.node, script]);
    }
    return { plain, served };
  }

  /** Whatever comes of the call: the server stands then. */
  private async startServer(words: readonly string[], way: Way, details: Details): Promise<void> {
    const env = way === 'warm' ? { ...details.env, STANDBY: 'none' } : (details.env ?? {});
    await this.runOnce(words, way, { ...details, env });
  }

  private async runServed(words: readonly string[], way: Way, details: Details): Promise<Outcome> {
    const server = way === 'ahead' ? this.serverOf(words[0] ?? '') : undefined;
    if (server !== undefined) await readyStandby(this.sandbox, server);
    return this.run(words, way, details);
  }

  /** The one that keeps a standby; undefined: its set-up has not come so far. */
  private serverOf(script: string): number | undefined {
    return this.sandbox
      .processes()
      .find(
        ({ pid, session, commandLine }) =>
          pid === session &&
          commandLine[0] === this.node &&
          commandLine.includes(script) &&
          !environmentOf(pid).includes('STANDBY=none'),
      )?.pid;
  }

  private async run(words: readonly string[], way: Way, details: Details): Promise<Outcome> {
    const outcome = await this.runOnce(words, way, details);
    const normalisations = [...always, ...(details.normalise ?? [])];
    const normalise = (text: string): string =>
      normalisations.reduce((all, { pattern, by }) => all.replace(pattern, by), text);
    const files = Object.entries(outcome.files).map(([name, text]) => [name, normalise(text)]);
    return {
      stdout: normalise(outcome.stdout),
      stderr: normalise(outcome.stderr),
      end: outcome.end,
      files: Object.fromEntries(files) as Outcome['files'],
    };
  }

  private async runOnce(words: readonly string[], way: Way, details: Details): Promise<Outcome> {
    const { shell, terminal = false, input = '', keys, env = {} } = details;
    const [script = ''] = words.slice(isHost(words[0]) ? 1 : 0);
    const out = join(this.sandbox.folder, 'out', basename(script));
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const program = [...(way === 'plain' ? [] : [client, '-U', '-G', way]), this.node, ...words];
    const commands = `run() { ${program.map(quote).join(' ')}; }\n${shell ?? 'run'}`;
    const command = terminal || shell !== undefined ? ['bash', '--norc', '-c', commands] : program;
    const inTerminal = [
      'script',
      '-qec',
      `stty cols 100 rows 40 -echo; ${command.map(quote).join(' ')}`,
      '/dev/null',
    ];
    const all = ['-k', '1', patience, ...(terminal ? inTerminal : command)];
    const child = this.sandbox.start('timeout', ['--foreground', ...all], {
      env: {
        TZ: 'UTC',
        TERM: 'xterm-256color',
        COLORTERM: '',
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        OUT: out,
        ...this.materials,
        ...env,
      },
      ...(keys === undefined ? { input } : { stdio: 'pipe' }),
    });
    if (keys !== undefined) typeAfter(child, keys);
    const { stdout, stderr, code, signal } = await outcomeOf(child);
    const names = readdirSync(out).sort();
    const files = names.map((name) => [name, readFileSync(join(out, name), 'latin1')]);
    rmSync(out, { recursive: true, force: true });
    return {
      stdout,
      stderr,
      end: signal ?? code,
      files: Object.fromEntries(files) as Outcome['files'],
    };
  }
}

function typeAfter(child: ChildProcess, { after, text }: NonNullable<Details['keys']>): void {
  let shown = '';
  child.stdout?.on('data', function listen(data: Buffer) {
    shown += data.toString();
    if (!shown.includes(after)) return;
    child.stdout?.off('data', listen);
    child.stdin?.write(text);
  });
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
