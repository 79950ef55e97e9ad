// What does differ, and cannot be helped. The README's list is made of this, and each is proved to exist.

import type { Difference } from './case';
import { differencesOfSetUp } from './differences-of-set-up';

const sameTwice = 'a=$(run); b=$(run); if [[ $a == "$b" ]]; then echo same; else echo other; fi';

export const differences: readonly Difference[] = [
  ...differencesOfSetUp,
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
    name: 'what only the kernel hands on',
    text: 'Control group, namespaces and OOM score are those of the first caller; so are limits and priorities that he had set so low that only root could raise them again.',
    proof: {
      body: `console.log(require('fs').readFileSync('/proc/self/oom_score_adj', 'utf8').trim());`,
      shell: 'echo 321 > /proc/self/oom_score_adj; run',
    },
    plain: /"321\\n"/,
    warm: /"0\\n"/,
  },
  {
    name: 'age',
    text: 'Of a process that has been forked ahead of its call (option `standby`) the kernel counts age and processor time from then on, as `ps -o etime` shows them; `process.uptime()` counts from the call.',
    proof: {
      body: `const { readFileSync } = require('fs');
        const start = (pid) => Number(readFileSync('/proc/' + pid + '/stat', 'latin1').split(') ').pop().split(' ')[19]);
        console.log(start('self') >= start(process.ppid));`,
      shell: 'export -f run; sleep 0.05; bash -c run',
    },
    plain: /"true\\n"/,
    warm: /"false\\n"/,
    only: 'ahead',
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
