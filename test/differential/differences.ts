// What does differ, and cannot be helped. The README's list is made of this, and each is proved to exist.

import type { Details } from './case';

export interface Difference {
  readonly name: string;
  /** For the README, in Markdown: what differs, and why. */
  readonly text: string;
  readonly proof: Details;
  /** What is to be seen in the outcome, as JSON, of a plain run and of a warm call. */
  readonly plain: RegExp;
  readonly warm: RegExp;
}

const sameTwice = 'a=$(run); b=$(run); if [[ $a == "$b" ]]; then echo same; else echo other; fi';

export const differences: readonly Difference[] = [
  {
    name: 'the set-up prints once',
    text: 'What stands before `initialisationComplete()` runs once: what it prints goes to the standard error of the first caller, and no later caller sees it.',
    proof: { setup: `console.log('set up');`, body: `console.log('work');` },
    plain: /"set up\\nwork\\n"/,
    warm: /"work\\n"/,
  },
  {
    name: 'the set-up knows no later call',
    text: 'It sees the environment and the arguments of the first caller, and no input.',
    proof: {
      setup: `const { NOW } = process.env;`,
      body: `console.log(NOW === process.env.NOW);`,
      shell: 'NOW=$(date +%s%N) run',
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'variables of the set-up',
    text: 'A variable that the set-up sets is gone after it: the environment becomes the caller’s.',
    proof: { setup: `process.env.SET_UP = 'yes';`, body: 'console.log(process.env.SET_UP);' },
    plain: /"yes\\n"/,
    warm: /"undefined\\n"/,
  },
  {
    name: 'an end before the work',
    text: 'A script that ends with status 0 before `initialisationComplete()` is taken for one that has forgotten the call: the client says so and exits with status 127.',
    proof: { setup: 'process.exit(0);', body: '' },
    plain: /"stderr":"","end":0/,
    warm: /without a call of initialisationComplete.*"end":127/,
  },
  {
    name: 'timers of the set-up',
    text: 'A timer that the set-up leaves behind fires in every call, counted from the set-up.',
    proof: {
      setup: `setTimeout(() => console.log('timer'), 100); setImmediate(() => console.log('immediate'));`,
      body: '',
      shell: 'sleep 0.2; run',
    },
    plain: /"immediate\\ntimer\\n"/,
    warm: /"timer\\nimmediate\\n"/,
  },
  {
    name: 'streams kept from the set-up',
    text: 'A standard stream that the set-up has kept is a stand-in: it does the same as `process.stdout`, say, but is not the same object.',
    proof: {
      setup: 'const { stdout } = process;',
      body: 'console.log(stdout === process.stdout);',
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'Math.random of older contexts',
    text: '`Math.random` repeats itself from call to call where the set-up took it before it loaded this library, and in `vm` contexts other than the main one if the set-up has drawn from any: V8 has no way to seed those again.',
    proof: {
      setup: `const context = require('vm').createContext(); const draw = () => require('vm').runInContext('Math.random()', context); draw();`,
      body: 'console.log(draw());',
      shell: sameTwice,
    },
    plain: /"other\\n"/,
    warm: /"same\\n"/,
  },
  {
    name: 'origin of performance.now()',
    text: '`performance.now()` and `performance.timeOrigin` count from the start of the server (`process.uptime()` does not): V8 and Node keep the origin where nothing can set it.',
    proof: {
      setup: 'const end = Date.now() + 500; while (Date.now() < end);',
      body: 'console.log(performance.now() / 1000 - process.uptime() < 0.4);',
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'read at the start',
    text: 'Node reads some variables once, at the start of the server: `NODE_OPTIONS`, `NODE_PATH`, `NODE_EXTRA_CA_CERTS`, the locale. Such ones belong into `-E`.',
    proof: {
      body: 'console.log((1234.5).toLocaleString());',
      env: { LC_ALL: 'de_DE.UTF-8' },
    },
    plain: /"1\.234,5\\n"/,
    warm: /"1,234\.5\\n"/,
  },
  {
    name: 'written at the end',
    text: 'What Node writes when it is taken down is not written: `NODE_V8_COVERAGE`, `--cpu-prof`, `--heap-prof`. A forked Node ends without being taken down.',
    proof: {
      own: true,
      body: '',
      shell: 'NODE_V8_COVERAGE=$OUT/c run; ls $OUT/c 2>/dev/null | wc -l; rm -rf $OUT/c',
    },
    plain: /"1\\n"/,
    warm: /"0\\n"/,
  },
  {
    name: 'the debugger by signal',
    text: '`SIGUSR1` does not start the debugger: the thread that waits for it is gone. `inspector.open()` works.',
    proof: {
      body: `
        const { url } = require('inspector');
        process.kill(process.pid, 'SIGUSR1');
        const end = Date.now() + 1500;
        setInterval(() => { if (url() || Date.now() > end) { console.log(Boolean(url())); process.exit(); } }, 5);`,
      shell: 'run 2>/dev/null',
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'rare signals',
    text: 'A script that dies by SIGINT, SIGTERM, SIGHUP, SIGPIPE or SIGKILL makes the client die likewise; after any other signal, also that of `process.abort()` or of a heap that is full, the client says so and exits with status 127.',
    proof: { body: `process.kill(process.pid, 'SIGUSR2'); setTimeout(() => {}, 20000);` },
    plain: /"end":"SIGUSR2"/,
    warm: /failed due to signal 12 SIGUSR2.*"end":127/,
  },
  {
    name: 'abort',
    text: '',
    proof: { body: 'process.abort();' },
    plain: /"end":"SIGABRT"/,
    warm: /failed due to signal 6 SIGABRT.*"end":127/,
  },
  {
    name: 'a heap that is full',
    text: '',
    proof: {
      own: true,
      body: 'const kept = []; for (;;) kept.push(new Array(10000).fill(kept.length));',
      env: { NODE_OPTIONS: '--max-old-space-size=30' },
    },
    plain: /heap out of memory.*"end":"SIGABRT"/,
    warm: /heap out of memory.*failed due to signal 6 SIGABRT.*"end":127/,
  },
  {
    name: 'a client that is killed',
    text: 'Signals that a terminal or another process sends to the client are handed on to the script. `SIGKILL` and `SIGSTOP` cannot be: after the former, the script is first interrupted, then killed.',
    proof: {
      body: `
        const { writeFileSync } = require('fs');
        process.on('SIGINT', () => { writeFileSync(process.env.OUT + '/interrupted', ''); process.exit(); });
        setTimeout(() => {}, 20000);
        writeFileSync(process.env.OUT + '/pid', String(process.pid));`,
      shell: `run 2>/dev/null &
        until [[ -s $OUT/pid ]]; do sleep 0.02; done
        kill -KILL $(pgrep -P $!)
        wait 2>/dev/null
        while [[ -d /proc/$(<$OUT/pid) ]]; do sleep 0.02; done
        rm $OUT/pid`,
    },
    plain: /"files":\{\}/,
    warm: /"files":\{"interrupted":""\}/,
  },
  {
    name: 'streams after SIGKILL',
    text: 'Flags and terminal modes of the standard streams are put back even if the script is killed; plain Node leaves a terminal in raw mode then.',
    proof: {
      body: `process.stdin.setRawMode(true); process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 20000);`,
      terminal: true,
      shell:
        'a=$(stty -g); (run) 2>/dev/null; if [[ $a == $(stty -g) ]]; then echo same; else echo other; fi',
    },
    plain: /other/,
    warm: /same/,
  },
  {
    name: 'flags after SIGKILL',
    text: '',
    proof: {
      body: `process.stdin.once('data', () => process.kill(process.pid, 'SIGKILL'));`,
      shell: `echo in | { (run) 2>/dev/null; echo $(($(sed -n 's/flags:.//p' /proc/self/fdinfo/0) & 04000)); }`,
    },
    plain: /"2048\\n"/,
    warm: /"0\\n"/,
  },
  {
    name: 'parent and session',
    text: 'The parent is the monitor, and the session is the server’s: `/dev/tty` cannot be opened, and `ps` shows another process group. `process.ppid` says what a plain run would say, but not in a Worker.',
    proof: {
      body: `try { require('fs').openSync('/dev/tty'); console.log('open'); } catch (error) { console.log(error.code); }`,
      terminal: true,
    },
    plain: /"open\\r\\n"/,
    warm: /"ENXIO\\r\\n"/,
  },
  {
    name: 'ppid in a Worker',
    text: '',
    proof: {
      body: `new (require('worker_threads').Worker)('require("worker_threads").parentPort.postMessage(process.ppid)', { eval: true }).on('message', (ppid) => console.log(ppid === process.ppid));`,
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'command line',
    text: '`ps` shows the arguments of the first call: there is no room for others.',
    proof: {
      body: `console.log(require('fs').readFileSync('/proc/self/cmdline', 'utf8').endsWith('two\\0'));`,
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
  },
  {
    name: 'other descriptors',
    text: 'Descriptors other than 0, 1 and 2 are not handed over.',
    proof: {
      body: `try { console.log(require('fs').readFileSync(99, 'utf8')); } catch (error) { console.log(error.code); }`,
      shell: 'run 99<<<text',
    },
    plain: /"text\\n\\n"/,
    warm: /"EBADF\\n"/,
  },
  {
    name: 'limits of resources',
    text: 'Resource limits, priority, cgroup and namespaces are those of the first caller.',
    proof: {
      body: `console.log(/file size +(\\w+)/.exec(require('fs').readFileSync('/proc/self/limits', 'utf8'))[1]);`,
      shell: 'ulimit -S -f 1000; run',
    },
    plain: /"1024000\\n"/,
    warm: /"unlimited\\n"/,
  },
  {
    name: 'addresses',
    text: 'Address-space layout and V8’s hash seed are drawn once for each server, not once for each call.',
    proof: {
      body: `console.log(require('fs').readFileSync('/proc/self/maps', 'utf8').match(/.*libc.so.6/)[0]);`,
      shell: sameTwice,
    },
    plain: /"other\\n"/,
    warm: /"same\\n"/,
  },
  {
    name: 'a listener more',
    text: 'There is one more listener of `exit`, by which the status of the call is learnt: an `exit` listener that counts them sees it, and if that is the only one and throws, the stack trace names another line of `node:events`.',
    proof: { own: true, body: `process.on('exit', () => { throw new Error('in exit'); });` },
    plain: /at process\.emit \(node:events/,
    warm: /at process\.emit \(node:events/,
  },
  {
    name: 'a listener more, counted',
    text: '',
    proof: { body: `process.on('exit', () => console.log(process.listenerCount('exit')));` },
    plain: /"1\\n"/,
    warm: /"2\\n"/,
  },
];
