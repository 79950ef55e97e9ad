// Where text stands in a drawing, by the widths of the widest of its fonts.

import { widthOf } from '../../diagrams/render/measure';

interface Placed {
  readonly words: string;
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export class DrawnSvg {
  readonly width: number;
  readonly height: number;
  private readonly texts: readonly Placed[];

  constructor(svg: string) {
    const [, width, height] = /<svg [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    this.width = Number(width);
    this.height = Number(height);
    const [, x = 0, y = 0] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(svg) ?? [];
    const found = [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)];
    this.texts = found.map(([, attributes = '', words = '']) =>
      placed(attributes, plain(words), Number(x), Number(y)),
    );
    if (this.texts.length === 0) throw new Error('there is no text in the drawing');
  }

  /** Text that does not lie within the drawing. */
  textOutside(): readonly string[] {
    return this.texts
      .filter(
        ({ left, right, top, bottom }) =>
          left < 0 || top < 0 || right > this.width || bottom > this.height,
      )
      .map(({ words }) => words);
  }

  /** Pairs of texts of which one covers a part of the other. */
  textOverText(): readonly string[] {
    return this.texts.flatMap((one, index) =>
      this.texts
        .slice(index + 1)
        .filter((other) => areOver(one, other))
        .map((other) => `${one.words} / ${other.words}`),
    );
  }

  smallestText(): number {
    return Math.min(...this.texts.map(({ size }) => size));
  }
}

function placed(attributes: string, words: string, dx: number, dy: number): Placed {
  const read = (name: string): string =>
    new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  const size = Number(read('font-size'));
  const width = widthOf(words, size) * (read('font-weight') === 'bold' ? 1.08 : 1);
  const anchor = read('text-anchor');
  const x = Number(read('x')) + dx;
  const y = Number(read('y')) + dy;
  const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
  return { words, size, left, right: left + width, top: y - 0.72 * size, bottom: y + 0.1 * size };
}

const plain = (text: string): string =>
  text
    .replaceAll('&#160;', ' ')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .trim();

const areOver = (one: Placed, other: Placed): boolean =>
  one.words !== '' &&
  other.words !== '' &&
  one.left < other.right - 1 &&
  other.left < one.right - 1 &&
  one.top < other.bottom &&
  other.top < one.bottom;
