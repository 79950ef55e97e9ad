// Real calls against the generated topology and plumbing: parents, sessions, groups, every descriptor and
// where its other end is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsOf } from '../diagrams/render/course';
import { courses } from '../diagrams/render/courses';
import { plumbingOf, type Table } from '../diagrams/render/plumbing';
import { afterClientKilled, betweenCalls, duringService } from '../machines/index';
import type { OpenFile } from '../machines/plumbing';
import type { Topology } from '../machines/moments';
import type { LinkName } from '../machines/links';
import { PlumbedCall, type Who } from './support/plumbed-call';
import type { Told } from './support/plumbed';
import { isOurProgram, processInfo } from './support/processes';
import { kill } from './support/sandbox';
import { until } from './support/until';

function checkParentage({ processes }: Topology, who: Who): void {
  const ours = Object.values(who).map(({ pid }) => pid);
  for (const { name, forkedBy, daemon, leads } of processes) {
    const info = who[name];
    assert.ok(info !== undefined, name);
    const { pid, parent, group, session } = info;
    const forker = forkedBy === 'caller' ? processInfo(process.pid) : who[forkedBy];
    if (daemon === true) assert.ok(!ours.includes(parent), `${name} has a parent`);
    else assert.equal(parent, forker?.pid, `the parent of the ${name}`);
    assert.equal(
      session,
      leads === 'session' ? pid : forker?.session,
      `the session of the ${name}`,
    );
    assert.equal(group, leads === undefined ? forker?.group : pid, `the group of the ${name}`);
  }
  assert.deepEqual(Object.keys(who).sort(), processes.map(({ name }) => name).sort());
}

/** The open files at the two ends of each link. */
const endsOf: Readonly<Record<LinkName, readonly [OpenFile, OpenFile] | OpenFile>> = {
  listen: 'listen',
  call: ['call.client', 'call.monitor'],
  watchStandardInput: ['watchStandardInput.writes', 'watchStandardInput.reads'],
  watchStandardError: ['watchStandardError.writes', 'watchStandardError.reads'],
  execterm: ['execterm.writes', 'execterm.reads'],
  handover: ['handover.server', 'handover.standby'],
  prompt: ['prompt.standby', 'prompt.understudy'],
  exectermAhead: ['execterm.writes', 'execterm.reads'],
  standardInput: 'standardInput',
  standardOutput: 'standardOutput',
  standardError: 'standardError',
  socketPath: 'socketPath',
};

/** Every end is where it should be, with its numbers, and nowhere else. */
function checkConnections(
  topology: Topology,
  told: readonly Told<string>[],
  call: 'first' | 'later',
): void {
  for (const { name, kind, ends } of topology.connections) {
    const files = endsOf[name];
    const expected = ends.flatMap((end, index) => {
      if (end === null || end.process === 'caller') return [];
      // Connecting and owning are no descriptors.
      if (kind === 'listener' && end.does !== 'listens') return [];
      if (kind === 'inotify' && end.does !== 'watches') return [];
      const file = typeof files === 'string' ? files : files[index];
      return (end.descriptors ?? ['']).map((number) => `${end.process} ${file ?? ''} ${number}`);
    });
    const borrowed = topology.holdings.flatMap(({ process, what, descriptors = [], call: only }) =>
      what === name && (only ?? call) === call
        ? descriptors.map((number) => `${process} ${what} ${number}`)
        : [],
    );
    const isNumbered = (of: string): boolean =>
      expected.some((one) => one.startsWith(of) && /\d$/.test(one));
    const held = told
      .filter(({ what }) => what !== null && [files].flat().includes(what as OpenFile))
      .map(({ by, what, descriptor }) => {
        const of = `${by} ${what ?? ''} `;
        const numbered = isNumbered(of) || borrowed.some((one) => one.startsWith(of));
        return `${of}${numbered ? descriptor : ''}`;
      });
    assert.deepEqual(held.sort(), [...expected, ...borrowed].sort(), name);
  }
}

/** Everything that is held is what the topology says that it holds, and that is held. */
function checkHoldings(
  topology: Topology,
  told: readonly Told<string>[],
  call: 'first' | 'later',
): void {
  const others = ['innards', 'null', 'syslog', 'childEnd', 'signals', 'programFiles'];
  const held = told
    .filter(({ what }) => what !== null && others.includes(what))
    .map(({ by, what }) => `${by} ${what === 'innards' ? 'loop' : (what ?? '')}`);
  const possible = topology.holdings
    .filter(({ call: only }) => (only ?? call) === call)
    .map(({ process, what }) => `${process} ${what}`);
  for (const one of held) assert.ok(possible.includes(one), one);
  // Files are watched once the server is ready; a system may have no log.
  const passing = ['standardError', 'programFiles', 'syslog'];
  const certain = possible.filter((one) => !passing.some((what) => one.endsWith(what)));
  for (const one of certain) assert.ok(held.includes(one), one);
}

/** What the generated plumbing has for a process, when it has come to a step. */
function plumbed(course: string, process: string, step?: string): Table {
  const found = courses.find(({ name }) => name === course);
  assert.ok(found !== undefined);
  const rows = plumbingOf(recordsOf(found)).filter((row) => row.process === process);
  const row = step === undefined ? rows.at(-1) : rows.find((one) => one.step === step);
  assert.ok(row !== undefined, `${process} ${step ?? ''}`);
  return row.table;
}

