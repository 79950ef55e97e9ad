import { readSync } from 'node:fs';

const pieceBytes = 1 << 18;
const newline = 0x0a;

/** Reads a file's lines one after the other, from any byte at which one begins. */
export class LineReader {
  private piece = Buffer.alloc(0);
  private at = 0;

  constructor(
    private readonly descriptor: number,
    /** Where the next line begins. */
    public offset: number,
  ) {}

  /** The next line without its end; undefined where there is none, or only a part of one. */
  next(): string | undefined {
    for (;;) {
      const end = this.piece.indexOf(newline, this.at);
      if (end >= 0) {
        const line = this.piece.toString('utf8', this.at, end);
        this.offset += end + 1 - this.at;
        this.at = end + 1;
        return line;
      }
      if (!this.readMore()) return undefined;
    }
  }

  private readMore(): boolean {
    const rest = this.piece.subarray(this.at);
    const more = Buffer.alloc(pieceBytes);
    const length = readSync(this.descriptor, more, 0, pieceBytes, this.offset + rest.length);
    this.piece = Buffer.concat([rest, more.subarray(0, length)]);
    this.at = 0;
    return length > 0;
  }
}
