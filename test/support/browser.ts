// Debian's Chromium, watched: what it complains of, and whom it asks for anything.

import { chromium, type Browser, type Page } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** With a new folder for its profile, which is removed with it. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });

export interface WatchedPage {
  readonly page: Page;
  /** What the browser's console has shown as an error, and errors that nobody has caught. */
  readonly complaints: readonly string[];
  /** The hosts that have been asked for anything. */
  readonly hosts: ReadonlySet<string>;
}

export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:') hosts.add(hostname);
  });
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).hostname));
  await page.goto(url);
  await page.waitForSelector('.page');
  return { page, complaints, hosts };
}
