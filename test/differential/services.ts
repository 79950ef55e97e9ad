// What Node offers beyond streams and ends, used after the fork.

import type { Cases } from './case';

const emptyWasm = 'Buffer.from([0, 97, 115, 109, 1, 0, 0, 0])';
// Calls proc_exit(5) of WASI.
const exitsWithFive = `Buffer.from('0061736d0100000001080260017f0060000002240116776173695f736e617073686f745f70726576696577310970726f635f65786974000003020101050301000107130206' + '6d656d6f727902000' + '65f737461727400010a08010600410510000b', 'hex')`;
const esm = (body: string): { body: string; kind: 'mjs' } => ({ body, kind: 'mjs' });

export const network: Cases = {
  'http and fetch': `const http = require('http'); const s = http.createServer((q, r) => r.end(q.url)).listen(0, '127.0.0.1', async () => { const a = await fetch('http://127.0.0.1:' + s.address().port + '/path'); console.log(a.status, await a.text()); s.close(); s.closeAllConnections(); });`,
  'http.request': `const http = require('http'); const s = http.createServer((q, r) => q.pipe(r)).listen(0, '127.0.0.1', () => { const q = http.request({ port: s.address().port, method: 'POST', agent: false }, (r) => r.setEncoding('utf8').on('data', (d) => console.log(d)).on('end', () => s.close())); q.end('body'); });`,
  http2: `const h = require('http2'); const s = h.createServer((q, r) => r.end('two')).listen(0, '127.0.0.1', () => { const c = h.connect('http://127.0.0.1:' + s.address().port); c.request({ ':path': '/' }).on('data', (d) => console.log(String(d))).on('end', () => { c.close(); s.close(); }); });`,
  'an agent made while initialising': {
    setup: `const http = require('http'); const agent = new http.Agent({ keepAlive: true });`,
    body: `const s = http.createServer((q, r) => r.end('x')).listen(0, '127.0.0.1', () => http.get({ port: s.address().port, agent }, (r) => r.on('data', (d) => console.log(String(d))).on('end', () => { agent.destroy(); s.close(); })));`,
  },
  'fetch loaded while initialising': {
    setup: `fetch; new Headers(); new Request('http://x');`,
    body: `const s = require('http').createServer((q, r) => r.end('x')).listen(0, '127.0.0.1', async () => { console.log(await (await fetch('http://127.0.0.1:' + s.address().port)).text()); s.close(); s.closeAllConnections(); });`,
  },
  'tls with a certificate': `const tls = require('tls'); const fs = require('fs'); const cert = fs.readFileSync(process.env.CERT); const key = fs.readFileSync(process.env.KEY); const s = tls.createServer({ cert, key }, (c) => c.end('secret')).listen(0, '127.0.0.1', () => tls.connect({ port: s.address().port, ca: cert, servername: 'localhost' }, function () { console.log(this.authorized, this.getProtocol()); }).on('data', (d) => console.log(String(d))).on('end', () => s.close()));`,
  'tls without trust': `const tls = require('tls'); const fs = require('fs'); const cert = fs.readFileSync(process.env.CERT); const key = fs.readFileSync(process.env.KEY); const s = tls.createServer({ cert, key }).on('tlsClientError', () => {}).listen(0, '127.0.0.1', () => tls.connect({ port: s.address().port }).on('error', (e) => { console.log(e.code); s.close(); }));`,
  'tls contexts made while initialising': {
    setup: `const tls = require('tls'); const context = tls.createSecureContext();`,
    body: `console.log(tls.rootCertificates.length > 10, context.context.constructor.name);`,
  },
  'a local socket': `const net = require('net'); const path = process.env.OUT + '/s'; const s = net.createServer((c) => c.pipe(c)).listen(path, () => { const c = net.connect(path, () => c.end('echo')); c.on('data', (d) => console.log(String(d))).on('end', () => s.close()); });`,
  'a refused connection': `require('net').connect(1, '127.0.0.1').on('error', (e) => console.log(e.code));`,
  datagrams: `const d = require('dgram').createSocket('udp4'); d.bind(0, '127.0.0.1', () => d.send('x', d.address().port, '127.0.0.1')); d.on('message', (m) => { console.log(String(m)); d.close(); });`,
  'dns.lookup': `require('dns').lookup('localhost', { family: 4 }, (e, a) => console.log(e, a));`,
  'dns.lookup after one while initialising': {
    setup: `const dns = require('dns'); `,
    body: `dns.promises.lookup('localhost', { family: 4 }).then(console.log);`,
  },
  'a websocket client': {
    from: 22,
    body: `const w = new WebSocket('ws://127.0.0.1:1'); w.onerror = () => console.log('error'); w.onclose = (e) => console.log(e.code);`,
  },
};

