import type { Ending } from '../../runtime/trace/record';

/** What a wait status says. */
export const endingOf = (status: number): Ending =>
  (status & 0x7f) === 0 ? { code: (status >> 8) & 0xff } : { signal: status & 0x7f };
