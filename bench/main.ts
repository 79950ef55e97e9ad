// Measures what a call costs, side by side with what it replaces; writes bench/results.json.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrivateHome, cannotCompare } from '../test/support/private-home';
import { Sandbox, projectRoot } from '../test/support/sandbox';
import { until } from '../test/support/until';
import { canCompareMonitors, measureContainers } from './containers';
import { measureListeners } from './listeners';
import { measureInspection } from './inspection';
import { describeMachine } from './machine';
import { memoryOfCall } from './memory';
import { render } from './report';
import type { Results } from './report';
import { summarise } from './statistics';
import { callsPerSecond, timeInTurns } from './stopwatch';
import type { Subject } from './stopwatch';
import { environmentCosts, input, peerIdent, subjects, transpileCall } from './subjects';
import { judge } from './verdicts';

// Some two minutes in all.
const rounds = 30;
const crowd = 8;
const crowdPasses = 5;
const crowdSeconds = 1;
const resultsFile = join(projectRoot, 'bench/results.json');

/** The original client finds its servers in the user's home, so it is given one of its own. */
async function within<T>(act: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = cannotCompare === false ? new PrivateHome() : new Sandbox();
  try {
    return await act(sandbox);
  } finally {
    await sandbox.end();
  }
}

async function startPeer(sandbox: Sandbox): Promise<void> {
  mkdirSync(sandbox.runDirectory, { recursive: true, mode: 0o700 });
  const socket = join(sandbox.runDirectory, `s${peerIdent}`);
  sandbox.start(join(projectRoot, 'build/bench/trivial_peer'), [socket]);
  await until('the socket of the peer', () => existsSync(socket));
}

async function measureDurations(sandbox: Sandbox): Promise<Map<string, number[]>> {
  await startPeer(sandbox);
  const { originalHello, bareHello } = subjects;
  const left: Subject[] = [
    ...(cannotCompare === false ? [] : [originalHello]),
    ...(environmentCosts() ? [] : [bareHello]),
  ];
  const measured = Object.values<Subject>(subjects).filter((subject) => !left.includes(subject));
  console.error(`${rounds} rounds …`);
  await timeInTurns(sandbox, measured, 1, input); // so that servers stand and files are in memory
  const durations = await timeInTurns(sandbox, measured, rounds, input);
  console.error('with and without a listener …');
  return new Map([...durations, ...(await measureListeners(sandbox))]);
}

async function measureRates(sandbox: Sandbox): Promise<Record<string, number>> {
  console.error(`${crowd} callers at a time …`);
  const crowds = [subjects.warmHello, subjects.plainHello].map(({ name, command }) => ({
    name,
    command,
    rates: [] as number[],
  }));
  for (let pass = 0; pass < crowdPasses; ++pass) {
    for (const { command, rates } of crowds) {
      rates.push(await callsPerSecond(sandbox, command, crowd, crowdSeconds, input));
    }
  }
  return Object.fromEntries(crowds.map(({ name, rates }) => [name, summarise(rates).median]));
}

const measureMemory = (sandbox: Sandbox) => memoryOfCall(sandbox, transpileCall);

async function main(): Promise<void> {
  const machine = describeMachine();
  if (cannotCompare !== false) console.error(`Without the original: ${cannotCompare}.`);
  const measured = await within(async (sandbox) => ({
    durations: await measureDurations(sandbox),
    callsPerSecond: await measureRates(sandbox),
  }));
  console.error('with a live page …');
  const inspection = await measureInspection();
  const memory = await within(measureMemory);
  const containers = canCompareMonitors ? await measureContainers() : undefined;

  const durations = new Map(
    [...measured.durations, ...inspection].map(([name, all]) => [name, summarise(all)]),
  );
  const results: Results = {
    machine,
    durations: Object.fromEntries(durations),
    callsPerSecond: measured.callsPerSecond,
    memory,
    ...(containers === undefined ? {} : { containers }),
    verdicts: judge(durations, memory, containers),
  };
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(render(results));
}

void main();