export const files: Cases = {
  'fs promises': esm(
    `import fs from 'node:fs/promises'; const f = process.env.OUT + '/f'; await fs.writeFile(f, 'text'); console.log(await fs.readFile(f, 'utf8'), (await fs.stat(f)).size); await fs.rename(f, f + '2');`,
  ),
  'fs in parallel': `const fs = require('fs'); let n = 0; for (let i = 0; i < 40; ++i) fs.readFile(__filename, () => { if (++n === 40) console.log('all'); });`,
  'fs streams': `const fs = require('fs'); fs.createReadStream(__filename).pipe(fs.createWriteStream(process.env.OUT + '/copy')).on('finish', () => console.log('copied'));`,
  'fs.watch': `const fs = require('fs'); const f = process.env.OUT + '/w'; fs.writeFileSync(f, ''); const w = fs.watch(f, () => { console.log('changed'); w.close(); }); fs.appendFileSync(f, 'x');`,
  'fs.watchFile': `const fs = require('fs'); const f = process.env.OUT + '/w'; fs.writeFileSync(f, ''); fs.watchFile(f, { interval: 10 }, (a) => { if (a.size) { console.log('changed', a.size); fs.unwatchFile(f); } }); setTimeout(() => fs.appendFileSync(f, 'x'), 30);`,
  'the pool used before and after': {
    setup: `const fs = require('fs'); const zlib = require('zlib'); zlib.gzipSync('x'); fs.readFileSync(__filename); fs.readFile(__filename, () => {}); require('fs').promises.stat('.');`,
    body: `fs.readFile(__filename, (e, d) => console.log(d.length > 10)); zlib.gzip('text', (e, d) => console.log(d.length > 5));`,
  },
  zlib: `const z = require('zlib'); z.gzip('text'.repeat(1000), (e, d) => z.gunzip(d, (e, t) => console.log(t.length))); z.brotliCompress('x', (e, d) => setTimeout(() => console.log(d.length), 50));`,
  'zlib streams': `const z = require('zlib'); const s = z.createGzip(); s.pipe(z.createGunzip()).on('data', (d) => console.log(String(d))); s.end('stream');`,
};

export const cryptography: Cases = {
  'hashes and codes': `const c = require('crypto'); console.log(c.createHash('sha256').update('x').digest('hex'), c.createHmac('sha1', 'k').update('x').digest('hex'), c.getHashes().length > 10);`,
  'a hash begun while initialising': {
    setup: `const h = require('crypto').createHash('sha256'); h.update('a');`,
    body: `console.log(h.update('b').digest('hex'));`,
  },
  'keys derived on the pool': `const c = require('crypto'); c.scrypt('p', 's', 16, (e, k) => { console.log(k.toString('hex')); c.pbkdf2('p', 's', 1000, 16, 'sha1', (e, k) => console.log(k.toString('hex'))); });`,
  'ciphers and signatures': `const c = require('crypto'); const k = Buffer.alloc(32); const x = c.createCipheriv('aes-256-cbc', k, k.subarray(16)); console.log(x.update('text', 'utf8', 'hex') + x.final('hex')); const p = c.generateKeyPairSync('ed25519'); console.log(c.verify(null, Buffer.from('m'), p.publicKey, c.sign(null, Buffer.from('m'), p.privateKey)));`,
  'web cryptography': esm(
    `const k = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt', 'decrypt']); const iv = new Uint8Array(12); const d = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, k, Buffer.from('text')); console.log(Buffer.from(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, k, d)).toString());`,
  ),
};

