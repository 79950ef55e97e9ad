// Calls as fast as the machine goes.

import { client, type Sandbox } from './sandbox';

const loop = `left=$1; shift; bad=0
while [ "$left" -gt 0 ]; do "$@" >/dev/null || bad=$((bad + 1)); left=$((left - 1)); done
echo $bad`;

/** Makes so many calls, by so many callers at a time; how many of them have failed. */
export async function manyCalls(
  sandbox: Sandbox,
  words: readonly string[],
  calls: number,
  callers: number,
): Promise<number> {
  const perCaller = String(calls / callers);
  const failures = await Promise.all(
    Array.from({ length: callers }, async () => {
      const { stdout } = await sandbox.run('sh', ['-c', loop, 'sh', perCaller, client, ...words]);
      return Number(stdout);
    }),
  );
  return failures.reduce((sum, failed) => sum + failed, 0);
}
