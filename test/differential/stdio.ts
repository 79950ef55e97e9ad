// Standard streams of every kind, and what a call leaves behind on those of its caller.

import type { Cases, Details } from './case';

// Standard output may be anything here: what the script sees goes to a file.
const report = `
const seen = [];
for (const name of ['stdin', 'stdout', 'stderr']) {
  const s = process[name];
  seen.push([name, s.constructor.name, s._type, s.isTTY, s.fd, s.columns, s.rows, s.writable, s.readable,
    s.writableHighWaterMark, s.readableHighWaterMark, s.writableObjectMode, s._handle?.constructor.name,
    s._handle?.isBlocking, s.isRaw, s.destroyed, s.bufferSize, typeof s.getColorDepth,
    s.getColorDepth?.(), s.hasColors?.(), s.getWindowSize?.(), s.listenerCount('error')].map(String).join(' '));
}
require('fs').writeFileSync(process.env.OUT + '/seen', seen.join('\\n'));
`;
const use = `${report}
console.log('to stdout');
console.error('to stderr');
require('fs').writeSync(1, 'direct\\n');
let all = '';
process.stdin.on('data', (data) => (all += data)).on('end', finish).on('error', (e) => finish(e));
function finish(e) { console.log('read', all.length, e?.code); require('fs').appendFileSync(process.env.OUT + '/seen', '\\nread ' + all.length + e?.code); }
`;

const text = 'one line\nand another\n';

// How bash gives a descriptor each kind; sockets are what it has itself.
const inputs = {
  file: 'printf "one line\\nand another\\n" >$OUT/in; run <$OUT/in',
  pipe: 'printf "one line\\nand another\\n" | run',
  socket: 'run',
  null: 'run </dev/null',
  closed: 'run <&-',
} as const;
const outputs = {
  file: (run: string, n: 1 | 2) => `{ ${run}; } ${n}>$OUT/${n}`,
  appended: (run: string, n: 1 | 2) => `{ ${run}; } ${n}>>$OUT/${n}`,
  pipe: (run: string, n: 1 | 2) =>
    n === 1 ? `{ ${run}; } | cat >$OUT/1` : `{ { ${run}; } 2>&1 1>&3 3>&- | cat >$OUT/2; } 3>&1`,
  socket: (run: string) => run,
  null: (run: string, n: 1 | 2) => `{ ${run}; } ${n}>/dev/null`,
  closed: (run: string, n: 1 | 2) => `${run} ${n}>&-`,
} as const;

function matrix(): Cases {
  const cases: Record<string, Details> = {};
  for (const [kind, shell] of Object.entries(inputs)) {
    cases[`stdin: ${kind}`] = { body: use, shell, input: text };
  }
  for (const number of [1, 2] as const) {
    for (const [kind, shell] of Object.entries(outputs)) {
      cases[`${number === 1 ? 'stdout' : 'stderr'}: ${kind}`] = {
        body: use,
        shell: shell('run', number),
        input: text,
      };
    }
  }
  return cases;
}

export const kinds: Cases = {
  ...matrix(),
  'all three closed': { body: use, shell: 'run <&- >&- 2>&-; echo $?' },
  'all three /dev/null': { body: use, shell: 'run </dev/null >/dev/null 2>&1; echo $?' },
  'stdout and stderr the same pipe': { body: use, shell: 'run 2>&1 | cat' },
  'a file open for reading and writing': {
    body: use,
    shell: 'echo text >$OUT/f; run 0<>$OUT/f 1<>$OUT/f',
  },
  'stdin a folder': { body: use, shell: 'run <$OUT' },
  'stdout full': {
    body: `process.stdout.on('error', (e) => { console.error(e.code); }); console.log('x');`,
    shell: 'run >/dev/full',
  },
  'stdout a descriptor for reading': {
    body: `console.log('x');`,
    shell: 'echo a >$OUT/f; run 1<$OUT/f',
  },
  'a terminal': { body: report + `console.log('out'); console.error('err');`, terminal: true },
  'a terminal without input': { body: report, terminal: true, shell: 'run </dev/null' },
  'a terminal for errors only': {
    body: report + `console.log('out');`,
    terminal: true,
    shell: 'run </dev/null | cat',
  },
  'a terminal for input only': { body: report, terminal: true, shell: 'run 2>$OUT/2 | cat' },
  'a dumb terminal': { body: report, terminal: true, env: { TERM: 'dumb' } },
  'a terminal of many colours': { body: report, terminal: true, env: { COLORTERM: 'truecolor' } },
  'colours refused': {
    body: report + `console.log({ a: 1 });`,
    terminal: true,
    env: { NO_COLOR: '1' },
  },
  'colours forced on a pipe': {
    body: `console.log(process.stdout.isTTY, require('util').inspect({ a: 1 }, { colors: process.stderr.hasColors?.() })); console.log({ a: 1 });`,
    env: { FORCE_COLOR: '3' },
  },
  'colours on a terminal': {
    body: `console.log({ a: 1, b: 'text' }, [true, null]);`,
    terminal: true,
  },
  'a change of the window': {
    body: `process.stdout.on('resize', () => { console.log(process.stdout.columns); process.exit(); }); require('child_process').execSync('stty cols 77', { stdio: 'inherit' }); process.kill(process.pid, 'SIGWINCH'); setTimeout(() => {}, 20000);`,
    terminal: true,
  },
};