export const processes: Cases = {
  'child processes': `const { execFileSync, spawn } = require('child_process'); console.log(execFileSync('echo', ['sync']).toString()); spawn('sh', ['-c', 'echo async; exit 4'], { stdio: 'inherit' }).on('exit', (code) => { process.exitCode = code; });`,
  'exec with output': `require('child_process').exec('echo out; echo err >&2; exit 3', (e, out, err) => console.log(e.code, out, err));`,
  'a child killed': `const c = require('child_process').spawn('sleep', ['20']); c.on('exit', (code, signal) => console.log(code, signal)); c.kill();`,
  'a child that is not there': `require('child_process').spawn('/nowhere').on('error', (e) => console.log(e.code));`,
  'a script forked with a channel': `const fs = require('fs'); const f = process.env.OUT + '/c.js'; fs.writeFileSync(f, 'process.on("message", (m) => { process.send(m + 1); process.disconnect(); });'); const c = require('child_process').fork(f); c.on('message', console.log).on('exit', (code) => console.log('exit', code)); c.send(1);`,
  'spawnSync with input and time-out': `const r = require('child_process').spawnSync('cat', { input: 'in' }); console.log(String(r.stdout), r.status); console.log(require('child_process').spawnSync('sleep', ['20'], { timeout: 50 }).signal);`,
  'a cluster': {
    body: `const cluster = require('cluster'); console.log(cluster.isPrimary, cluster.isWorker);`,
  },
  'a background child outlives the call': {
    body: `require('child_process').spawn('sh', ['-c', 'sleep 0.2; echo late >$OUT/late'], { detached: true, stdio: 'ignore' }).unref();`,
    shell: 'run; until [[ -s $OUT/late ]]; do sleep 0.02; done',
  },
};

const worker = (code: string, more: string): string =>
  `const { Worker } = require('worker_threads'); const w = new Worker(${JSON.stringify(code)}, { eval: true }); ${more}`;
const garbage =
  'let k = []; for (let i = 0; i < 300; ++i) { k.push(new Array(20000).fill(i)); if (k.length > 60) k = []; }';

export const threads: Cases = {
  'a Worker': worker(
    `${garbage} require('worker_threads').parentPort.postMessage(Math.sqrt(4));`,
    `w.on('message', console.log).on('exit', (code) => console.log('exit', code));`,
  ),
  'a Worker that exits': worker(
    'process.exit(3)',
    `w.on('exit', (code) => { process.exitCode = code; });`,
  ),
  'a Worker that prints': worker(
    'console.log("from the worker"); console.error("error")',
    `w.on('exit', () => console.log('over'));`,
  ),
  'a Worker that throws, seen': worker(
    'throw new Error("in the worker")',
    `w.on('error', (e) => console.log(e.message)).on('exit', (code) => console.log(code));`,
  ),
  'a Worker that throws, not seen': {
    body: worker('throw new Error("in the worker")', ''),
    normalise: [
      {
        pattern: / +at (\[kOnExit\]|Worker\.<computed>\.onexit) .*\n/g,
        by: '',
        because: 'the error arrives by a message of its own, or with the exit',
      },
    ],
  },
  'a Worker ended by force': worker(
    'setInterval(() => {}, 1000)',
    `w.on('online', () => w.terminate().then((code) => console.log(code)));`,
  ),
  'a Worker alive at process.exit': worker(
    'setInterval(() => {}, 1000)',
    `w.on('online', () => process.exit(5));`,
  ),
  'a Worker alive at a throw': {
    body: worker(
      'setInterval(() => {}, 1000)',
      `w.on('online', () => { throw new Error('main'); });`,
    ),
  },
  'a Worker unreferenced': worker('setInterval(() => {}, 1000)', `w.unref(); console.log('end');`),
  'eight Workers': `const { Worker } = require('worker_threads'); let n = 0; for (let i = 0; i < 8; ++i) new Worker(${JSON.stringify(garbage)}, { eval: true }).on('exit', () => { if (++n === 8) console.log('all'); });`,
  'shared memory and Atomics': worker(
    'const { workerData: d } = require("worker_threads"); const a = new Int32Array(d ?? new SharedArrayBuffer(4)); Atomics.store(a, 0, 1); Atomics.notify(a, 0);',
    `w.on('exit', () => console.log('over'));`,
  ),
  'a MessageChannel': `const { port1, port2 } = new MessageChannel(); port2.on?.('message', (m) => { console.log(m); port1.close(); }); port1.postMessage({ a: [1] });`,
  'a BroadcastChannel': `const a = new BroadcastChannel('x'); const b = new BroadcastChannel('x'); b.onmessage = ({ data }) => { console.log(data); a.close(); b.close(); }; a.postMessage('m');`,
};

