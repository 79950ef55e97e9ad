// All the ways in which the files of a program change.

import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, relative } from 'node:path';
import type { MutableProgram } from './mutable-program';
import { nextVersion } from './mutable-program';

/** Answers with a whole number from 0 up to, not including, `end`; the same ones for the same seed. */
export type Chance = (end: number) => number;

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return (end) => {
    // A linear congruential generator, of which the upper bits are used.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

export class Mutations {
  private version = 0;

  constructor(
    private readonly program: MutableProgram,
    private readonly draw: Chance,
  ) {}

  /** Changes the program in some way; returns what was done, in words. */
  readonly relevant: Readonly<Record<string, () => string>> = {
    rewrite: () => this.onFile((file) => writeFileSync(file, this.changed(file))),
    'rewrite with the same size and time': () =>
      this.onFile((file) => {
        const { atime, mtime } = statSync(file);
        writeFileSync(file, this.changed(file));
        utimesSync(file, atime, mtime);
      }),
    'rename over': () =>
      this.onFile((file) => {
        writeFileSync(this.aside, this.changed(file));
        renameSync(this.aside, file);
      }),
    'rename an old one over': () =>
      this.onFile((file) => {
        writeFileSync(this.aside, this.changed(file));
        utimesSync(this.aside, 1e9, 1e9);
        renameSync(this.aside, file);
      }),
    'rewrite with an older time': () =>
      this.onFile((file) => {
        writeFileSync(file, this.changed(file));
        utimesSync(file, 1e9, 1e9);
      }),
    'delete and recreate': () =>
      this.onFile((file) => {
        const text = this.changed(file);
        rmSync(file);
        writeFileSync(file, text);
      }),
    'rewrite by another name': () =>
      this.onFile((file) => {
        linkSync(file, this.aside);
        writeFileSync(this.aside, this.changed(file));
        rmSync(this.aside);
      }),
    touch: () => this.onFile((file) => utimesSync(file, new Date(), new Date())),
    're-point a link': () => {
      const link = this.pick(['current', 'node_modules/linked']);
      const path = this.program.at(link);
      const target = readlinkSync(path).replace(/\d$/, (number) => (number === '1' ? '2' : '1'));
      if (this.draw(2) === 0) {
        rmSync(path);
        symlinkSync(target, path);
      } else {
        symlinkSync(target, this.aside);
        renameSync(this.aside, path);
      }
      return link;
    },
    'replace a folder': () => {
      const file = this.pick(this.files());
      const folder = dirname(file);
      if (folder === this.program.folder) return 'nothing';
      cpSync(folder, this.aside, { recursive: true, verbatimSymlinks: true });
      const copy = file.replace(folder, this.aside);
      writeFileSync(copy, this.changed(copy));
      const old = `${this.aside}.old`;
      renameSync(folder, old);
      renameSync(this.aside, folder);
      rmSync(old, { recursive: true });
      return relative(this.program.folder, folder);
    },
    'put a folder’s copy behind a link': () => {
      const folder = this.program.at('lib/deep');
      const store = this.program.at('store/deep');
      if (existsSync(store)) {
        rmSync(folder);
        renameSync(store, folder);
      } else {
        renameSync(folder, store);
        symlinkSync('../store/deep', folder);
      }
      return 'lib/deep';
    },
    'add or remove what comes first': () => this.shadow(),
    'another entry of a package': () => {
      this.program.describe('node_modules/dep', this.pick(['main', 'other']));
      return 'dep';
    },
  };

  /** Changes something beside the program. */
  readonly irrelevant: Readonly<Record<string, () => string>> = {
    'write a file that nobody reads': () => {
      const folder = dirname(this.pick(this.files()));
      writeFileSync(`${folder}/unread.txt`, String(++this.version));
      return relative(this.program.folder, folder);
    },
    'remove a file that nobody reads': () => {
      const folder = dirname(this.pick(this.files()));
      rmSync(`${folder}/unread.txt`, { force: true });
      return relative(this.program.folder, folder);
    },
    'make and remove a folder': () => {
      const folder = dirname(this.pick(this.files()));
      mkdirSync(`${folder}/unread`);
      rmSync(`${folder}/unread`, { recursive: true });
      return relative(this.program.folder, folder);
    },
  };

  private shadow(): string {
    const { program } = this;
    const shadows: readonly (readonly [string, () => void])[] = [
      ['lib/node_modules', () => program.package('lib/node_modules/dep', 'main')],
      [
        'lib/deep/er/node_modules',
        () => program.package('lib/deep/er/node_modules/linked', 'main'),
      ],
      ...(program.kind === 'ES modules'
        ? []
        : ([
            ['lib/one', () => program.module(program.at('lib/one'), ['./leaf.json'])],
            ['lib/two.js', () => program.module(program.at('lib/two.js'), ['./one'])],
            ['releases/1/part', () => program.module(program.at('releases/1/part'), [])],
          ] as const)),
    ];
    const [name, add] = this.pick(shadows);
    if (existsSync(program.at(name))) rmSync(program.at(name), { recursive: true });
    else add();
    return name;
  }

  private onFile(change: (file: string) => void): string {
    const file = this.pick(this.files());
    change(file);
    return relative(this.program.folder, file);
  }

  private changed(file: string): string {
    return nextVersion(readFileSync(file, 'utf8'), ++this.version);
  }

  private files(): readonly string[] {
    return this.program.expectation().files;
  }

  private get aside(): string {
    return this.program.at('aside');
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.draw(list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}
