import { recordVersion, type RecordingHeader } from '../../runtime/trace/record';
import { version } from '../version';

/** Microseconds of CLOCK_MONOTONIC. */
export const monotonicNow = (): number => Number(process.hrtime.bigint() / 1000n);

/** Both clocks at this moment, with what else a recording begins with. */
export const headerNow = (runDirectory: string): RecordingHeader => ({
  v: recordVersion,
  kind: 'recording',
  realtime: Date.now() * 1000,
  monotonic: monotonicNow(),
  version: version(),
  runDirectory,
});
