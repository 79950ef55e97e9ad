// Whether all that the processes of a call have said has been heard: of last words only their absence tells.

import { isFrom } from './causes';
import type { Call, Part, Process } from './types';

/** The parts that the call must have had, by what the others have said. */
function expectedParts({ parts: { client, monitor } }: Call): readonly Part[] {
  const steps = (process?: Process) => process?.actors.at(-1)?.steps ?? [];
  const isGreeted = steps(client).some(({ event }) => isFrom('monitor', 'client', event));
  // Forked now, or ahead.
  const hasExecutor = steps(monitor).some(({ data }) => typeof data?.['child'] === 'number');
  return [
    ...(client === undefined ? [] : (['client'] as const)),
    ...(monitor === undefined && !isGreeted ? [] : (['monitor'] as const)),
    ...(hasExecutor ? (['executor'] as const) : []),
  ];
}

const hasEnd = (process: Process | undefined): boolean =>
  process?.actors.at(-1)?.ended !== undefined;

/** Whether each of its processes has told its end, or was killed before it could. */
export const isComplete = (call: Call): boolean =>
  expectedParts(call).every((part) => {
    const { isSudden, ending } = call.parts[part]?.gone ?? {};
    const wasKilled = isSudden ?? (ending !== undefined && 'signal' in ending);
    return wasKilled || hasEnd(call.parts[part]);
  });

/** How many of its processes have ended without a word that was heard. */
export const missingEnds = (call: Call): number =>
  expectedParts(call).filter((part) => !hasEnd(call.parts[part])).length;

/** Whether records are missing between others. */
export const hasGap = ({ parts, served }: Call): boolean =>
  [
    ...Object.values(parts).flatMap(({ actors }) => actors.flatMap(({ steps }) => steps)),
    ...served,
  ].some(({ lost }) => lost !== undefined);
