/** Microseconds of CLOCK_MONOTONIC. */
export const monotonicNow = (): number => Number(process.hrtime.bigint() / 1000n);
