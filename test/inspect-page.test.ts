// The page of `prefork inspect`, seen through a browser while real calls run, and of `prefork replay`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { charts } from '../machines/index';
import { readLine } from '../runtime/trace/read';
import { isActorRecord, type ActorRecord } from '../runtime/trace/record';
import { startBrowser } from './support/browser';
import { InspectedPage } from './support/inspected-page';
import { Inspector } from './support/inspector';
import { Sandbox, kill } from './support/sandbox';
import { readyStandby } from './support/standby';
import { until } from './support/until';
import { WaitingCall, waitingScript } from './support/waiting-call';

const sandbox = new Sandbox(false);
const recording = join(sandbox.folder, 'calls.trace');
const script = sandbox.script('greet.js', waitingScript());
const words = ['-U', process.execPath, script];

let browser: Browser;
let inspector: Inspector;
let inspected: InspectedPage;
let page: Page;

before(async () => {
  [browser, inspector] = await Promise.all([
    startBrowser(),
    Inspector.start(sandbox, ['--record', recording]),
  ]);
  inspected = await InspectedPage.open(browser, inspector.url);
  ({ page } = inspected);
});
after(async () => {
  await browser.close();
  await sandbox.end();
});

const recorded = (): ActorRecord[] =>
  readFileSync(recording, 'utf8').split('\n').slice(0, -1).map(readLine).filter(isActorRecord);

/** By role the states that are lit, step by step through the whole call; the large chart lights the same. */
async function litStates(): Promise<Map<string, string[]>> {
  const lit = new Map<string, string[]>();
  await page.keyboard.press('Home');
  await until('the first step', async () => (await inspected.text('#position')).startsWith('1 /'));
  for (;;) {
    const position = await inspected.text('#position');
    for (const thumb of await page.locator('.thumb[data-state]').all()) {
      const [role = '', state = ''] = await Promise.all(
        ['data-role', 'data-state'].map(async (name) => (await thumb.getAttribute(name)) ?? ''),
      );
      const states = lit.get(role) ?? [];
      if (states.at(-1) !== state) lit.set(role, [...states, state]);
    }
    const [large] = await page.locator('.chart .node.lit').all();
    const shown = page.locator('.thumb[aria-selected=true]');
    assert.equal(await large?.getAttribute('data-path'), await shown.getAttribute('data-state'));
    const [at, count] = position.split(' / ');
    if (at === count) return lit;
    await page.keyboard.press('ArrowRight');
    await until('a step', async () => (await inspected.text('#position')) !== position);
  }
}

/** The states that an actor has come to, by its records. */
const statesOf = (pid: number, actor: string): string[] =>
  recorded()
    .filter((record) => record.pid === pid && record.actor === actor)
    .flatMap((record) => (record.kind === 'end' || record.path.length === 0 ? [] : record.to));

