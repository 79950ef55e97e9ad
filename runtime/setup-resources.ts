// What the setup leaves open, which a fork multiplies: every call would share it or repeat it.

import type { ChildProcess } from 'node:child_process';
import type net from 'node:net';
import { addon } from './addon';
import { counted } from './words';

// Not documented, and in every Node since 0.8: the handles themselves, not just their kinds.
const internals = process as NodeJS.Process & { _getActiveHandles?: () => readonly object[] };

// Node's own ways of reading modules leave the first behind for a moment.
const poolWords: Readonly<Record<string, string | undefined>> = {
  CloseReq: undefined,
  FSReqCallback: 'a file operation',
  FSReqPromise: 'a file operation',
  GetAddrInfoReqWrap: 'a look-up of a name',
  GetNameInfoReqWrap: 'a look-up of an address',
};
const otherWords: Readonly<Record<string, string | undefined>> = {
  Timeout: 'a timer',
  Immediate: 'an immediate',
  FSEventWrap: 'a watcher of files',
  StatWatcher: 'a watcher of a file',
  MessagePort: 'a message port',
  UDPWrap: 'a datagram socket',
  QueryReqWrap: 'a DNS query',
};
// Described one by one, with what they are called; or the requests of such, which have failed already if
// there is nothing else to show for them.
const describedHandles = /^((TCP|Pipe|TTY|Process)\w*|\w*Connect|Write|Shutdown)Wrap$/;

/** Operations of libuv's thread pool that Node knows by name; crypto and zlib are not among them. */
export function poolRequests(): readonly string[] {
  return counted(resources().flatMap((name) => poolWords[name] ?? []));
}

/** Says on stderr, at once, what is left open. Returns what no call will ever hear of again. */
export function warnOfResources(): readonly ChildProcess[] {
  const handles = internals._getActiveHandles?.() ?? [];
  const found = counted([...handles.flatMap(describeHandle), ...otherResources()]);
  if (found.length > 0) warn(found);
  return handles.filter(isChildProcess);
}

function resources(): readonly string[] {
  return process.getActiveResourcesInfo();
}

function otherResources(): readonly string[] {
  const unnamed = resources().filter((name) => !describedHandles.test(name));
  const named = unnamed.flatMap((name) => {
    if (name in poolWords) return poolWords[name] ?? [];
    return otherWords[name] ?? name;
  });
  // Node has no names for the work of crypto and zlib, nor, since Node 26, for all of that with files.
  // A watcher of a file has the pool look at it again and again.
  const known = unnamed.filter((name) => name in poolWords || name === 'StatWatcher').length;
  const unknown = Math.max(0, addon().unseenPoolResults() - known);
  return [...named, ...Array<string>(unknown).fill('an operation in a thread')];
}

function describeHandle(handle: object): readonly string[] {
  const { Server, Socket } = require('node:net') as typeof import('node:net');
  if (isChildProcess(handle)) return [`child process ${handle.pid ?? '?'} (${handle.spawnfile})`];
  if (handle instanceof Server) {
    const address = handle.address();
    if (address === null) return ['a server'];
    const place = typeof address === 'string' ? address : `${address.address}:${address.port}`;
    return [`a server on ${place}`];
  }
  if (handle instanceof Socket) {
    const { remoteAddress, remotePort } = handle;
    const { fd } = handle as net.Socket & { readonly fd?: number };
    const stdio = ['stdin', 'stdout', 'stderr'][fd ?? -1];
    if (stdio !== undefined) return [`process.${stdio}, used before this library was loaded`];
    if (remoteAddress !== undefined) return [`a connection to ${remoteAddress}:${remotePort ?? 0}`];
    return [handle.connecting ? 'a connection that is being made' : 'a pipe or socket'];
  }
  return [];
}

function isChildProcess(handle: object): handle is ChildProcess {
  return handle.constructor.name === 'ChildProcess';
}

// As process.emitWarning() does it, with Node's options and listeners, but at once: what that leaves for
// the next tick would come out in every call, and never in the setup.
function warn(found: readonly string[]): void {
  const message =
    'initialisationComplete(): every call will share or repeat what the set-up has left open: ' +
    found.join('; ');
  const warning = Object.assign(new Error(message), {
    name: 'Warning',
    code: 'PREFORK_SETUP_RESOURCES',
  });
  const tracing = process as NodeJS.Process & { traceProcessWarnings?: boolean };
  if (tracing.traceProcessWarnings === true) {
    process.emit('warning', warning);
    return;
  }
  // Node explains --trace-warnings once per process; that belongs to the script's own first warning.
  warning.stack = `Warning: ${message}`;
  tracing.traceProcessWarnings = true;
  process.emit('warning', warning);
  delete tracing.traceProcessWarnings;
}
