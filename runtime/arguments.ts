// Which of a call's arguments are the script's.

import type { Call } from './addon';

/**
 * The arguments after interpreter and script. The client of the original project sends those two as well,
 * against its own protocol: from a foreign client, and only if they are word for word what this process
 * was started with (`commandLine`), they are dropped.
 */
export function scriptArguments(call: Call, commandLine: readonly string[]): readonly string[] {
  const [interpreter, script] = call.arguments;
  const sendsAll =
    !call.fromOwnClient &&
    script !== undefined &&
    interpreter === commandLine[0] &&
    script === commandLine[1];
  return sendsAll ? call.arguments.slice(2) : call.arguments;
}
