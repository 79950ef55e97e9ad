/** What all SVG drawings have in common. */

import { colours, darkStyle } from './palette';

/** The first of these that is there: all as wide as the one that lines were measured in, or narrower. */
const fonts = "Verdana,'DejaVu Sans','Bitstream Vera Sans',Geneva,sans-serif";

/** Graphviz's SVG made one that stands by itself: with a ground, and with colours for dark pages. */
export const finishSvg = (svg: string): string => {
  const [, width = '', height = '', box = ''] =
    /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([^"]+)"/.exec(svg) ?? [];
  const body = svg.slice(svg.indexOf('<g id="graph0"'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="${box}" role="img">`,
    `<style>text{font-family:${fonts}}${darkStyle()}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${colours.page}"/>`,
    // The ground that Graphviz draws, the fonts that it names, and where it put the file together.
    body
      .replace(/<polygon fill="white" stroke="none"[^>]*\/>\n/, '')
      .replaceAll(/ font-family="[^"]*"/g, ''),
  ].join('\n');
};
