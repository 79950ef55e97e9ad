/** How wide text is, at most, in the fonts of the drawings: for those that Graphviz does not lay out. */

/** Thousandths of the font's size, by character; those of Verdana, the widest of the fonts. */
const widths: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    280: "ijl'",
    360: ' ft.,|',
    460: 'rJI()[]:;!-/“”"*',
    530: 'csz',
    600: 'aekvxyFLP?T',
    640: 'bdghnopqu0123456789_EZ',
    700: 'ABCKRSVXY',
    800: 'DGHNOQUw&+=<>→↘',
    1000: 'mMW%@…',
  }).flatMap(([width, characters]) => Array.from(characters, (one) => [one, Number(width)])),
);

/** In the unit of `size`. */
export const widthOf = (text: string, size: number): number =>
  (Array.from(text).reduce((sum, character) => sum + (widths[character] ?? 700), 0) * size) / 1000;

/** The text in lines that are no wider than that, broken between words where it can be. */
export const fit = (text: string, size: number, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
