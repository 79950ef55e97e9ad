// Runs a case both ways, with everything else the same: plain Node, and a warm call of the client.

import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Sandbox, client, outcomeOf, projectRoot } from '../support/sandbox';
import type { Details, Normalisation, Outcome } from './case';

type Way = 'plain' | 'warm';

const library = (kind: 'cjs' | 'mjs'): string =>
  kind === 'cjs'
    ? `const { initialisationComplete } = require('prefork-interp');\n`
    : `import { initialisationComplete } from 'prefork-interp';\n`;
const complete = 'initialisationComplete({ maxServers: -1 });\n';

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

export class Laboratory {
  readonly sandbox = new Sandbox();
  private readonly hosts = { cjs: '', mjs: '' };
  private readonly materials = {
    ADDON: join(projectRoot, 'build/test/fork_kit.node'),
    CERT: join(this.sandbox.folder, 'certificate.pem'),
    KEY: join(this.sandbox.folder, 'key.pem'),
  };
  private count = 0;

  constructor(readonly node: string) {}

  /** Starts the servers that cases share. */
  async open(): Promise<void> {
    const { CERT, KEY } = this.materials;
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', KEY, '-out', CERT];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { stdio: 'ignore' });
    for (const kind of ['cjs', 'mjs'] as const) {
      this.hosts[kind] = this.sandbox.script(`host.${kind}`, hosts[kind]);
      await this.runOnce([this.hosts[kind], this.sandbox.script(`none.${kind}`, '')], 'warm', {
        body: '',
      });
    }
  }

  end(): Promise<void> {
    return this.sandbox.end();
  }

  async compare(details: Details): Promise<Readonly<Record<Way, Outcome>>> {
    const { kind = 'cjs', body, setup, own = setup !== undefined, args = ['one', 'two'] } = details;
    const name = `case-${++this.count}.${kind}`;
    if (!own) {
      const words = [this.hosts[kind], this.sandbox.script(name, body), ...args];
      return {
        plain: await this.run(words, 'plain', details),
        warm: await this.run(words, 'warm', details),
      };
    }
    const script = this.sandbox.script(
      name,
      `${library(kind)}${setup ?? ''}\n${complete}${body}\n`,
    );
    const words = [script, ...args];
    const plain = await this.run(words, 'plain', details);
    await this.runOnce(words, 'warm', details); // whatever comes of it: the server stands now
    const warm = await this.run(words, 'warm', details);
    await this.sandbox.call(['-U', '--kill', this.node, script]);
    return { plain, warm };
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
    const [script = ''] = words.slice(words[0] === this.hosts[details.kind ?? 'cjs'] ? 1 : 0);
    const out = join(this.sandbox.folder, 'out', basename(script));
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const program = [...(way === 'warm' ? [client, '-U'] : []), this.node, ...words];
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
