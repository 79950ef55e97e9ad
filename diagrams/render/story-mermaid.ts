/** A story as a Mermaid sequence diagram, for Markdown. */

import { mermaidText } from './mermaid';
import { realmNames, type Lane, type Link, type Row, type Step, type Story } from './story';
import { leaderMark } from './text';

const arrows: Readonly<Record<Link['by'], string>> = {
  fork: '->>',
  descriptor: '--)',
  exit: '--x',
  signal: '-)',
};

export const storyMermaid = (story: Story): string => {
  const { lanes, rows } = story;
  const groups = lanes.reduce<(readonly [Lane['realm'], string[]])[]>((sofar, lane, index) => {
    const last = sofar.at(-1);
    if (last?.[0] === lane.realm) last[1].push(participant(lane, index));
    else sofar.push([lane.realm, [participant(lane, index)]]);
    return sofar;
  }, []);
  const lines = [
    ...groups.flatMap(([realm, participants]) => [
      `box transparent ${realmNames[realm]}`,
      ...participants.map((line) => `  ${line}`),
      'end',
    ]),
    ...chunks(rows).flatMap(drawn),
  ];
  return [
    '---',
    `title: ${mermaidText(story.title)}`,
    '---',
    'sequenceDiagram',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');
};

const participant = ({ name, leads }: Lane, index: number): string =>
  `participant ${idOf(index)} as ${mermaidText(`${name}${leaderMark(leads)}`)}`;

const idOf = (lane: number): string => `p${lane}`;

/** What one lane does until it is another's turn, or something passes between two. */
const chunks = (rows: readonly Row[]): readonly (readonly Row[])[] =>
  rows.reduce<Row[][]>((sofar, row) => {
    const last = sofar.at(-1);
    const before = last?.at(-1);
    const isSame =
      before !== undefined &&
      before.kind !== 'link' &&
      row.kind !== 'link' &&
      before.lane === row.lane;
    if (isSame) last?.push(row);
    else sofar.push([row]);
    return sofar;
  }, []);

const drawn = (rows: readonly Row[]): readonly string[] => {
  const [first] = rows;
  if (first === undefined) return [];
  if (first.kind === 'link') {
    return [`${idOf(first.from)}${arrows[first.by]}${idOf(first.to)}: ${mermaidText(first.text)}`];
  }
  const lines = rows.flatMap((row) => (row.kind === 'link' ? [] : said(row)));
  return [`Note over ${idOf(first.lane)}: ${lines.join('<br/>')}`];
};

const said = (row: Exclude<Row, Link>): readonly string[] => {
  switch (row.kind) {
    case 'origin':
      return [mermaidText(`${row.text} by the ${row.from}`)];
    case 'boundary':
      return [mermaidText(`— ${realmNames[row.realm]} —`)];
    case 'end':
      return [mermaidText(row.text === '' ? '■' : `■ ${row.text}`)];
    case 'step':
      return stepLines(row).map(mermaidText);
  }
};

const stepLines = ({ text, documented, pid, conditions }: Step): readonly string[] => [
  ...(pid === null ? [] : [`pid ${pid}`]),
  documented ? text : `(${text})`,
  ...conditions.map((condition) => (condition.taken ? condition.text : `↘ ${condition.text}`)),
];
