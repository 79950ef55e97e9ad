// How scripts end.

import type { Cases } from './case';

const garbage = `let kept = []; for (let i = 0; i < 400; ++i) { kept.push(new Array(20000).fill(i)); if (kept.length > 60) kept = []; }\n`;
const own = (body: string): { body: string; own: true } => ({ body, own: true });
const esm = (body: string): { body: string; kind: 'mjs' } => ({ body, kind: 'mjs' });
const ownEsm = (body: string): { body: string; kind: 'mjs'; own: true } => ({
  body,
  kind: 'mjs',
  own: true,
});

export const natural: Cases = {
  'nothing to do': '',
  'a line': `console.log('end');`,
  'garbage collected': `${garbage}console.log('end');`,
  'garbage collected, nothing printed': garbage,
  'garbage in a later turn': `setTimeout(() => { ${garbage} console.log('late'); }, 5);`,
  'garbage in the exit listener': `process.on('exit', () => { ${garbage} console.log('exit'); });`,
  'garbage in an ES module': esm(`${garbage}console.log('end');`),
  'many small objects': `let list; for (let i = 0; i < 1e6; ++i) list = { next: i % 1000 ? list : null, i }; console.log('end');`,
  'code hot enough to be optimised': `const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); console.log(f(27));`,
  'explicit collections': `require('v8').setFlagsFromString('--expose-gc'); const gc = require('vm').runInNewContext('gc'); gc(); gc(); console.log('end');`,
  'finalisation of objects': `const r = new FinalizationRegistry(() => {}); for (let i = 0; i < 1000; ++i) r.register({}, i); ${garbage}`,
  'timers, immediates, ticks and microtasks': `setTimeout(() => { console.log('timeout'); setImmediate(() => console.log('immediate')); setTimeout(() => console.log('later'), 20); }, 1); process.nextTick(() => console.log('tick')); queueMicrotask(() => console.log('microtask')); console.log('sync');`,
  'an unreferenced timer': `setTimeout(() => console.log('never'), 1e6).unref(); console.log('end');`,
  'beforeExit that goes on': `let turns = 0; process.on('beforeExit', (code) => { console.log(code); if (++turns < 4) setTimeout(() => console.log(turns), 1); });`,
  'beforeExit and exit in order': `process.on('beforeExit', () => console.log('before')); process.on('exit', () => console.log('exit'));`,
  'Atomics.waitAsync': `const a = new Int32Array(new SharedArrayBuffer(4)); const w = Atomics.waitAsync?.(a, 0, 0, 20); w?.value.then?.((v) => console.log(v)); setTimeout(() => {}, 60);`,
};

export const statuses: Cases = {
  'process.exit()': `process.exit();`,
  'process.exit(5)': `console.log('x'); process.exit(5);`,
  "process.exit('7')": `process.exit('7');`,
  'process.exit(256 + 3)': `process.exit(259);`,
  'process.exit(-1)': `process.exit(-1);`,
  'process.exit of a fraction': `process.exit(1.5);`,
  'process.exit after garbage': `${garbage}process.exit(6);`,
  'process.exitCode = 9': `process.exitCode = 9;`,
  "process.exitCode = '10'": `process.exitCode = '10';`,
  'process.exitCode = -1': `process.exitCode = -1;`,
  'process.exitCode = undefined after a number': `process.exitCode = 4; process.exitCode = undefined;`,
  'process.exitCode of a wrong type': `process.exitCode = {};`,
  'process.exitCode, then process.exit()': `process.exitCode = 3; process.exit();`,
  'exitCode set in an exit listener': `process.on('exit', (code) => { console.log(code); process.exitCode = 11; });`,
  'exitCode set by the last of twelve exit listeners': `for (let i = 0; i < 12; ++i) process.on('exit', () => { process.exitCode = i; });`,
  'exitCode set in beforeExit': `process.on('beforeExit', () => { process.exitCode = 13; });`,
  'exit in an exit listener': `process.on('exit', () => process.exit(12)); process.on('exit', () => console.log('never'));`,
  'exit in a nested call': `process.on('exit', () => { setTimeout(() => console.log('never'), 1); Promise.resolve().then(() => console.log('never')); });`,
  'exit in beforeExit': `process.on('beforeExit', () => process.exit(14));`,
  'process.reallyExit': `process.on('exit', () => console.log('never')); process.reallyExit(15);`,
  'process.emit replaced': `const emit = process.emit; process.emit = function (...all) { if (all[0] === 'exit') console.log('seen'); return emit.apply(this, all); }; process.exitCode = 3;`,
  'process.emit replaced, status set after the event': `const emit = process.emit; process.emit = function (...all) { const done = emit.apply(this, all); if (all[0] === 'exit') process.exitCode = 21; return done; };`,
  'process.emit wrapped in the exit event': `process.on('exit', () => { const emit = process.emit; process.emit = function (...all) { return emit.apply(this, all); }; process.emit('other'); process.exitCode = 4; });`,
  'process.emit replaced while initialising': {
    setup: `const emit = process.emit; process.emit = function (...all) { const done = emit.apply(this, all); if (all[0] === 'exit') { console.log('seen'); process.exitCode = 21; } return done; };`,
    body: '',
  },
  'process.emit replaced while initialising, and put back': {
    setup: `const emit = process.emit; process.emit = function (...all) { return emit.apply(this, all); };`,
    body: `process.emit = emit; process.exitCode = 6;`,
  },
  'listeners and a status from before': {
    setup: `process.exitCode = 3; process.on('exit', (code) => console.log('exit', code)); process.on('beforeExit', (code) => console.log('beforeExit', code));`,
    body: '',
  },
  'uncaughtException handled from before': {
    setup: `process.on('uncaughtException', (error) => { console.log(error.message); process.exitCode = 4; });`,
    body: `throw new Error('x');`,
  },
  'a failure while initialising': { setup: `throw new Error('too early');`, body: '' },
  'a status while initialising': { setup: `process.exit(7);`, body: '' },
  'a missing module while initialising': { setup: `require('./nowhere');`, body: '' },
  'syntax error in the main script': { own: true, body: 'let x = ;' },
  'syntax error in the main ES module': { own: true, kind: 'mjs', body: 'let x = ;' },
  'a missing import in the main ES module': {
    own: true,
    kind: 'mjs',
    body: `import { nothing } from 'node:fs';`,
  },
};

