// Differences by what the set-up does once for all calls, and by what Node does once for each process.

import type { Difference } from './case';

const sameTwice = 'a=$(run); b=$(run); if [[ $a == "$b" ]]; then echo same; else echo other; fi';

export const differencesOfSetUp: readonly Difference[] = [
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
];
