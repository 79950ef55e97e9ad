// The page of `prefork inspect` while a container's monitor runs: several actors in one process.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { readLine } from '../runtime/trace/read';
import { isActorRecord } from '../runtime/trace/record';
import { startBrowser } from './support/browser';
import { InspectedPage } from './support/inspected-page';
import { Inspector } from './support/inspector';
import { Monitored } from './support/monitored';
import { Sandbox } from './support/sandbox';
import { until } from './support/until';

const sandbox = new Sandbox(false);
const recording = join(sandbox.folder, 'container.trace');
let browser: Browser;
let inspected: InspectedPage;

before(async () => {
  const [started, inspector] = await Promise.all([
    startBrowser(),
    Inspector.start(sandbox, ['--record', recording]),
  ]);
  browser = started;
  inspected = await InspectedPage.open(browser, inspector.url);
});
after(async () => {
  await browser.close();
  await sandbox.end();
});

/** By the names of its actors, the state that each is in by what the process has told. */
function toldStates(pid: number): Map<string, string> {
  const lines = readFileSync(recording, 'utf8').split('\n').slice(0, -1).map(readLine);
  const states = new Map<string, string>();
  for (const record of lines.filter(isActorRecord))
    if (record.pid === pid && record.kind !== 'end')
      states.set([record.actor, record.instance].join(' ').trimEnd(), record.to);
  return states;
}

async function shownStates(): Promise<Map<string, string>> {
  const thumbs = await inspected.page.locator('.thumb[data-state]').all();
  const entries = thumbs.map(async (thumb): Promise<[string, string]> => [
    (await thumb.getAttribute('data-role')) ?? '',
    (await thumb.getAttribute('data-state')) ?? '',
  ]);
  return new Map(await Promise.all(entries));
}

test('a container with a client: its monitor, and each actor beside it in its state', async () => {
  const { page } = inspected;
  const container = new Monitored(sandbox, { command: 'cat', words: ['-i'] });
  const pid = container.child.pid ?? 0;
  const client = await container.attach();
  client.stdin?.write('words\n');
  await until(
    'what the client sent, in the log',
    () => container.log().join() === 'stdout F words',
  );

  const row = `.row[data-pid="${pid}"][data-role=container]`;
  await page.click(`${row}[data-state=supervising]`);
  await until('the states that were told', async () => {
    const [told, shown] = [toldStates(pid), await shownStates()];
    return told.size > 8 && [...told].every(([actor, state]) => shown.get(actor) === state);
  });
  const shown = await shownStates();
  const charts = [...shown.keys()].map((actor) => actor.replace(/ \d+$/, '')).sort();
  assert.deepEqual(charts, [
    ...['attach', 'container', 'control', 'control', 'feeder', 'log', 'oom', 'stream', 'stream'],
    'viewer',
  ]);
  for (const [actor, state] of shown) {
    await page.click(`.thumb[data-role="${actor}"]`);
    await page.waitForSelector(
      `.chart.actor-${actor.split(' ')[0]} .node.lit[data-path="${state}"]`,
    );
  }
  await inspected.picture('container');
  client.stdin?.end();
  assert.equal((await container.outcome).code, 0);
  await page.waitForSelector(row, { state: 'detached' });
  assert.deepEqual(inspected.watched.complaints, []);
});
