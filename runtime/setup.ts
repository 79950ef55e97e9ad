// The life of the library in a process started by prefork-interp: setup, then executor.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { addon, hideAddon } from './addon';
import type { Call } from './addon';
import { scriptArguments } from './arguments';
import { PreforkError } from './errors';
import { tellExitCode } from './exit-code';
import { assumeIdentity, maskOf } from './identity';
import type { CheckedOptions } from './options';
import { programFiles } from './program-files';
import { divertMathRandom, prepareRandomness } from './randomness';
import { divertStdio } from './stdio';
import { watchThreads } from './threads';
import { warmUp } from './warm-up';

export interface Setup {
  /** Returns in an executor. */
  complete(options: CheckedOptions): void;
}

/** To be called when the library is loaded; `variable` is the value of PREFORK_INTERP. */
export function beginSetup(variable: string): Setup {
  // The main thread's environment stays as it is: there, the library may yet be loaded.
  if (!addon().isMainThread())
    return refusal('ERR_PREFORK_WORKER', 'a Worker cannot become a server');
  delete process.env['PREFORK_INTERP'];
  const failure = addon().install(variable);
  if (failure !== undefined) return refusal('ERR_PREFORK_UNSUPPORTED', failure);

  const commandLine = readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1);
  const mask = maskOf('self');
  const threads = watchThreads();
  const restoreStdio = divertStdio();
  const replaceMathRandom = divertMathRandom();
  let completed = false;

  return {
    complete(options) {
      if (completed) {
        throw new PreforkError('ERR_PREFORK_CALLED_TWICE', 'may be called only once in a process');
      }
      const threadsInTheWay = threads.inTheWay();
      if (threadsInTheWay !== undefined) {
        throw new PreforkError('ERR_PREFORK_THREADS', threadsInTheWay);
      }
      const refreshRandomness = prepareRandomness(replaceMathRandom);
      const timeZone = process.env['TZ'];
      const call = serve(variable, options);
      completed = true;
      assumeIdentity(call, scriptArguments(call, commandLine), { timeZone, mask });
      restoreStdio();
      hideAddon();
      refreshRandomness(call.seed);
      tellExitCode((code) => addon().setExitCode(code));
    },
  };
}

function serve(variable: string, options: CheckedOptions): Call {
  const { autoreload, autoreloadExtra, ...rest } = options;
  const script = resolve(process.argv[1] ?? '');
  try {
    return addon().serve({
      ...rest,
      variable,
      script,
      files: autoreload ? [script, ...autoreloadExtra] : autoreloadExtra,
      ...(autoreload ? { programFiles } : {}),
      warmUp,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PreforkError('ERR_PREFORK_NO_SERVER', reason, error);
  }
}

function refusal(code: 'ERR_PREFORK_WORKER' | 'ERR_PREFORK_UNSUPPORTED', reason: string): Setup {
  return {
    complete() {
      throw new PreforkError(code, reason);
    },
  };
}