function checkPlumbing(
  told: readonly Told<string>[],
  tables: Readonly<Record<string, Table>>,
): void {
  const besides = ['innards', 'childEnd', 'signals', 'programFiles', 'inherited'];
  for (const [name, table] of Object.entries(tables)) {
    const own = told.filter(({ by, what }) => by === name && !besides.includes(what ?? ''));
    const placed = [0, 1, 2].map(
      (number) => own.find(({ descriptor }) => descriptor === number)?.what,
    );
    const others = own.filter(({ descriptor }) => descriptor > 2).map(({ what }) => what);
    // A system may have no log.
    const expected = table.others.filter((file) => file !== 'syslog' || others.includes(file));
    assert.deepEqual(
      { placed, others: others.sort() },
      { placed: table.placed, others: [...expected].sort() },
      name,
    );
  }
}

const checkKnown = (told: readonly Told<string>[]): void =>
  assert.deepEqual(
    told.filter(({ what }) => what === null),
    [],
  );

test('while the script initialises', async (t) => {
  const call = new PlumbedCall(t);
  const pid = call.start();
  await call.hear('initialising');
  const who = await until('client, watcher and setup', () => {
    const all = call.processes();
    const found = {
      client: all.find((process) => process.pid === pid),
      watcher: all.find((process) => isOurProgram(process) && process.session === process.pid),
      setup: all.find((process) => process.parent === pid && !isOurProgram(process)),
    };
    const { client: caller, watcher, setup } = found;
    return caller && watcher && setup && all.length === 3
      ? { client: caller, watcher, setup }
      : undefined;
  });
  const told = call.told(who);
  checkKnown(told);
  checkPlumbing(told, {
    client: plumbed('first-call', 'client', 'waitpid'),
    watcher: plumbed('first-call', 'watcher'),
    setup: plumbed('first-call', 'setup', 'SCRIPT (setup)'),
  });
  call.say('initialise');
});

test('between two calls', async (t) => {
  const call = new PlumbedCall(t, { standby: true });
  await call.runToEnd();
  const who = await call.waiting();
  const told = call.told(who);
  checkParentage(betweenCalls, who);
  checkKnown(told);
  checkConnections(betweenCalls, told, 'later');
  checkHoldings(betweenCalls, told, 'later');
});

test('a call that has been handed over, while its script runs', async (t) => {
  const call = new PlumbedCall(t, { standby: true });
  await call.runToEnd();
  const { standby, understudy, server, watcher } = await call.waiting();
  call.say('initialise');
  const pid = call.start();
  await call.hear('running');
  const named = { client: pid, watcher, server, monitor: standby, executor: understudy };
  const who = Object.fromEntries(
    Object.entries(named).map(([name, one]) => {
      const info = processInfo(typeof one === 'number' ? one : (one?.pid ?? 0));
      assert.ok(info !== undefined, name);
      return [name, info];
    }),
  );
  await until('the client to watch for signals', () =>
    call.told(who).some(({ by, what }) => by === 'client' && what === 'signals'),
  );
  const told = call.told(who);
  checkParentage(duringService, who);
  // The next standby may be there already; of that more elsewhere.
  const ours = told.filter(({ by, what }) => by !== 'server' || what !== null);
  checkKnown(ours);
  checkConnections(duringService, ours, 'later');
  const names = ['watcher', 'client', 'monitor', 'executor'];
  checkPlumbing(told, Object.fromEntries(names.map((name) => [name, plumbed('later-call', name)])));
});

for (const which of ['first', 'later'] as const) {
  test(`a ${which} call whose script runs`, async (t) => {
    const call = new PlumbedCall(t);
    if (which === 'later') await call.runToEnd();
    call.say('initialise');
    const pid = call.start();
    await call.hear('running');
    const who = await call.running(pid);
    // Beside the script, the client may still be on its way to where it waits.
    await until('the client to watch for signals', () =>
      call.told(who).some(({ by, what }) => by === 'client' && what === 'signals'),
    );
    const told = call.told(who);
    checkParentage(duringService, who);
    checkKnown(told);
    checkConnections(duringService, told, which);
    checkHoldings(duringService, told, which);
    const names = ['watcher', 'server', 'client', 'monitor', 'executor'];
    checkPlumbing(
      told,
      Object.fromEntries(names.map((name) => [name, plumbed(`${which}-call`, name)])),
    );
  });

  test(`a ${which} call whose client has been killed`, async (t) => {
    const call = new PlumbedCall(t);
    if (which === 'later') await call.runToEnd();
    call.say('initialise');
    const pid = call.start();
    await call.hear('running');
    const { client: killed, ...who } = await call.running(pid);
    assert.equal(killed?.pid, pid);
    kill(pid, 'SIGKILL');
    await call.hear('interrupted');
    const now = Object.fromEntries(
      Object.entries(who).map(([name, before]) => [name, processInfo(before.pid) ?? before]),
    );
    const told = call.told(now);
    checkParentage(afterClientKilled, now);
    checkKnown(told);
    checkConnections(afterClientKilled, told, which);
    checkHoldings(afterClientKilled, told, which);
  });
}
