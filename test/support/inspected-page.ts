// The page of the inspector in a browser: what it says, and pictures of it.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { openPage, type WatchedPage } from './browser';
import { projectRoot } from './sandbox';

const pictures = join(projectRoot, 'build/test/screenshots');

export class InspectedPage {
  readonly page: Page;

  private constructor(readonly watched: WatchedPage) {
    this.page = watched.page;
  }

  static async open(browser: Browser, url: string): Promise<InspectedPage> {
    return new InspectedPage(await openPage(browser, url));
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  async text(selector: string): Promise<string> {
    return (await this.page.textContent(selector))?.trim() ?? '';
  }

  /** A number, which may be grouped by spaces. */
  async number(selector: string): Promise<number> {
    return Number((await this.text(selector)).replaceAll(/\s/g, ''));
  }

  /** The row of a class of finished calls. */
  classRow(text: string): Locator {
    return this.page.locator('.class-row', { hasText: text });
  }

  /** Shows a call of a class. */
  async lookAt(text: string): Promise<void> {
    await this.lookInto(this.classRow(text));
  }

  /** Shows a call of the class in that row. */
  async lookInto(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    const call = this.page.locator('.class', { has: row }).locator('.call-row').last();
    await call.click();
    const pid = await call.getAttribute('data-pid');
    await this.page.waitForSelector(`.call-row.selected[data-pid="${pid}"]`);
  }
}
