// A chart with a place for everything, in units of a pixel or so; what the page draws.

export interface ChartLayout {
  readonly id: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Groups before what is in them. */
  readonly states: readonly StateLayout[];
  readonly ways: readonly WayLayout[];
}

export interface StateLayout {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** The documents' wording. */
  readonly step?: string;
  /** How it ends the process, or what that becomes. */
  readonly end?: string;
  readonly kind: 'group' | 'state' | 'final';
  readonly failure: boolean;
  /** Of the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The ways from one state to another. */
export interface WayLayout {
  /** The states that have them and that they name, which may be groups. */
  readonly source: string;
  readonly target: string;
  /** `EVENT [guard]`, one for each. */
  readonly texts: readonly string[];
  /** An SVG path; without one it is drawn only when it has been taken. */
  readonly line?: string;
  /** Where its head points to, and whence. */
  readonly head?: { readonly x: number; readonly y: number; readonly angle: number };
}
