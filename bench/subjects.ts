// What is measured, each under the name that tables and results give it.

import { join } from 'node:path';
import { client, originalClient, projectRoot } from '../test/support/sandbox';
import type { Subject } from './stopwatch';

const node = process.execPath;
const hello = join(projectRoot, 'bench/scripts/hello.js');
const transpile = join(projectRoot, 'demo/transpile');
const manyNames = (count: number): string => join(projectRoot, `bench/scripts/names-${count}.js`);
const holding = (megabytes: number): string =>
  join(projectRoot, `bench/scripts/heap-${megabytes}.js`);
const perlHello = join(projectRoot, 'bench/scripts/hello.pl');

/** The standard input of every run. */
export const input = join(projectRoot, 'runtime/index.ts');

export const peerIdent = 'bench-peer';
const helloCall = ['-U', node, hello];
export const transpileCall = ['-U', node, transpile];

// A server of its own, that the warm calls do not lose theirs.
const firstCall = ['-U', '-g', 'bench-first', node, hello];
const originalCall = ['-U', '-g', 'bench-original', 'perl', perlHello];

// What a first call leaves to do in the background, and a server that ends, must not fall on others.
const settle = ['sleep', '0.15'];

// Nor what a server does after a call, ahead of the next one.
const pause = ['sleep', '0.05'];

// What an environment asks of every Node that starts in it. A plain run pays for it as for everything
// else, so the plain rows do; one more row tells what is left without.
const costly = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'];
const withoutCostly = ['env', ...costly.flatMap((name) => ['-u', name])];

/** Whether the environment makes Node slower to start. */
export const environmentCosts = (): boolean => costly.some((name) => name in process.env);

export const subjects = {
  nothing: { name: 'true', command: ['true'], before: [pause], perRound: 6 },
  clientAlone: {
    name: 'our client alone',
    command: [client, '-U', '-g', peerIdent, node, hello],
    before: [pause],
    perRound: 6,
  },
  warmHello: {
    name: 'hello, warm',
    command: [client, ...helloCall],
    before: [pause],
    perRound: 6,
  },
  // What the first console.log of a process costs, which a server has practised. The two come one behind the other,
  // either as often first, between programs that leave nothing of Node in the processor's caches.
  warmWrite: {
    name: 'hello by fs.writeSync, warm',
    command: [client, '-U', node, join(projectRoot, 'bench/scripts/write.js')],
    before: [pause],
    perRound: 6,
  },
  originalHello: {
    name: 'hello in Perl, original, warm',
    command: [originalClient, ...originalCall],
    before: [pause],
    perRound: 6,
  },
  // The server has had no time to fork ahead of it.
  warmAgain: {
    name: 'hello, warm, right after another',
    command: [client, ...helloCall],
    before: [pause, [client, ...helloCall]],
    perRound: 3,
  },
  // What a call pays for knowing that the program has not changed.
  warm10: {
    name: '10 files more',
    command: [client, '-U', node, manyNames(10)],
    before: [pause],
    perRound: 3,
  },
  warm1000: {
    name: '1000 files more',
    command: [client, '-U', node, manyNames(1000)],
    before: [pause],
    perRound: 3,
  },
  // What a fork pays for the memory of the program.
  warm100MB: {
    name: '100 MB of objects',
    command: [client, '-U', node, holding(100)],
    before: [settle],
    perRound: 2,
  },
  warm500MB: {
    name: '500 MB of objects',
    command: [client, '-U', node, holding(500)],
    before: [settle],
    perRound: 2,
  },
  bareHello: {
    name: 'hello, plain node, bare environment',
    command: [...withoutCostly, node, hello],
    before: [pause],
  },
  plainHello: { name: 'hello, plain node', command: [node, hello], before: [pause] },
  warmTranspile: {
    name: 'transpile, warm',
    command: [client, ...transpileCall],
    before: [settle],
    perRound: 2,
  },
  firstHello: {
    name: 'hello, first call',
    command: [client, ...firstCall],
    before: [[client, '--kill', ...firstCall], settle],
  },
  // A processor that has just slept is slower: what a first call is held against has slept as long.
  restedHello: {
    name: 'hello, plain node, after a rest',
    command: [node, hello],
    before: [settle],
  },
  plainTranspile: { name: 'transpile, plain node', command: [node, transpile], before: [settle] },
} as const satisfies Record<string, Subject>;
