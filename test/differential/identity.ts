// Who the process is, for itself and for others.

import type { Cases } from './case';

export const identity: Cases = {
  pid: `const fs = require('fs'); console.log(Number(fs.readlinkSync('/proc/self')) === process.pid, Object.getOwnPropertyDescriptor(process, 'pid').enumerable);`,
  'pid in a Worker': `new (require('worker_threads').Worker)('require("worker_threads").parentPort.postMessage(process.pid)', { eval: true }).on('message', (pid) => console.log(pid === process.pid));`,
  'pid for a child': `console.log(Number(require('child_process').execSync('echo $PPID', { shell: '/bin/bash' })) === process.pid);`,
  ppid: {
    body: `console.log(process.ppid === Number(process.env.PARENT));`,
    shell: 'export PARENT=$$; run; true',
  },
  title: `console.log(process.title); process.title = 'other'; console.log(process.title, require('fs').readFileSync('/proc/self/comm', 'utf8'));`,
  'name of the process': `console.log(require('fs').readFileSync('/proc/self/comm', 'utf8'));`,
  argv: {
    own: true,
    body: `console.log(process.argv, process.argv0, process.execPath, process.execArgv);`,
    args: ['one', '', 'zwei drei', '--x=ü', '-e'],
  },
  'argv held from before': {
    setup: `const held = process.argv;`,
    body: `console.log(held === process.argv, held.length);`,
  },
  'no arguments': { own: true, body: `console.log(process.argv.length);`, args: [] },
  'many arguments': {
    body: `console.log(process.argv.length, process.argv.join().length);`,
    args: Array.from({ length: 3000 }, (_, n) => `argument-${n}`),
  },
  parseArgs: {
    body: `console.log(JSON.stringify(require('util').parseArgs({ options: { v: { type: 'boolean', short: 'v' } }, allowPositionals: true })));`,
    args: ['-v', 'file'],
  },
  environment: {
    body: `const e = { ...process.env }; for (const k of ['_', 'SHLVL', 'OLDPWD']) delete e[k]; console.log(e, Object.keys(process.env).length > 3);`,
    env: { A: '1=2', B: '', 'C D': 'ü' },
  },
  'environment of children': {
    body: `console.log(require('child_process').execSync('echo $A-$B', { encoding: 'utf8' })); process.env.A = '2'; console.log(require('child_process').execSync('echo $A', { encoding: 'utf8' }));`,
    env: { A: '1' },
  },
  'variables deleted': {
    body: `delete process.env.A; console.log(process.env.A, 'A' in process.env, 'B' in process.env, 'PREFORK_INTERP' in process.env);`,
    env: { A: '1', B: '2' },
  },
  'variables taken away': {
    body: `console.log('A' in process.env, 'HOME' in process.env, require('os').homedir().length > 0);`,
    shell: 'unset HOME; run',
  },
  'no variables at all': {
    body: `console.log(Object.keys(process.env).filter((k) => !/^PREFORK/.test(k)));`,
    shell: 'for v in $(compgen -e); do [[ $v == PREFORK_* ]] || unset $v; done; run',
  },
  'time zone': {
    body: `console.log(process.env.TZ, new Date(0).getHours(), new Date(0).toString(), Intl.DateTimeFormat().resolvedOptions().timeZone);`,
    env: { TZ: 'Asia/Tokyo' },
  },
  'no time zone': {
    body: `console.log(new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone);`,
    shell: 'unset TZ; run',
  },
  'time zone set by the script': `process.env.TZ = 'America/Lima'; console.log(new Date(0).getHours());`,
  'time zone after dates were used': {
    setup: `new Date(0).getHours(); new Date().toLocaleString();`,
    body: `console.log(new Date(0).toString());`,
    env: { TZ: 'Asia/Kolkata' },
  },
  cwd: `console.log(process.cwd(), require('path').resolve('x')); process.chdir('/'); console.log(process.cwd());`,
  umask: {
    body: `console.log(process.umask()); require('fs').writeFileSync(process.env.OUT + '/f', ''); console.log(require('fs').statSync(process.env.OUT + '/f').mode);`,
    shell: 'umask 027; run',
  },
  'user and groups': `console.log(process.getuid(), process.geteuid(), process.getgid(), process.getgroups(), require('os').userInfo());`,
  uptime: `console.log(process.uptime() < 2, process.uptime() > 0);`,
  'ages agree': `console.log(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 50);`,
  'high-resolution time': `const a = process.hrtime(); const [s, n] = process.hrtime(a); console.log(s, n >= 0, typeof process.hrtime.bigint());`,
  'processor time used': `const { user, system } = process.cpuUsage(); console.log(user + system < 5e6, user + system > 0);`,
  'main module': {
    own: true,
    body: `console.log(require.main === module, module.id, module.filename === process.argv[1], __filename, require.main.children.length, module.paths.length > 0, module.loaded, module.parent);`,
  },
  'main ES module': {
    own: true,
    kind: 'mjs',
    body: `console.log(import.meta.url, import.meta.dirname, import.meta.filename, import.meta.main, import.meta.resolve('node:fs'));`,
  },
  'module cache': {
    own: true,
    body: `console.log(Object.keys(require.cache).length, process.moduleLoadList.length > 10);`,
  },
  'own properties of process': `console.log(Object.getOwnPropertyNames(process).sort().join());`,
  'keys of process': `console.log(Object.keys(process).sort().join());`,
  'listeners of process': `console.log(process.eventNames().map(String).map((n) => n + process.listenerCount(n)), process.getMaxListeners());`,
  globals: `console.log(Object.getOwnPropertyNames(globalThis).sort().join());`,
  'what keeps the process alive': `console.log(process.getActiveResourcesInfo().filter((n) => n !== 'FSReqPromise'), process._getActiveHandles().length, process._getActiveRequests().length);`,
  descriptors: {
    body: `console.log(require('fs').readdirSync('/proc/self/fd').filter((fd) => fd < 3).join());`,
  },
  'descriptors of children': {
    body: `console.log(require('child_process').execSync('ls /proc/self/fd', { encoding: 'utf8' }));`,
    // What the tests were started with is not the matter.
    shell: 'for fd in $(ls /proc/$$/fd); do if ((fd > 2)); then eval "exec $fd>&-"; fi; done; run',
  },
  'signals blocked and ignored': `for (const l of require('fs').readFileSync('/proc/self/status', 'utf8').split('\\n')) if (/^Sig(Blk|Ign|Cgt)/.test(l)) console.log(l);`,
  'signals blocked and ignored in children': `console.log(require('child_process').execSync('grep -E "^Sig(Blk|Ign)" /proc/self/status', { encoding: 'utf8' }));`,
  'interrupts ignored by the caller': {
    body: `process.kill(process.pid, 'SIGINT'); setTimeout(() => console.log('alive'), 5);`,
    shell: `trap '' INT; run`,
  },
  'hang-ups ignored by the caller': {
    body: `process.kill(process.pid, 'SIGHUP'); setTimeout(() => console.log('alive'), 5);`,
    shell: `trap '' HUP; run`,
  },
  'versions and features': `console.log(process.version, process.arch, process.platform, process.release.name, process.features, process.config.variables.v8_enable_i18n_support);`,
  'limits of resources': `console.log(require('child_process').execSync('ulimit -a', { encoding: 'utf8', shell: '/bin/bash' }));`,
  'limits of the caller': {
    body: `console.log(require('fs').readFileSync('/proc/self/limits', 'utf8'));`,
    shell: 'ulimit -S -f 1000; ulimit -c 0; ulimit -n 512; ulimit -t 100; ulimit -S -s 4096; run',
  },
  priority: `console.log(require('os').getPriority());`,
  'priority of the caller': {
    body: `console.log(require('os').getPriority()); const { execSync } = require('child_process'); console.log(execSync('ionice; nice', { encoding: 'utf8' }));`,
    shell: 'renice -n 5 $$ > "$OUT/was"; rm "$OUT/was"; ionice -c 2 -n 6 -p $$; run',
  },
  'scheduling of the caller': {
    body: `const fs = require('fs'); const status = fs.readFileSync('/proc/self/status', 'utf8'); console.log(/Cpus_allowed_list:.*/.exec(status)[0], fs.readFileSync('/proc/self/stat', 'utf8').split(' ')[40]);`,
    shell: 'taskset -p -c 0 $$ > /dev/null; chrt -b -p 0 $$; run',
  },
  'folder, umask and title that the set-up has chosen': {
    setup: `process.chdir('/'); process.umask(0o37); process.title = 'mine';`,
    body: `console.log(process.cwd(), process.umask(), process.title);`,
  },
};