const touched = `console.log('set up'); process.stdout.isTTY; process.stderr.write('set up\\n'); process.stdin;`;
const printedOnce = {
  pattern: /set up\r?\n/g,
  by: '',
  because: 'the set-up prints once, which is a listed difference',
};

export const uses: Cases = {
  'input to its end': {
    body: `let all = ''; process.stdin.setEncoding('utf8').on('data', (t) => (all += t)).on('end', () => console.log(all.length));`,
    input: 'x'.repeat(300_000),
  },
  'input read at once from a pipe': {
    body: `console.log(require('fs').readFileSync(0, 'utf8'));`,
    shell: 'echo text | run',
  },
  'input read at once from a file': {
    body: `console.log(require('fs').readFileSync(0, 'utf8'), require('fs').readFileSync('/dev/stdin', 'utf8'));`,
    shell: 'echo text >$OUT/f; run <$OUT/f',
  },
  'input by line': {
    body: `require('readline').createInterface({ input: process.stdin }).on('line', (l) => console.log('>' + l)).on('close', () => console.log('closed'));`,
    input: text,
  },
  'input by for await': {
    body: `(async () => { for await (const line of require('readline').createInterface({ input: process.stdin })) console.log('>' + line); })();`,
    input: text,
  },
  'input of which the rest is left to others': {
    body: `const b = Buffer.alloc(4); require('fs').readSync(0, b); console.log(String(b));`,
    shell: '{ run; cat; } <<<"1234rest"',
  },
  'input paused': {
    body: `process.stdin.once('data', () => { process.stdin.pause(); console.log('paused'); });`,
    input: text,
  },
  'input never read': { body: `process.stdin; console.log('end');`, input: text },
  'a prompt': {
    body: `const r = require('readline').createInterface({ input: process.stdin, output: process.stdout }); r.question('name? ', (a) => { console.log('hello ' + a); r.close(); });`,
    input: 'world\n',
  },
  'a prompt at a terminal': {
    body: `const r = require('readline/promises').createInterface({ input: process.stdin, output: process.stdout }); r.question('name? ').then((a) => { console.log('hello ' + a); r.close(); });`,
    keys: { after: 'name? ', text: 'world\r' },
    terminal: true,
  },
  'keys in raw mode': {
    body: `process.stdin.setRawMode(true); process.stdin.once('data', (key) => { console.log([...key]); process.exit(); }); console.log('press');`,
    keys: { after: 'press', text: '\x1b[A' },
    terminal: true,
  },
  'events of keys': {
    body: `require('readline').emitKeypressEvents(process.stdin); process.stdin.setRawMode(true); process.stdin.once('keypress', (text, key) => { console.log(key); process.stdin.setRawMode(false); process.stdin.pause(); }); console.log('press');`,
    keys: { after: 'press', text: '\x03' },
    terminal: true,
  },
  'a line in cooked mode': {
    body: `process.stdin.once('data', (line) => { console.log(String(line)); process.stdin.destroy(); }); console.log('type');`,
    keys: { after: 'type', text: 'line\r' },
    terminal: true,
  },
  'raw mode, left on': {
    body: `process.stdin.setRawMode(true); console.log(process.stdin.isRaw);`,
    terminal: true,
    shell: 'a=$(stty -g); run; [[ $a == $(stty -g) ]] && echo same',
  },
  'raw mode, left on by process.exit': {
    body: `process.stdin.setRawMode(true); process.exit(3);`,
    terminal: true,
    shell: 'a=$(stty -g); run; [[ $a == $(stty -g) ]] && echo same',
  },
  'raw mode and a throw': {
    body: `process.stdin.setRawMode(true); throw 1;`,
    terminal: true,
    shell: 'a=$(stty -g); run 2>/dev/null; [[ $a == $(stty -g) ]] && echo same',
  },
  'raw mode and SIGTERM': {
    body: `process.stdin.setRawMode(true); process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 20000);`,
    terminal: true,
    shell: 'a=$(stty -g); run 2>/dev/null; [[ $a == $(stty -g) ]] && echo same',
  },
  'flags of pipes afterwards': {
    body: `console.log('x'); console.error('y'); process.stdin.on('data', () => {}).on('end', () => console.log('end'));`,
    shell: `echo in | { run; grep -h flags /proc/self/fdinfo/[012] | cut -c 8- | sed 's/^0[01]0*/0/;s/^0*/0/' >$OUT/flags; } 2>&1 | cat`,
  },
  'flags of a terminal afterwards': {
    body: `console.log('x'); process.stdin.setRawMode(true); process.stdin.once('data', () => {}); process.exit(0);`,
    terminal: true,
    shell: `run; for fd in 0 1 2; do grep flags /proc/self/fdinfo/$fd | tr -d '\\n' | sed 's/.*\\(.....\\)$/\\1/'; done`,
  },
  'console used while initialising, then a terminal': {
    setup: touched,
    body: report + `console.log('out');`,
    terminal: true,
    normalise: [printedOnce],
  },
  'console used while initialising, then a file': {
    setup: touched,
    body: report + `console.log('out'); console.error('err');`,
    shell: 'run >$OUT/1 2>$OUT/2',
    normalise: [printedOnce],
  },
  'console held from before': {
    setup: `const { log } = console; const { stdout, stderr, stdin } = process; const own = new console.Console(process.stdout);`,
    body: `log('a'); stdout.write('b\\n'); own.log('c'); stderr.write('d\\n'); stdin.on('data', (t) => log(String(t))); log(stdout.isTTY, stdout.columns, stdout.constructor.name);`,
    input: text,
  },
  'console held from before, at a terminal': {
    setup: `const { stdout } = process; const log = console.log.bind(console);`,
    body: `log('a', stdout.isTTY, stdout.columns, stdout.hasColors(), { a: 1 });`,
    terminal: true,
  },
  'listeners of the set-up on the streams': {
    setup: `process.stdout.on('error', () => {}); process.stdin.setEncoding('utf8'); process.stdin.on('data', (t) => console.log(typeof t, t)).on('end', () => console.log('end'));`,
    body: '',
    input: text,
  },
  'a write replaced while initialising': {
    setup: `const w = process.stdout.write; process.stdout.write = function (t, ...r) { return w.call(this, '> ' + t, ...r); };`,
    body: `console.log('x');`,
  },
  'group, time, count and table of the console': {
    body: `console.group('g'); console.log('in'); console.groupEnd(); console.count(); console.count(); console.table([{ a: 1 }]); console.dir({ b: [1] }); console.assert(false, 'no');`,
  },
  'a second console': `const { Console } = console; new Console(process.stdout, process.stderr).error('e'); new Console({ stdout: process.stdout }).log('l');`,
  'streams piped into one another': {
    body: `process.stdin.pipe(process.stdout);`,
    input: 'x'.repeat(200_000),
  },
  'streams of the web': {
    kind: 'mjs',
    body: `import { Readable } from 'node:stream'; for await (const c of Readable.toWeb(process.stdin)) console.log(c.length);`,
    input: text,
  },
  'net.Socket over a descriptor': {
    body: `const s = new (require('net').Socket)({ fd: 1, readable: false }); s.write('x\\n'); s.end();`,
  },
  'fs streams over descriptors': {
    body: `require('fs').createReadStream(null, { fd: 0 }).pipe(require('fs').createWriteStream(null, { fd: 1 }));`,
    input: text,
  },
};
