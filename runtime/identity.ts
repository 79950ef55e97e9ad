// Who a process is: what a fork leaves pointing at the parent, pointed at the executor and its caller.

import { readFileSync } from 'node:fs';
import type { Call } from './addon';

/** Gives this process the call's environment and arguments, and its own pid, parent and age. */
export function assumeIdentity(call: Call, scriptArguments: readonly string[]): void {
  replaceEnvironment(call.environment);
  // In place: who holds the array shall see the new contents.
  process.argv.length = Math.min(process.argv.length, 2);
  process.argv.push(...scriptArguments);
  redefine('pid', { value: call.pid });
  if (call.clientPid !== undefined) pretendParent(call.clientPid);
  const started = process.hrtime.bigint();
  process.uptime = () => Number(process.hrtime.bigint() - started) / 1e9;
}

// Through process.env, which also resets the time zone of Date when TZ changes. Only what differs: most
// callers have nearly the environment that the server was started in.
function replaceEnvironment(environment: readonly string[]): void {
  const wanted = new Map<string, string>();
  for (const variable of environment) {
    const equals = variable.indexOf('=', 1);
    if (equals > 0) wanted.set(variable.slice(0, equals), variable.slice(equals + 1));
  }
  for (const name of Object.keys(process.env)) {
    if (!wanted.has(name)) Reflect.deleteProperty(process.env, name);
  }
  for (const [name, value] of wanted) {
    if (process.env[name] !== value) process.env[name] = value;
  }
}

// Under plain Node the parent is whoever started the command: here, who started the client. As there, it
// may change while we run; when nothing can be known, the kernel's answer (the monitor) has to do.
function pretendParent(clientPid: number): void {
  const inherited = Object.getOwnPropertyDescriptor(process, 'ppid');
  const monitor = process.ppid;
  redefine('ppid', {
    get: () => {
      try {
        const stat = readFileSync(`/proc/${clientPid}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      } catch {
        return inherited?.get === undefined
          ? monitor
          : Number(Reflect.apply(inherited.get, process, []));
      }
    },
  });
}

function redefine(name: 'pid' | 'ppid', descriptor: PropertyDescriptor): void {
  Object.defineProperty(process, name, { configurable: true, enumerable: true, ...descriptor });
}
