// Bars, colours and times for a terminal; plain text where the output is none, or NO_COLOR is set.

// A share of 1 is half of what there is room for.
const width = 16;
const codes = { bold: 1, dim: 2, cyan: 36 } as const;

const isColoured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

export function decorate(style: keyof typeof codes, text: string): string {
  return isColoured ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

/** A bar for a share, at most twice the whole, in steps of an eighth of a character; never empty. */
export function bar(share: number): string {
  const eighths = Math.max(1, Math.min(2 * width * 8, Math.round(share * width * 8)));
  const rest = eighths % 8;
  const drawn = '█'.repeat(eighths >> 3) + (rest === 0 ? '' : ' ▏▎▍▌▋▊▉'.charAt(rest));
  return decorate('cyan', drawn.padEnd(2 * width));
}

export function milliseconds(duration: number): string {
  return `${duration.toFixed(duration < 100 ? 1 : 0)} ms`;
}
