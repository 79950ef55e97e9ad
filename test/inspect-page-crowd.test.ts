// The page of `prefork inspect` while calls come as fast as the machine goes. 1,000 of them, or as many as
// PREFORK_TEST_CALLS says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { startBrowser } from './support/browser';
import { InspectedPage } from './support/inspected-page';
import { Inspector } from './support/inspector';
import { manyCalls } from './support/many-calls';
import { Sandbox } from './support/sandbox';
import { until } from './support/until';

const calls = Number(process.env['PREFORK_TEST_CALLS'] ?? 1000);
const callers = 4;

const sandbox = new Sandbox(false);
const script = sandbox.script(
  'hello.js',
  `require('prefork-interp').initialisationComplete(); console.log('hello');`,
);
const words = ['-U', process.execPath, script];
let browser: Browser;
let inspected: InspectedPage;

before(async () => {
  const [started, inspector] = await Promise.all([startBrowser(), Inspector.start(sandbox)]);
  browser = started;
  inspected = await InspectedPage.open(browser, inspector.url);
});
after(async () => {
  await browser.close();
  await sandbox.end();
});

/** Milliseconds: the longest time between two frames, and the longest that the page was busy at a stretch. */
interface Slowest {
  readonly frame: number;
  readonly task: number;
}

const watchFrames = `
  globalThis.slowest = { frame: 0, task: 0 };
  let last = performance.now();
  const next = (now) => {
    slowest.frame = Math.max(slowest.frame, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) slowest.task = Math.max(slowest.task, duration);
  }).observe({ type: 'longtask' });`;

test(`${calls} calls: each is counted or said to be lost, and the page answers`, async (t) => {
  const { page } = inspected;
  await sandbox.call(words);
  await page.evaluate(watchFrames);
  const begun = performance.now();
  assert.equal(await manyCalls(sandbox, words, calls, callers), 0);
  const seconds = (performance.now() - begun) / 1000;
  const during = await page.evaluate<Slowest>('slowest');

  await until('none running', async () => (await inspected.text('#running')) === '0');
  const made = calls + 1;
  await until('all calls', async () => {
    const missing = made - (await inspected.number('#calls'));
    return missing === 0 || (missing > 0 && (await inspected.number('#drops')) > 0);
  });
  const classes = await page.locator('.class-row').all();
  const counts = await Promise.all(classes.map((row) => row.getAttribute('data-count')));
  const shown = await inspected.number('#calls');
  assert.equal(
    counts.reduce((sum, count) => sum + Number(count), 0),
    shown,
  );
  await page.evaluate('slowest = { frame: 0, task: 0 }');
  // A call whose records were lost in part is one of another kind.
  const most = Math.max(...counts.map(Number));
  await inspected.lookInto(page.locator(`.class-row[data-count="${most}"]`, { hasText: 'warm' }));
  const afterwards = await page.evaluate<Slowest>('slowest');
  t.diagnostic(
    JSON.stringify({
      ...{ made, shown, records: await inspected.number('#records') },
      ...{ lost: await inspected.number('#drops'), seconds: seconds.toFixed(1) },
      ...{ during, afterwards },
    }),
  );
  assert.ok(during.frame < 2000 && afterwards.frame < 1000, 'the page did not answer');
  await inspected.picture('many-calls');
  assert.deepEqual(inspected.watched.complaints, []);
});
