/** What all SVG drawings have in common. */

import { colours, darkStyle } from './palette';
import { element, textElement } from './xml';

/** The first of these that is there: all as wide as the one that lines were measured in, or narrower. */
const fonts = "Verdana,'DejaVu Sans','Bitstream Vera Sans',Geneva,sans-serif";

const style = `<style>text{font-family:${fonts}}${darkStyle()}</style>`;
const ground = element('rect', { width: '100%', height: '100%', rx: 8, fill: colours.page });

interface Frame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** For readers that see no drawing. */
  readonly title: string;
  readonly description: string;
}

export const drawing = (
  { width, height, title, description }: Frame,
  content: readonly string[],
): string =>
  `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...{ width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' },
    },
    [
      textElement('title', {}, title),
      textElement('desc', {}, description),
      style,
      ground,
      ...content,
    ],
  )}\n`;

/** To a tenth of a pixel. */
export const round = (value: number): number => Math.round(value * 10) / 10;

export interface TextLooks {
  /** Pixels. */
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 'bold';
  readonly slant?: 'italic';
  readonly struck?: true;
}

export const textAt = (x: number, y: number, words: string, looks: TextLooks = {}): string =>
  textElement(
    'text',
    {
      ...{ x, y, 'font-size': looks.size ?? 10, fill: looks.colour ?? colours.text },
      ...(looks.anchor === undefined ? {} : { 'text-anchor': looks.anchor }),
      ...(looks.weight === undefined ? {} : { 'font-weight': looks.weight }),
      ...(looks.slant === undefined ? {} : { 'font-style': looks.slant }),
      ...(looks.struck === undefined ? {} : { 'text-decoration': 'line-through' }),
    },
    words,
  );

/** Graphviz's SVG made one that stands by itself: with a ground, and with colours for dark pages. */
export const finishSvg = (svg: string): string => {
  const [, width = '', height = '', box = ''] =
    /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([^"]+)"/.exec(svg) ?? [];
  const body = svg.slice(svg.indexOf('<g id="graph0"'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="${box}" role="img">`,
    style,
    ground,
    // The ground that Graphviz draws, and the fonts that it names.
    body
      .replace(/<polygon fill="white" stroke="none"[^>]*\/>\n/, '')
      .replaceAll(/ font-family="[^"]*"/g, ''),
  ].join('\n');
};
