// What is said of many durations.

export interface Summary {
  /** Milliseconds, as all of these. */
  readonly median: number;
  /** 99 of 100 took no longer. */
  readonly p99: number;
  readonly smallest: number;
  readonly runs: number;
}

export function summarise(milliseconds: readonly number[]): Summary {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { median: at(0.5), p99: at(0.99), smallest: at(0), runs: sorted.length };
}