describe('the page of prefork inspect', () => {
  test('shows the machines at rest before anything runs', async () => {
    assert.equal(await page.locator('.thumb').count(), charts.length);
    assert.equal(await page.locator('.chart .node.lit').count(), 0);
    await inspected.picture('rest');
  });

  test('a first call: its tree, its lit states, its descriptors; then every state in order', async () => {
    const call = WaitingCall.start(sandbox, words);
    const { server, monitor, executor } = await call.running();
    const level = async (pid: number): Promise<number> =>
      Number(await page.getAttribute(`.row[data-pid="${pid}"]`, 'aria-level'));
    await page.waitForSelector(`.row[data-pid="${executor}"][data-state=executingService]`);
    assert.deepEqual(
      [await level(server), await level(monitor), await level(executor), await level(call.client)],
      [1, 2, 3, 1],
    );
    const standing = { client: 'awaitingStatus', monitor: 'supervising.waitingForRead' };
    const others = { executor: 'executingService', server: 'serving.waiting', watcher: 'watching' };
    for (const [role, state] of Object.entries({ ...standing, ...others })) {
      await page.waitForSelector(`.thumb[data-role=${role}][data-state="${state}"]`);
      await page.click(`.thumb[data-role=${role}]`);
      await page.waitForSelector(`.chart.actor-${role} .node.lit[data-path="${state}"]`);
    }
    await page.click('.thumb[data-role=monitor]');
    await page.waitForSelector(`.files .known:has-text("call"):has-text("client ${call.client}")`);
    await page.waitForSelector(
      `.files .known:has-text("execterm"):has-text("executor ${executor}")`,
    );
    await inspected.picture('first-call');
    await call.finish('now');

    await inspected.lookAt('first call');
    await page.click('.thumb[data-role=client]');
    const lit = await litStates();
    for (const [role, pid] of Object.entries({ client: call.client, monitor, executor }))
      assert.deepEqual(lit.get(role), statesOf(pid, role), role);
    await inspected.picture('first-call-steps');
  });

  test('warm calls of one kind are one line, which opens; the time line has all phases', async () => {
    // Forked ahead they are of one kind, of which others are not.
    for (let count = 0; count < 3; ++count) {
      await readyStandby(sandbox);
      await sandbox.call(words, { input: '' });
    }
    await page.waitForSelector('.class-row[data-count="3"]:has-text("warm")');
    await inspected.lookAt('warm');
    assert.equal(await inspected.text('#outcome'), 'exit 0');
    const segments = await page.locator('.lane.phases .segment').all();
    const phases = await Promise.all(segments.map((one) => one.getAttribute('data-phase')));
    // The others may take no time that a clock could tell, or pass while a process waits for a processor.
    for (const phase of ['prepare', 'launch', 'run', 'exit'])
      assert.ok(phases.includes(phase), `${phase} in ${phases.join()}`);
    for (const role of ['client', 'server', 'monitor', 'executor'])
      await page.waitForSelector(`.lane[data-role=${role}] .segment`);
    await page.hover('.steps li:has-text("STATUS_RECEIVED")');
    const tip = await inspected.text('.tip');
    assert.match(tip, /childExited\s*yes/);
    assert.match(tip, /status\s*0/);
    await inspected.picture('warm-call');
    await page.mouse.move(700, 5);
  });

  test('a failing call and one whose client is killed', async () => {
    await sandbox.call(words, { input: '', env: { STATUS: '7' } });
    await inspected.lookAt('exit 7');
    assert.equal(await inspected.text('#outcome'), 'exit 7');

    const call = WaitingCall.start(sandbox, words);
    const { monitor } = await call.running();
    kill(call.client, 'SIGKILL');
    await inspected.lookAt('client killed');
    assert.match(await inspected.text('.class-row:has-text("client killed")'), /interrupting/);
    const path = ['interrupting', 'reaping', 'sendingStatus', 'clearing', 'finished'];
    assert.deepEqual(statesOf(monitor, 'monitor').slice(-path.length), path);
    await page.click('.thumb[data-role=monitor]');
    for (const state of path.toReversed()) {
      await page.waitForSelector(`.chart .node.lit[data-path="${state}"]`);
      await page.keyboard.press('ArrowLeft');
    }
    await inspected.picture('killed-call');
  });

  test('filters, follows, and is used by keys', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('actor:watcher');
    await until('one process', async () => (await page.locator('.row').count()) === 1);
    await page.fill('.filter', 'outcome:killed');
    await until('one class', async () => (await page.locator('.class-row').count()) === 1);
    await page.fill('.filter', 'call:nothing');
    await page.waitForSelector('.calls .empty');
    await page.fill('.filter', '');
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.waitForSelector('.calls .chip[aria-pressed=true]');
    await page.keyboard.press('1');
    await page.waitForSelector('.thumb[data-role=client][aria-selected=true]');
    await page.keyboard.press(']');
    await page.waitForSelector('.thumb[data-role=client][aria-selected=false]');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
  });

  test('light and dark, as the system has it and as the reader wants it', async () => {
    const ground = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await ground();
    assert.notEqual(dark, light);
    await inspected.picture('dark');
    await page.keyboard.press('t');
    await until('light', async () => (await ground()) === light);
    await page.keyboard.press('t');
    await until('dark', async () => (await ground()) === dark);
    await page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await ground(), dark);
    await page.keyboard.press('t');
    await until('light again', async () => (await ground()) === light);
  });

  test('in a narrow window nothing is cut off at the side', async () => {
    const wide = page.viewportSize();
    assert.ok(wide !== null);
    for (const width of [1000, 640, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await until(
        'the width',
        async () => (await page.evaluate('document.documentElement.scrollWidth')) === width,
      );
      await inspected.picture(`narrow-${width}`);
    }
    await page.setViewportSize(wide);
  });

  test('nobody but this machine was asked for anything, and nothing was complained of', () => {
    assert.deepEqual([...inspected.watched.hosts], ['127.0.0.1']);
    assert.deepEqual(inspected.watched.complaints, []);
  });
});

describe('the page of prefork replay', () => {
  test('shows the recording as of any time', async () => {
    await inspector.stop();
    const all = recorded();
    const replay = await Inspector.replay(sandbox, recording);
    const other = await InspectedPage.open(browser, replay.url);
    const { complaints, hosts } = other.watched;
    await until('the end', async () => (await other.number('#records')) === all.length);
    const finished = await other.number('#calls');
    assert.equal(finished, 6);

    const slider = other.page.locator('.slider input');
    const [first, last] = [await slider.getAttribute('min'), await slider.getAttribute('max')];
    await slider.fill(first ?? '');
    await until('the beginning', async () => (await other.text('#calls')) === '1');
    await other.page.waitForSelector('.thumb[data-role=client]');
    // The moment at which the first script was running.
    const running = all.find(({ actor, kind }) => actor === 'executor' && kind === 'end');
    assert.ok(running !== undefined);
    const begin = Number(first);
    const notch = Number(await slider.getAttribute('step'));
    await slider.fill(String(begin + Math.ceil((running.t + 1 - begin) / notch) * notch));
    await other.page.waitForSelector(
      `.row[data-pid="${running.pid}"][data-state=executingService]`,
    );
    await other.picture('replay');
    await slider.fill(last ?? '');
    await until('the end', async () => (await other.number('#calls')) === finished);
    await other.lookAt('client killed');
    assert.deepEqual(complaints, []);
    assert.deepEqual([...hosts], ['127.0.0.1']);
    assert.equal((await replay.stop()).code, 0);
  });
});
