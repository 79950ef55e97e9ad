/** Parentage and descriptors for other tools: in Graphviz's language, and as a Mermaid flowchart. */

import { digraph, edgeName, nodeName, statement } from './dot';
import { mermaidText } from './mermaid';
import type { Node, TopologyView, Wire } from './topology';
import { leaderMark } from './text';

export const topologyDot = ({ name, nodes, wires }: TopologyView): string =>
  digraph(name, [
    statement('node', { shape: 'box', style: 'rounded' }),
    ...nodes.map((node) => statement(nodeName(node.id), { label: titleOf(node) })),
    ...nodes.flatMap(({ id, parent }) =>
      parent === null
        ? []
        : [
            statement(edgeName(parent, id), {
              style: 'bold',
              label: 'parent of',
              class: 'parentage',
            }),
          ],
    ),
    ...wires.flatMap((wire, index) => {
      const [from, to] = [wire.from?.node ?? `other ${index}`, wire.to?.node ?? `other ${index}`];
      const isOpen = wire.from === null || wire.to === null;
      return [
        ...(isOpen
          ? [statement(nodeName(`other ${index}`), { label: otherOf(wire), shape: 'plaintext' })]
          : []),
        statement(edgeName(from, to), {
          ...{ label: wire.label, class: wire.kind, style: 'dashed' },
          ...(wire.from === null ? {} : { taillabel: wire.from.text }),
          ...(wire.to === null ? {} : { headlabel: wire.to.text }),
          ...(wire.kind === 'socket' ? { dir: 'both' } : {}),
          constraint: 'false',
        }),
      ];
    }),
  ]);

export const topologyMermaid = ({ title, nodes, wires }: TopologyView): string =>
  [
    '---',
    `title: ${mermaidText(title)}`,
    '---',
    'flowchart TB',
    ...[
      ...nodes.map((node) => `${node.id}["${mermaidText(titleOf(node))}"]`),
      ...nodes.flatMap(({ id, parent }) => (parent === null ? [] : [`${parent} ==> ${id}`])),
      ...wires.flatMap((wire, index) => {
        const other = `other${index}`;
        const isOpen = wire.from === null || wire.to === null;
        const from = wire.from?.node ?? other;
        const to = wire.to?.node ?? other;
        const arrow = wire.kind === 'socket' ? '<-.->' : '-.->';
        return [
          ...(isOpen ? [`${other}(["${mermaidText(otherOf(wire))}"])`] : []),
          `${from} ${arrow}|"${mermaidText(labelOf(wire))}"| ${to}`,
        ];
      }),
    ].map((line) => `  ${line}`),
    '',
  ].join('\n');

const titleOf = ({ name, pid, leads }: Node): string =>
  `${name}${leaderMark(leads)}${pid === null ? '' : ` ${pid}`}`;

const otherOf = ({ kind }: Wire): string =>
  kind === 'inotify' ? 'socket path' : kind === 'listener' ? 'callers' : 'closed';

/** With the numbers, where they are told. */
const labelOf = ({ label, from, to }: Wire): string => {
  const numbers = [from, to].flatMap((port) =>
    port === null || port.text === label ? [] : port.text,
  );
  return numbers.length === 0 ? label : `${label} (${[...new Set(numbers)].join(' to ')})`;
};