export const errors: Cases = {
  'throw at once': `function inner() { throw new Error('at once'); } inner();`,
  'throw at once, main script': own(`function inner() { throw new Error('at once'); } inner();`),
  'throw late': `setTimeout(() => { throw new TypeError('late'); }, 2);`,
  'throw late, main script': own(`setTimeout(() => { throw new TypeError('late'); }, 2);`),
  'throw of an object': `throw { some: 'thing' };`,
  'throw of null': `throw null;`,
  'throw of undefined': `throw undefined;`,
  'throw with a cause': own(`throw new Error('outer', { cause: new RangeError('inner') });`),
  'throw in a tick': own(`process.nextTick(() => { throw new Error('tick'); });`),
  'throw in a microtask': `queueMicrotask(() => { throw new Error('microtask'); });`,
  'throw in an immediate': `setImmediate(() => { throw new Error('immediate'); });`,
  'throw in an event': `new (require('events'))().emit('error', new Error('event'));`,
  'throw in a callback of the thread pool': `require('fs').stat('.', () => { throw new Error('pool'); });`,
  'throw in an exit listener': own(
    `process.on('exit', () => console.log('first')); process.on('exit', () => { throw new Error('in exit'); });`,
  ),
  'throw in an exit listener after process.exit': own(
    `process.on('exit', () => console.log('first')); process.on('exit', () => { throw new Error('in exit'); }); process.exit(5);`,
  ),
  'throw in beforeExit': `process.on('beforeExit', () => { throw new Error('in beforeExit'); });`,
  'throw in an exit listener after a throw': `process.on('exit', () => { throw new Error('second'); }); throw new Error('first');`,
  'exit listener after a throw': `process.on('exit', (code) => console.log('exit', code, process.exitCode)); throw new Error('x');`,
  'exit listener changes the status of a throw': `process.on('exit', () => { process.exitCode = 22; }); throw new Error('x');`,
  'uncaughtException handled': `process.on('uncaughtException', (error, origin) => console.log(error.message, origin)); setTimeout(() => { throw new Error('caught'); }, 1);`,
  'uncaughtException handled at once': `process.on('uncaughtException', (error) => console.log(error.stack)); throw new Error('caught');`,
  'throw in uncaughtException': `process.on('uncaughtException', () => { throw new Error('second'); }); throw new Error('first');`,
  uncaughtExceptionMonitor: `process.on('uncaughtExceptionMonitor', (error) => console.log('seen', error.message)); throw new Error('x');`,
  setUncaughtExceptionCaptureCallback: `process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message)); setTimeout(() => { throw new Error('x'); }, 1);`,
  'a rejection': own(`Promise.reject(new Error('rejected'));`),
  'a rejection with a value': `Promise.reject(7);`,
  'a rejection handled late': `const p = Promise.reject(new Error('x')); setTimeout(() => p.catch(() => {}), 10);`,
  'a rejection handled in time': `const p = Promise.reject(new Error('x')); setImmediate(() => p.catch(() => {})); process.on('unhandledRejection', () => console.log('unhandled')); process.on('rejectionHandled', () => console.log('handled'));`,
  'unhandledRejection that throws': `process.on('unhandledRejection', (e) => { throw e; }); Promise.reject(new Error('x'));`,
  'a throw in an async function': `(async () => { await null; throw new Error('async'); })();`,
  'a warning': `process.emitWarning('beware', { code: 'W1', detail: 'more' });`,
  'a deprecation': `new Buffer(1);`,
  'stack overflow': own(`function f() { return f() + 1; } f();`),
  'stack overflow, caught': `let depth = 0; function f() { ++depth; f(); } try { f(); } catch (error) { console.log(error.name, error.message, depth > 5000); }`,
  'the stack of an error': own(`console.log(new Error('here').stack);`),
  'the stack of an error in a timer': `setTimeout(() => console.log(new Error('here').stack), 1);`,
  'console.trace': own(`(function deep() { console.trace('here'); })();`),
  'an assertion': `require('assert').deepStrictEqual({ a: 1 }, { a: 2 });`,
  'a missing module': `require('./nowhere');`,
  'a system error': `require('fs').readFileSync('/nowhere');`,
  'syntax error in a required file': `require('vm').runInThisContext('let let = 1', 'name.js');`,
  'syntax error in CommonJS': `const fs = require('fs'); fs.writeFileSync(process.env.OUT + '/bad.cjs', 'let x = ;'); try { require(process.env.OUT + '/bad.cjs'); } finally { fs.unlinkSync(process.env.OUT + '/bad.cjs'); }`,
  'syntax error in an ES module': esm(
    `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.OUT + '/bad.mjs', 'let x = ;'); await import(process.env.OUT + '/bad.mjs');`,
  ),
  'syntax error in a dynamic import': `import('data:text/javascript,let let = 1');`,
  'an export that there is not': esm(
    `await import('data:text/javascript,import { nothing } from "node:fs"');`,
  ),
  'ES module that throws': ownEsm(`throw new RangeError('module');`),
  'ES module that throws after an await': ownEsm(`await null; throw new RangeError('module');`),
  'top-level await that never settles': ownEsm('await new Promise(() => {});'),
  'top-level await that never settles, with a status': ownEsm(
    'process.exitCode = 5; await new Promise(() => {});',
  ),
  'top-level await that never settles, with a listener': ownEsm(
    `process.on('exit', (code) => console.log(code)); await new Promise(() => {});`,
  ),
  'top-level await that settles': ownEsm(
    `await import('node:fs/promises').then((fs) => fs.readFile(process.argv[1])); ${garbage}console.log('end');`,
  ),
};

