/** The page that shows all diagrams and says how to read them. */

import { endings, type Diagram, type Format } from './gallery';

export const page = (diagrams: readonly Diagram[]): string =>
  [
    '# Diagrams',
    '',
    '<!-- made by `npm run generate`, from machines/ -->',
    '',
    ...intro,
    ...sections.flatMap(({ shows, title, text }) => [
      '',
      `## ${title}`,
      '',
      ...text,
      ...diagrams
        .filter((diagram) => diagram.shows === shows)
        .flatMap((diagram) => ['', ...shown(diagram)]),
    ]),
    '',
  ].join('\n');

const intro = [
  'Everything here is drawn from the charts in [`machines/`](../machines), the same that the native code',
  'runs; `npm run generate` draws it anew. Each picture has its counterparts for other tools: Mermaid for',
  'Markdown, DOT for Graphviz, SCXML for interpreters of statecharts, and plain text.',
  '',
  '`prefork diagrams` writes them elsewhere, and with `--from FILE` it draws a recorded run instead: the',
  'states that it has come through, its processes with their numbers, its steps with their times.',
];

interface Section {
  readonly shows: Diagram['shows'];
  readonly title: string;
  readonly text: readonly string[];
}

const sections: readonly Section[] = [
  {
    shows: 'topology',
    title: 'Who is there while a script runs',
    text: [
      'Process parentage and key descriptors. A thick line leads from a parent to its child; a process',
      'without one has been left by its parent and belongs to the system. `&&` leads a session, `&` a',
      'process group. Thin lines are sockets and pipes, named at their ends, with the numbers of descriptors',
      'where they are always the same; an arrow points to the end that reads. The broad lines are the',
      "caller's standard input, output and error, which the client passes on: the executor holds the same",
      'open files. In small letters stands what else a process holds.',
    ],
  },
  {
    shows: 'causality',
    title: 'What causes what',
    text: [
      'A column for each actor, time running down. A box is a step; one with a coloured ground bears the name',
      'that it has in the documentation of the original prefork-interp, a grey one is a step of ours. Under a',
      'box in italics: what may happen instead, and where that leads. Arrows between columns are causes: a',
      'fork, a descriptor (with its name), the end of a process, a signal. The colours say whose work it is:',
      "the native program's, the library's inside the script's process, the application's own, the kernel's.",
      'A bar is the end of a process. Failures are left out, but for those that the original documents; the',
      'charts below have them all.',
    ],
  },
  {
    shows: 'plumbing',
    title: 'Which descriptors are where',
    text: [
      'One line for each step that changes what a process holds. `caller 0` and so on are what the caller has',
      'given to the client; `passed` are the same, received over the call and not yet in their places. Of',
      'pipes and of the call it says which ends are held.',
    ],
  },
  {
    shows: 'statechart',
    title: 'The charts',
    text: [
      'The dot is where a chart begins, a double border is where it ends: with an exit status, or because the',
      'process goes on as another actor. In a state stand its name, in italics the step of the original that',
      'it is, what it is for, and what it does on `entry` and `exit`. An arrow bears `EVENT [guard] / actions`;',
      'where several guards are asked, they are numbered in order. What leads away from the main way is',
      'drawn apart, and the ways there and back are written in the states, after an arrow; so are all but the',
      'last of the ways to a state that four or more lead to. As lines they would bury the main way.',
    ],
  },
];

const formatNames: Readonly<Record<Format, string>> = {
  svg: 'SVG',
  mermaid: 'Mermaid',
  dot: 'DOT',
  scxml: 'SCXML',
  text: 'text',
};

const shown = ({ name, title, description, formats }: Diagram): readonly string[] => {
  const links = (Object.keys(formats) as Format[]).map(
    (format) => `[${formatNames[format]}](${name}.${endings[format]})`,
  );
  return [`### ${title}`, '', description, '', `![${title}](${name}.svg)`, '', links.join(' · ')];
};
