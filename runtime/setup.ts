// The life of the library in a process started by prefork-interp: setup, then executor.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addon } from './addon';
import type { Call, ServeOptions } from './addon';
import { scriptArguments } from './arguments';
import { chosenEngine } from './engine';
import { PreforkError } from './errors';
import { tellExitCode } from './exit-code';
import { assumeIdentity } from './identity';
import { checkOptions } from './options';
import { captureOriginals } from './practice/originals';
import type { CheckedOptions } from './options';
import { divertRandomness } from './randomness';
import { divertStdio } from './stdio';
import { watchThreads } from './threads';
import { libraryVoice } from './voice';

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
  const say = libraryVoice('setup');
  say('begins with PREFORK_INTERP=%s', variable);
  const commandLine = readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1);
  const threads = watchThreads();
  const originals = captureOriginals();
  const stdio = divertStdio();
  const randomness = divertRandomness();
  // Last: it forks for the self-test, and what is written after that costs a copy of each page.
  const failure = addon().install(variable);
  if (failure !== undefined) {
    say('cannot become a server: %s', failure);
    // Now: why should the script load any more if this process is of no use?
    decline(variable, failure);
    return refusal('ERR_PREFORK_UNSUPPORTED', failure);
  }
  let completed = false;

  return {
    complete(options) {
      if (completed) {
        throw new PreforkError('ERR_PREFORK_CALLED_TWICE', 'may be called only once in a process');
      }
      threads.check();
      const { warnOfResources } =
        require('./setup-resources') as typeof import('./setup-resources');
      const orphans = warnOfResources();
      say('is complete, with %o', options);
      const timeZone = process.env['TZ'];
      // In the server, if there is time for it before the call; then it holds for all that it forks.
      const leaveSetup = once(() => {
        threads.stop();
        stdio.restore('unused');
        // They are the setup's children: nobody tells this process of their ends, so it must not wait.
        for (const orphan of orphans) orphan.unref();
        tellExitCode((code) => addon().setExitCode(code));
      });
      // What is compiled in the server need not be in each call, which overwrites all that this does.
      const assume = (assumed: Call): void =>
        assumeIdentity(assumed, scriptArguments(assumed, commandLine), timeZone);
      let practise: typeof import('./warm-up').practise | undefined;
      // In the server first, so that it is compiled for all; but there streams are practised while they are diverted,
      // because Node looks at process.stderr when it first prints.
      const rehearse = (pipe: number, practice: Call): void => {
        practise?.(pipe, stdio.getters, originals);
        assume(practice);
        randomness.refresh(practice);
      };
      const call = serve(variable, options, {
        rehearse,
        warmUp(pipe, practice) {
          const loaded = background();
          stdio.rehearse(() => loaded.warmUp(pipe, stdio.getters, originals));
          leaveSetup();
          rehearse(pipe, practice);
          randomness.reset();
          practise = loaded.practise;
        },
      });
      completed = true;
      say('is left for a call: process %d, arguments %o', call.pid, call.arguments);
      leaveSetup();
      assume(call);
      stdio.restore('all');
      randomness.refresh(call);
    },
  };
}

function serve(
  variable: string,
  options: CheckedOptions,
  rehearsals: Pick<ServeOptions, 'warmUp' | 'rehearse'>,
): Call {
  const { autoreload, autoreloadExtra, ...rest } = options;
  const script = resolve(process.argv[1] ?? '');
  try {
    return addon().serve({
      ...rest,
      variable,
      script,
      files: autoreload ? [script, ...autoreloadExtra] : autoreloadExtra,
      ...(autoreload ? { programFiles: () => background().programFiles() } : {}),
      ...chosenEngine(),
      ...rehearsals,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PreforkError('ERR_PREFORK_NO_SERVER', reason, error);
  }
}

// Of no use to the first call, so it is not read before that is under way; and nothing that the script
// should see among its modules.
function background(): typeof import('./background') {
  const loaded = require('./background') as typeof import('./background');
  Reflect.deleteProperty(require.cache, join(__dirname, 'background.js'));
  return loaded;
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

/** Returns only if the caller wants an error instead of a run without a server. */
function decline(variable: string, unsupported: string): void {
  const { autoreload: _, autoreloadExtra: files, ...rest } = checkOptions({});
  try {
    const script = resolve(process.argv[1] ?? '');
    addon().serve({
      ...rest,
      variable,
      script,
      files,
      unsupported,
      ...chosenEngine(),
      warmUp() {},
      rehearse() {},
    });
  } catch {
    // It will be said when the script declares itself ready.
  }
}

function refusal(code: 'ERR_PREFORK_WORKER' | 'ERR_PREFORK_UNSUPPORTED', reason: string): Setup {
  return {
    complete() {
      throw new PreforkError(code, reason);
    },
  };
}