const hold = 'setTimeout(() => {}, 20000);';

export const signals: Cases = {
  'SIGTERM to itself': `process.kill(process.pid, 'SIGTERM'); ${hold}`,
  'SIGINT to itself': `process.kill(process.pid, 'SIGINT'); ${hold}`,
  'SIGHUP to itself': `process.kill(process.pid, 'SIGHUP'); ${hold}`,
  'SIGPIPE to itself, which Node ignores': `process.kill(process.pid, 'SIGPIPE'); setTimeout(() => console.log('alive'), 5);`,
  'SIGKILL to itself': `process.kill(process.pid, 'SIGKILL'); ${hold}`,
  'a signal handler': `process.on('SIGUSR2', (name, number) => { console.log(name, number); process.exit(8); }); process.kill(process.pid, 'SIGUSR2'); ${hold}`,
  'once handled, then not': `process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM')); process.kill(process.pid, 'SIGTERM'); ${hold}`,
  'signal 0': `console.log(process.kill(process.pid, 0));`,
};

export const output: Cases = {
  'large output on a pipe, then the end': {
    body: `process.stdout.write('x'.repeat(5_000_000)); console.error('y'.repeat(300_000));`,
    shell: `{ run 2>&1 >&3 | sha256sum >$OUT/2; } 3>&1 | sha256sum >$OUT/1`,
  },
  'large output on a socket, then the end': `process.stdout.write('x'.repeat(3_000_000)); console.error('y'.repeat(300_000));`,
  'large output to a file, then process.exit': {
    body: `process.stdout.write('x'.repeat(3_000_000)); process.exit(3);`,
    shell: `run >$OUT/1`,
  },
  'output to a reader that has gone': {
    body: `process.stdout.once('error', (e) => { console.error(e.code); process.exit(4); }); setInterval(() => process.stdout.write('x\\n'.repeat(1000)), 1);`,
    shell: 'run | head -n 1; echo ${PIPESTATUS[0]}',
  },
  'an unhandled EPIPE': {
    own: true,
    body: `setInterval(() => process.stdout.write('x\\n'.repeat(1000)), 1);`,
    shell: `run 2>$OUT/2 | head -n 1; echo \${PIPESTATUS[0]}`,
  },
  'console and writeSync in turn': `console.log(1); require('fs').writeSync(1, '2\\n'); console.log(3); console.error('e');`,
  'a callback for each write': `process.stdout.write('a\\n', () => process.stdout.write('b\\n', () => process.exit(2)));`,
  'stdout ended by the script': `process.stdout.end('last\\n'); process.stdout.on('finish', () => console.error('finished'));`,
};
