// What the page and its server say to each other over the WebSocket, as JSON.

import type { Descriptors } from './descriptors';
import type { Interest, View } from './view';

/** First of all: what this is about. */
export interface Hello {
  readonly kind: 'hello';
  readonly mode: 'live' | 'replay';
  readonly runDirectory: string;
  readonly version: string;
  /** Microseconds since the epoch, at the time `monotonic`. */
  readonly realtime: number;
  readonly monotonic: number;
  /** Of a recording. */
  readonly file?: string;
  readonly first?: number;
  readonly last?: number;
  /** How many records there are in each of so many equal parts of it. */
  readonly activity?: readonly number[];
}

/** How things stand; sent when something has changed and the last one has been drawn. */
export interface Update {
  readonly kind: 'update';
  readonly view: View;
  /** Of the living, where they can be looked at. */
  readonly descriptors?: Descriptors;
}

export type FromServer = Hello | Update;

/** What the page wants to see; of a recording also as of when. */
export interface Wish extends Interest {
  readonly kind: 'wish';
  readonly time?: number;
}

/** The last update has been drawn. */
export interface Drawn {
  readonly kind: 'drawn';
}

export type FromPage = Wish | Drawn;
