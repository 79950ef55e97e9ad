// Topology and causality: they name what the charts have, and a real call looks as they say.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Chart, StateNode } from '../machines/chart';
import { causality, charts, duringService, links, processes } from '../machines/index';
import { modelOf } from '../machines/model';
import type { Link } from '../machines/links';
import type { Origin, ProcessName } from '../machines/topology';
import { callProcesses } from './support/call-processes';
import type { CallProcesses } from './support/call-processes';
import { listenersAt, onlyFile, openFiles, socketPeers, watchedInodes } from './support/open-files';
import type { Held } from './support/open-files';
import { processInfo } from './support/processes';
import { Sandbox, client, outcomeOf } from './support/sandbox';

function chartOf(id: string): Chart {
  const chart = charts.find((one) => one.id === id);
  assert.ok(chart !== undefined, `there is no chart ${id}`);
  return chart;
}

function stateOf(id: string, path: string): StateNode {
  let states: Readonly<Record<string, StateNode>> | undefined = chartOf(id).states;
  let state: StateNode | undefined;
  for (const key of path.split('.')) {
    state = states?.[key];
    states = state?.states;
  }
  assert.ok(state !== undefined, `${id} has no state ${path}`);
  return state;
}

/** The actions that a state itself runs: on entry, and on its own ways. */
function actionsOf({ entry, on = {}, always }: StateNode): string[] {
  const ways = [...Object.values(on), always]
    .flat()
    .map((way) => (typeof way === 'object' ? way : {}));
  return [entry, ...ways.map(({ actions }) => actions)].flat().filter((name) => name !== undefined);
}

function checkOrigin({ chart, states, action }: Origin): void {
  assert.ok(states.length > 0);
  for (const state of states) {
    assert.ok(actionsOf(stateOf(chart, state)).includes(action), `${chart}.${state}: ${action}`);
  }
}

const names = processes.map(({ name }) => name);
const processNamed = (name: string) => processes.find((process) => process.name === name);
const becomesOf = (id: string): string[] =>
  modelOf(chartOf(id)).states.flatMap(({ becomes }) => becomes ?? []);

describe('the topology', () => {
  test('has every process that a chart makes, and every chart', () => {
    const made = charts.flatMap(({ id }) => becomesOf(id));
    // A refusal and the script are what a process turns to, not other processes.
    const processesMade = made.filter((name) => name !== 'refusal' && name !== 'script');
    assert.deepEqual(
      [...names].sort(),
      [...new Set(['client', 'server', ...processesMade])].sort(),
    );
    assert.deepEqual(
      new Set(processes.map(({ chart }) => chart)),
      new Set(charts.map(({ id }) => id)),
    );
  });

  for (const { name, forkedBy, origin, chart } of processes) {
    test(`says of the ${name} what its origin's chart says`, () => {
      chartOf(chart);
      if (origin === undefined) {
        assert.equal(forkedBy, 'caller');
        return;
      }
      assert.equal(processNamed(forkedBy)?.chart, origin.chart);
      checkOrigin(origin);
      assert.ok(becomesOf(origin.chart).includes(name) || name === 'server');
    });
  }

  for (const { name, ends, origins } of links) {
    test(`says of ${name} who makes it`, () => {
      for (const { process } of ends) assert.ok(processNamed(process) !== undefined);
      assert.ok(origins.length > 0);
      origins.forEach(checkOrigin);
    });
  }
});

describe('causality', () => {
  for (const { description, cause, effect, by, link } of causality) {
    test(`${description} (${cause.chart}, then ${effect.chart}: ${effect.event ?? effect.states.join()})`, () => {
      for (const path of cause.states) {
        const state = stateOf(cause.chart, path);
        if (cause.action !== undefined) assert.ok(actionsOf(state).includes(cause.action));
        // Processes end in final states, unless they are killed.
        else assert.ok(state.type === 'final' || cause.chart === 'client');
      }
      const { states, initial } = modelOf(chartOf(effect.chart));
      for (const path of effect.states) {
        const state = states.find((one) => one.path === path);
        assert.ok(state !== undefined, `${effect.chart} has no state ${path}`);
        if (effect.event !== undefined) assert.ok(state.on.has(effect.event), path);
        if (by === 'fork') assert.equal(path, initial.target);
      }
      if (by === 'descriptor') {
        const ends = links.find(({ name }) => name === link)?.ends.map(({ process }) => process);
        // What has been ahead of a call keeps its descriptors when it becomes something else.
        const chartsOfEnds = ends?.map((end) =>
          [end, processNamed(end)?.aheadOf ?? end].map((name) => processNamed(name)?.chart),
        );
        const [one = [], other = []] = chartsOfEnds ?? [];
        assert.ok(
          (one.includes(cause.chart) && other.includes(effect.chart)) ||
            (other.includes(cause.chart) && one.includes(effect.chart)),
        );
      }
    });
  }

  test('has every fork of one process by another', () => {
    const forks = causality.filter(({ by }) => by === 'fork').map(({ cause }) => cause.action);
    // A daemon's own fork leaves it in the same chart.
    const expected = processes.filter(({ name }) => name !== 'server' && name !== 'client');
    assert.deepEqual(forks.sort(), expected.map(({ origin }) => origin?.action).sort());
  });
});

const script = `
require('prefork-interp').initialisationComplete({ standby: false });
process.stdout.write('in the executor');
require('node:fs').readFileSync(0);
`;

type Running = keyof CallProcesses;
const isRunning = (name: ProcessName): name is Running =>
  duringService.processes.some((process) => process.name === name);
