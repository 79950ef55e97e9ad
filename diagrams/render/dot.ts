/** Graphviz's language: statements, and labels of lines that have looks of their own. */

import { escapeXml } from './text';

/** A line of a label. */
export interface Line {
  readonly text: string;
  readonly colour: string;
  /** Bold or italic. */
  readonly looks?: 'b' | 'i';
}

/** Texts by name; a label is a list of lines. */
export type Attributes = Readonly<Record<string, string | readonly Line[]>>;

/** A node or an edge, as `nodeName` and `edgeName` name them, or defaults for those that follow. */
export const statement = (of: string, attributes: Attributes): string => {
  const list = Object.entries(attributes).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? quote(value) : label(value)}`,
  );
  return `${of} [${list.join(', ')}]`;
};

export const digraph = (name: string, statements: readonly string[]): string =>
  [`digraph ${quote(name)} {`, ...indent(statements), '}', ''].join('\n');

/** Nodes with a common border. */
export const cluster = (
  name: string,
  attributes: Attributes,
  statements: readonly string[],
): readonly string[] => [
  `subgraph ${quote(clusterName(name))} {`,
  ...indent([statement('graph', attributes), ...statements]),
  '}',
];

export const nodeName = (name: string): string => quote(name);
export const edgeName = (from: string, to: string): string => `${quote(from)} -> ${quote(to)}`;
/** As `lhead` and `ltail` of an edge name it. */
export const clusterName = (name: string): string => `cluster ${name}`;

const quote = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;

/** As a table: without one Graphviz lets lines of different looks touch each other. */
const label = (lines: readonly Line[]): string => {
  const rows = lines.map(({ text, colour, looks }) => {
    // Graphviz drops common spaces at the ends of a line.
    const words = escapeXml(text).replaceAll(/^ | $/g, '&#160;');
    const inner = looks === undefined ? words : `<${looks}>${words}</${looks}>`;
    return `<tr><td align="left"><font color="${colour}">${inner}</font></td></tr>`;
  });
  if (rows.length === 0) return '""';
  return `<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">${rows.join('')}</table>>`;
};

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