export const engine: Cases = {
  'WebAssembly at once': `const m = new WebAssembly.Module(${emptyWasm}); console.log(new WebAssembly.Instance(m).exports);`,
  'WebAssembly later': `WebAssembly.compile(${emptyWasm}).then(() => console.log('compiled'));`,
  'WebAssembly later, in an ES module': esm(
    `const { instance } = await WebAssembly.instantiate(${emptyWasm}); console.log(Object.keys(instance.exports));`,
  ),
  'WebAssembly compiled while initialising': {
    setup: `const m = new WebAssembly.Module(${emptyWasm});`,
    body: `WebAssembly.instantiate(m).then((i) => console.log(i instanceof WebAssembly.Instance));`,
  },
  'WebAssembly memory': `const m = new WebAssembly.Memory({ initial: 1, maximum: 10 }); m.grow(2); new Uint8Array(m.buffer).fill(7); console.log(m.buffer.byteLength);`,
  'node:wasi': {
    setup: `const { WASI } = require('wasi'); const m = new WebAssembly.Module(${exitsWithFive});`,
    body: `const w = new WASI({ version: 'preview1', returnOnExit: true }); console.log(w.start(new WebAssembly.Instance(m, w.getImportObject())));`,
  },
  'a native addon': `const a = require(process.env.ADDON); console.log(Object.keys(a).sort());`,
  'a native addon loaded while initialising': {
    setup: `const a = require(process.env.ADDON);`,
    body: `console.log(Object.keys(a).sort());`,
  },
  'dynamic import': `import('node:path').then((p) => console.log(p.basename('/a/b'))); import('data:text/javascript,export default 5').then((m) => console.log(m.default));`,
  'require of a module first after the fork': `console.log(Object.keys(require('node:perf_hooks')).length > 3, require('node:v8').getHeapStatistics().heap_size_limit > 0);`,
  'require and import of files': `const fs = require('fs'); const d = process.env.OUT; fs.writeFileSync(d + '/a.cjs', 'module.exports = 1'); fs.writeFileSync(d + '/b.mjs', 'export default 2'); console.log(require(d + '/a.cjs')); import(d + '/b.mjs').then((m) => { console.log(m.default); });`,
  'module.register after the fork': `const { register } = require('module'); register('data:text/javascript,export async function resolve(s, c, n) { return n(s, c); }'); import('node:os').then((o) => console.log(typeof o.cpus));`,
  contexts: `const vm = require('vm'); console.log(vm.runInNewContext('[].constructor === x', { x: Array }), vm.isContext(vm.createContext()));`,
  Intl: `console.log(new Intl.NumberFormat('de').format(1234.5), new Date(0).toLocaleString('en-GB', { timeZone: 'Asia/Tokyo' }), 'ä'.localeCompare('z', 'sv'), [...new Intl.Segmenter('en', { granularity: 'word' }).segment('a b')].length);`,
  'regular expressions': `console.log('x'.repeat(1e5).replace(/x(?=x)/g, 'y').length, /(?<n>\\p{L}+)/u.exec('über').groups.n);`,
  timers: esm(
    `import { setTimeout as sleep } from 'node:timers/promises'; const a = performance.now(); await sleep(30); const b = performance.now() - a; console.log(b > 28, b < 5000); for await (const _ of (await import('node:timers/promises')).setInterval(1)) break; console.log('end');`,
  ),
  'what the set-up left for later turns': {
    setup: `setImmediate(() => console.log('immediate')); process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('microtask'));`,
    body: `console.log('body');`,
  },
  'a rejection of the set-up that a call handles': {
    setup: `const rejected = Promise.reject(new Error('set-up')); process.on('unhandledRejection', () => console.log('unhandled'));`,
    body: `rejected.catch(({ message }) => console.log(message));`,
  },
  'a rejection of the set-up that nobody handles': {
    setup: `Promise.reject(new Error('set-up')); process.nextTick(() => console.log('tick'));`,
    body: `console.log('body');`,
  },
  'functions of Node that the set-up has replaced': {
    setup: `const calls = []; for (const name of ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate']) { const own = globalThis[name]; globalThis[name] = (...all) => { calls.push(name); return own(...all); }; } const { exit, off, nextTick } = process; process.exit = (...all) => { calls.push('exit'); exit(...all); }; process.off = (...all) => { calls.push('off'); return off.apply(process, all); };`,
    body: `console.log(calls); setTimeout(() => process.exit(7), 1);`,
  },
  'hooks of the set-up': {
    setup: `const seen = []; require('async_hooks').createHook({ init: (id, type) => void seen.push(type) }).enable();`,
    body: `require('fs').writeSync(1, seen.join() + '\\n');`,
  },
  'a timer of the set-up': {
    setup: `setTimeout(() => console.log('timer'), 150);`,
    body: `console.log('body');`,
  },
  'AbortSignal.timeout': `AbortSignal.timeout(10).addEventListener('abort', () => console.log('aborted')); setTimeout(() => {}, 60);`,
  AsyncLocalStorage: `const { AsyncLocalStorage } = require('async_hooks'); const s = new AsyncLocalStorage(); s.run(5, () => setTimeout(() => console.log(s.getStore()), 1));`,
  'AsyncLocalStorage around the fork': {
    setup: `const s = new (require('async_hooks').AsyncLocalStorage)(); s.enterWith('set up');`,
    body: `setTimeout(() => console.log(s.getStore()), 1);`,
  },
  'structuredClone and Blob': `console.log(structuredClone({ d: new Date(0), m: new Map([[1, 2]]) })); new Blob(['x']).text().then(console.log);`,
  'compression of the web': esm(
    `const s = new Blob(['text']).stream().pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip')); console.log(await new Response(s).text());`,
  ),
  'marks and measures': `performance.mark('a'); performance.mark('b'); const m = performance.measure('m', 'a', 'b'); console.log(m.duration >= 0, m.name); new (require('perf_hooks').PerformanceObserver)((l, o) => { console.log(l.getEntries().length); o.disconnect(); }).observe({ type: 'mark', buffered: true });`,
  'collections observed': `const { PerformanceObserver } = require('perf_hooks'); const o = new PerformanceObserver((l) => { console.log(l.getEntries()[0].entryType); o.disconnect(); }); o.observe({ entryTypes: ['gc'] }); ${garbage} setTimeout(() => {}, 20);`,
  'the inspector from within': `const { Session } = require('inspector'); const s = new Session(); s.connect(); s.post('Runtime.evaluate', { expression: '1 + 1' }, (e, r) => console.log(r.result.value)); s.disconnect();`,
  'the inspector opened': {
    body: `const i = require('inspector'); i.open(0, '127.0.0.1'); console.log(i.url().startsWith('ws://')); i.close();`,
    normalise: [{ pattern: /ws:\S+/g, by: 'URL', because: 'port and name are free ones' }],
  },
  'a profile': esm(
    `import { Session } from 'node:inspector/promises'; const s = new Session(); s.connect(); await s.post('Profiler.enable'); await s.post('Profiler.start'); ${garbage} const { profile } = await s.post('Profiler.stop'); console.log(profile.nodes.length > 1); s.disconnect();`,
  ),
  'a heap snapshot': `require('v8').getHeapSnapshot().resume().on('end', () => console.log('taken'));`,
  serialisation: `const v = require('v8'); console.log(v.deserialize(v.serialize({ a: [1, 2n] })));`,
  'a report': `console.log(Object.keys(process.report.getReport()).sort().join(), process.report.getReport().header.processId === process.pid);`,
  'diagnostics and tracing': `const d = require('diagnostics_channel'); d.subscribe('x', (m) => console.log(m)); d.channel('x').publish(1); console.log(require('trace_events').getEnabledCategories());`,
  'node:test': {
    body: `require('node:test')('passes', () => {});`,
    normalise: [
      {
        pattern: /duration_ms [\d.]+|\([\d.]+ms\)|duration_ms: [\d.]+/g,
        by: 'TIME',
        because: 'it measures',
      },
      { pattern: /[\d.]+ms/g, by: 'TIME', because: 'it measures' },
    ],
  },
  'node:sqlite': {
    from: 22,
    body: `try { const { DatabaseSync } = require('node:sqlite'); const d = new DatabaseSync(':memory:'); console.log(d.prepare('select 1 + 1 as two').get()); } catch (e) { console.log(e.code); }`,
  },
  'a REPL': { body: `require('repl').start({ prompt: '> ' });`, input: '1 + 1\n.exit\n' },
  'util.inspect of process': `console.log(require('util').inspect(process, { depth: 0 }).length > 1000);`,
  'heap limits': `console.log(require('v8').getHeapStatistics().heap_size_limit);`,
};
