// One open page: it gets the next picture when it has drawn the last one, so that it never lags behind.

import type { WebSocket } from 'ws';
import type { Descriptors } from '../world/descriptors';
import type { FromPage, FromServer, Hello, Wish } from '../world/messages';
import { viewOf } from '../world/view';
import type { World } from '../world/world';

/** What a page looks at: what goes on, or a recording. */
export interface Scene {
  readonly hello: Hello;
  /** As of a time, where there is a choice. */
  worldAt(time: number | undefined): World;
  descriptors?(): Descriptors;
}

export class Viewer {
  private wish: Wish = { kind: 'wish', open: [] };
  private isWaiting = true;
  private hasNewWish = false;
  private sent: string | undefined;

  constructor(
    private readonly page: WebSocket,
    private readonly scene: Scene,
  ) {
    page.on('error', () => page.terminate());
    page.on('message', (data: Buffer) => this.hear(data.toString()));
    this.send(scene.hello);
  }

  /** Something may have changed. */
  update(): void {
    if (!this.isWaiting || this.page.readyState !== this.page.OPEN) return;
    const view = viewOf(this.scene.worldAt(this.wish.time), this.wish);
    const descriptors = this.scene.descriptors?.();
    // The time alone is no news: the page has a clock.
    const news = JSON.stringify([{ ...view, time: 0 }, descriptors, this.wish.time]);
    this.hasNewWish = false;
    if (news === this.sent) return;
    this.sent = news;
    this.isWaiting = false;
    this.send({ kind: 'update', view, ...(descriptors === undefined ? {} : { descriptors }) });
  }

  private hear(text: string): void {
    const message = read(text);
    if (message?.kind === 'drawn') this.isWaiting = true;
    if (message?.kind === 'wish') this.wish = message;
    this.hasNewWish ||= message?.kind === 'wish';
    // Who asks for something else is not kept waiting.
    if (this.hasNewWish) this.update();
  }

  private send(message: FromServer): void {
    this.page.send(JSON.stringify(message));
  }
}

/** Whoever knows the token is the page that was served; a message of another form is of no use. */
function read(text: string): FromPage | undefined {
  try {
    return JSON.parse(text) as FromPage;
  } catch {
    return undefined;
  }
}
