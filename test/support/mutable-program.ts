// A program of many small files, and what it prints as its files are now: found by a resolver of its own,
// because Node's remembers.

import {
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export type Kind = 'CommonJS' | 'ES modules';

/** What a module's text holds besides its name and version: always of the same length. */
const versionPattern = /@(\d{6})/;
const endings = { CommonJS: '.js', 'ES modules': '.mjs' } as const;

export class MutableProgram {
  readonly script: string;
  readonly ending: string;

  constructor(
    readonly folder: string,
    readonly kind: Kind,
  ) {
    this.ending = endings[kind];
    this.script = this.at(kind === 'CommonJS' ? 'main.cjs' : 'main.mjs');
    const exact = (name: string): string => (kind === 'CommonJS' ? name : name + this.ending);
    const two = kind === 'CommonJS' ? './lib/two' : './lib/two/index.mjs';
    const links = ['dep', 'linked', exact('./current/thing')];
    this.write(this.at('data.json'), '"data@000000"');
    this.write(this.at('lib/leaf.json'), '"leaf@000000"');
    this.module(this.script, [exact('./lib/one'), two, './data.json', ...links]);
    this.module(this.named('lib/one'), ['dep', './leaf.json', exact('./deep/er/three')]);
    this.module(this.named('lib/two/index'), ['linked', '../leaf.json']);
    this.module(this.named('lib/deep/er/three'), ['../../../data.json', 'dep', 'linked']);
    this.package('node_modules/dep', 'main');
    this.module(this.named('node_modules/dep/other'), []);
    for (const number of ['1', '2']) {
      this.package(`store/linked-${number}`, 'index');
      this.module(this.named(`releases/${number}/thing`), [exact('./part'), 'dep']);
      this.module(this.named(`releases/${number}/part`), []);
    }
    symlinkSync('../store/linked-1', this.at('node_modules/linked'));
    symlinkSync('releases/1', this.at('current'));
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  named(name: string): string {
    return this.at(name + this.ending);
  }

  /** Writes a package whose entry is the module `entry`. */
  package(name: string, entry: string): void {
    this.describe(name, entry);
    const part = this.kind === 'CommonJS' ? './part' : './part.mjs';
    this.module(this.named(`${name}/${entry}`), [part]);
    this.module(this.named(`${name}/part`), []);
  }

  describe(name: string, entry: string): void {
    const field = this.kind === 'CommonJS' ? 'main' : 'exports';
    const text = JSON.stringify({ name: 'dep', [field]: `./${entry}${this.ending}` });
    this.write(this.at(`${name}/package.json`), text);
  }

  /** Writes a module that asks for these others. */
  module(path: string, requests: readonly string[]): void {
    const isMain = path === this.script;
    const names = requests.map((_, index) => `m${index}`);
    const imports = requests.map((request, index) => this.import(`m${index}`, request));
    const text = `'@000000(' + [${names.join(', ')}].join(' ') + ')'`;
    const end = isMain ? [this.startServer(text)] : [this.export(text)];
    this.write(path, [...imports, ...end, ''].join('\n'));
  }

  private import(name: string, request: string): string {
    if (this.kind === 'CommonJS') return `const ${name} = require('${request}');`;
    if (request.endsWith('.json')) return `import ${name} from '${request}' with { type: 'json' };`;
    // Some of them are only known when the program runs.
    if (request.includes('thing'))
      return `const ${name} = (await import(['${request}'].join())).default;`;
    return `import ${name} from '${request}';`;
  }

  private export(text: string): string {
    return this.kind === 'CommonJS' ? `module.exports = ${text};` : `export default ${text};`;
  }

  private startServer(text: string): string {
    const library = 'prefork-interp';
    const load =
      this.kind === 'CommonJS'
        ? `const { initialisationComplete } = require('${library}');`
        : `import { initialisationComplete } from '${library}';`;
    return `${load}
const server = process.pid;
initialisationComplete();
console.log(server + ' ' + ${text});`;
  }

  private write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** What a plain run would print after the server's number, and the files it would read. */
  expectation(): { readonly text: string; readonly files: readonly string[] } {
    const files = new Set<string>();
    const evaluate = (path: string): string => {
      files.add(path);
      const source = readFileSync(path, 'utf8');
      if (path.endsWith('.json')) return JSON.parse(source) as string;
      const requests = [...source.matchAll(/(?:require\(|from |import\(\[)'([^']+)'/g)]
        .map(([, request = '']) => request)
        .filter((request) => request !== 'prefork-interp');
      const texts = requests.map((request) => evaluate(this.resolve(dirname(path), request)));
      return `@${versionPattern.exec(source)?.[1] ?? ''}(${texts.join(' ')})`;
    };
    return { text: evaluate(this.script), files: [...files] };
  }

  private resolve(folder: string, request: string): string {
    const found = request.startsWith('.')
      ? this.asFile(join(folder, request))
      : this.inPackage(folder, request);
    if (found === undefined) throw new Error(`no ${request} for ${folder}`);
    return realpathSync(found);
  }

  private asFile(path: string): string | undefined {
    const names = [path, `${path}.js`, `${path}.json`, join(path, 'index.js')];
    return names.find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
  }

  private inPackage(folder: string, name: string): string {
    const home = join(folder, 'node_modules', name);
    if (statSync(home, { throwIfNoEntry: false }) === undefined)
      return this.inPackage(dirname(folder), name);
    const { main, exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      readonly main?: string;
      readonly exports?: string;
    };
    return join(home, main ?? exports ?? '');
  }
}

/** The same text with another version in it. */
export function nextVersion(text: string, version: number): string {
  return text.replace(versionPattern, `@${String(version).padStart(6, '0')}`);
}
