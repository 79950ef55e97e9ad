// What was seen at names in the file system. Each is looked at once: whatever is concluded from it
// afterwards agrees with what is told about it.

import { statSync } from 'node:fs';

type Sight = 'file' | 'folder' | 'other' | 'nothing';

export class Sightings {
  private readonly seen = new Map<string, Sight>();

  /** What has been read has been a file, whether or not it still is there. */
  remember(file: string): void {
    this.seen.set(file, 'file');
  }

  isFile(path: string): boolean {
    return this.look(path) === 'file';
  }

  isFolder(path: string): boolean {
    return this.look(path) === 'folder';
  }

  /** Every name that was looked at, behind `+` if something was there and `-` if not. */
  list(): string[] {
    return [...this.seen].map(([path, sight]) => (sight === 'nothing' ? '-' : '+') + path);
  }

  look(path: string): Sight {
    const known = this.seen.get(path);
    if (known !== undefined) return known;
    const sight = sightOf(path);
    this.seen.set(path, sight);
    return sight;
  }
}

function sightOf(path: string): Sight {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'nothing';
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'nothing'; // links in a ring, a folder that is closed to us
  }
}