const isOfService = ({ name }: Link): boolean =>
  duringService.connections.some((link) => link.name === name);

/** A call that waits in its executor until the test is over. */
async function waitingCall(t: TestContext, which: 'first' | 'later') {
  const sandbox = new Sandbox();
  t.after(() => sandbox.end());
  sandbox.script('wait.js', script);
  const words = ['-U', process.execPath, 'wait.js'];
  if (which === 'later') assert.equal((await sandbox.call(words)).code, 0);
  const call = sandbox.start(client, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const started = new Promise((done) => void call.stdout?.once('data', done));
  const ended = outcomeOf(call);
  await started;
  const who = await callProcesses(sandbox, call.pid ?? 0);
  const end = async () => {
    call.stdin?.end();
    assert.deepEqual(await ended, { stdout: 'in the executor', stderr: '', code: 0, signal: null });
  };
  return { sandbox, who, end };
}

function checkParentage(who: CallProcesses): void {
  const ours = Object.values(who).map(({ pid }) => pid);
  for (const { name, forkedBy, daemon, leads } of processes) {
    if (!isRunning(name)) continue;
    const { pid, parent, group, session } = who[name];
    const forker =
      forkedBy === 'caller' ? processInfo(process.pid) : isRunning(forkedBy) ? who[forkedBy] : null;
    if (daemon === true) assert.ok(!ours.includes(parent), `${name} has a parent`);
    else assert.equal(parent, forker?.pid, `the parent of ${name}`);
    const expected = {
      session: leads === 'session' ? pid : forker?.session,
      group: leads === undefined ? forker?.group : pid,
    };
    assert.deepEqual({ session, group }, expected, name);
  }
}

type File = Held<Running>;

const checks: Readonly<
  Record<Link['kind'], (link: Link, files: File[], sandbox: Sandbox) => void>
> = {
  pipe: ({ ends: [writer, reader] }, files) => {
    const holders = (target: string, mode: File['mode']): Running[] =>
      files.filter((file) => file.target === target && file.mode === mode).map(({ by }) => by);
    const only = (found: Running[], name: string): boolean =>
      found.length > 0 && found.every((by) => by === name);
    const pipes = [...new Set(files.map(({ target }) => target))].filter(
      (target) =>
        target.startsWith('pipe:') &&
        only(holders(target, 'writes'), writer.process) &&
        only(holders(target, 'reads'), reader.process),
    );
    assert.equal(pipes.length, 1);
    for (const { process, descriptors } of [writer, reader]) {
      if (descriptors === undefined) continue;
      const numbers = files.filter(({ by, target }) => by === process && target === pipes[0]);
      assert.deepEqual(
        numbers.map(({ descriptor }) => descriptor),
        descriptors,
      );
    }
  },
  passed: ({ ends }, files) => {
    const targets = ends.map(
      ({ process, descriptors }) =>
        files.find(({ by, descriptor }) => by === process && descriptors?.[0] === descriptor)
          ?.target,
    );
    assert.ok(targets[0] !== undefined);
    assert.equal(targets[0], targets[1]);
    const holders = files.filter(({ target }) => target === targets[0]).map(({ by }) => by);
    assert.ok(!holders.includes('server') && !holders.includes('watcher'), holders.join());
  },
  socket: ({ ends: [one, other] }, files) => {
    const peers = socketPeers();
    const holding = (name: string): File[] => files.filter(({ by }) => by === name);
    const pairs = holding(one.process).flatMap((own) =>
      holding(other.process)
        .filter((its) => peers.get(inodeOf(own)) === inodeOf(its))
        .map((its) => [own.target, its.target]),
    );
    assert.equal(pairs.length, 1);
    const holders = files.filter(({ target }) => pairs[0]?.includes(target)).map(({ by }) => by);
    assert.deepEqual(holders.sort(), [one.process, other.process].sort());
  },
  listener: ({ ends }, files, sandbox) => {
    const { path } = onlyFile(sandbox.runDirectory, 's');
    const inodes = listenersAt(path);
    assert.equal(inodes.length, 1);
    const holders = files.filter(({ target }) => target === `socket:[${inodes[0] ?? ''}]`);
    const expected = ends.filter(({ does }) => does === 'listens').map(({ process }) => process);
    assert.deepEqual(
      holders.map(({ by }) => by),
      expected,
    );
  },
  inotify: ({ ends }, files, sandbox) => {
    const { inode } = onlyFile(sandbox.runDirectory, 's');
    const holders = files.filter((file) => watchedInodes(file).includes(inode));
    const expected = ends.filter(({ does }) => does === 'watches').map(({ process }) => process);
    assert.deepEqual(
      holders.map(({ by }) => by),
      expected,
    );
  },
};

const inodeOf = ({ target }: { readonly target: string }): string =>
  /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? 'none';

for (const which of ['first', 'later'] as const) {
  test(`a ${which} call that waits in its executor looks as the topology says`, async (t) => {
    const { sandbox, who, end } = await waitingCall(t, which);
    await t.test('parents, sessions, groups', () => checkParentage(who));
    const pids = Object.fromEntries(
      Object.entries(who).map(([name, { pid }]) => [name, pid]),
    ) as Record<Running, number>;
    const files = openFiles(pids);
    for (const link of links.filter(isOfService)) {
      await t.test(`${link.name}: ${link.ends.map(({ process }) => process).join(' and ')}`, () => {
        checks[link.kind](link, files, sandbox);
      });
    }
    await end();
  });
}
