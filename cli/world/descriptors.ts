// Which open descriptors of living processes are the links that the topology documents.

import { links, type End, type Link } from '../../machines/links';

/** One open descriptor, as the kernel shows it. */
export interface OpenFile {
  readonly number: number;
  /** A path, or `pipe:[INODE]` and the like. */
  readonly target: string;
  readonly mode: 'reads' | 'writes' | 'both';
  /** Of a local socket: whether callers arrive at it, or it is one end of a connection. */
  readonly socket?: 'listener' | 'connection';
}

export interface Descriptor extends OpenFile {
  /** The topology's name of what it is. */
  readonly link?: string;
  /** The keys of the other processes at that link. */
  readonly others?: readonly string[];
}

/** By the keys of their processes. */
export type Descriptors = Readonly<Record<string, readonly Descriptor[]>>;

/** A living process of one server or call. */
export interface Holder {
  readonly key: string;
  readonly role: string;
  /** The keys of those that it can have a link with: its call's, and its server's. */
  readonly kin: readonly string[];
  readonly files: readonly OpenFile[];
}

/** Names what each of them holds. */
export function nameDescriptors(holders: readonly Holder[]): Descriptors {
  const named = holders.map(({ key, files, ...holder }): [string, Descriptor[]] => [
    key,
    files.map((file) => {
      const kin = holders.filter((other) => holder.kin.includes(other.key));
      const found = nameOf({ key, files, ...holder }, file, kin);
      return found === undefined ? file : { ...file, ...found };
    }),
  ]);
  return Object.fromEntries(named);
}

type Name = Pick<Descriptor, 'link' | 'others'>;

function nameOf(holder: Holder, file: OpenFile, kin: readonly Holder[]): Name | undefined {
  for (const link of links) {
    for (const [own, other] of [link.ends, link.ends.toReversed()] as [End, End][]) {
      if (own.process !== holder.role || !isAtEnd(own, file)) continue;
      const peers = kin.filter(({ role }) => role === other.process);
      const others = peersAt(link, file, other, peers);
      if (others !== undefined) return { link: link.name, others: others.map(({ key }) => key) };
    }
  }
  return undefined;
}

/** Whether the number and the direction are those of that end. */
const isAtEnd = ({ descriptors, does }: End, { number, mode }: OpenFile): boolean =>
  (descriptors?.includes(number) ?? number > 2) &&
  (does !== 'reads' || mode === 'reads') &&
  (does !== 'writes' || mode === 'writes');

/** Who is at the other end; undefined: the file is something else. */
function peersAt(
  { kind }: Link,
  file: OpenFile,
  other: End,
  peers: readonly Holder[],
): readonly Holder[] | undefined {
  switch (kind) {
    case 'listener':
      return file.socket === 'listener' ? [] : undefined;
    case 'inotify':
      return file.target === 'anon_inode:inotify' ? [] : undefined;
    case 'socket':
      // The kernel tells nobody but its own tools which sockets are connected.
      return file.socket === 'connection' && peers.length > 0 ? peers : undefined;
    case 'pipe':
    case 'passed': {
      const holding = peers.filter(({ files }) =>
        files.some((one) => one.target === file.target && isAtEnd(other, one)),
      );
      return holding.length > 0 ? holding : undefined;
    }
  }
}
