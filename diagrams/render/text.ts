/** Text as it may stand between the tags and in the attributes of XML and of Graphviz's labels. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The text in lines of at most `width` characters, broken between words where it can be. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

/** As the documented diagrams mark who leads a session or a process group. */
export const leaderMark = (leads: 'session' | 'group' | null): string => {
  if (leads === null) return '';
  return leads === 'session' ? ' &&' : ' &';
};
