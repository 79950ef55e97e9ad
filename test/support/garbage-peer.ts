// Something at a server's socket that is no server of ours.

import { mkdirSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { once } from 'node:events';

export class GarbagePeer {
  /** How many callers have come. */
  callers = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(answer: (caller: Socket) => void) {
    this.server = createServer((caller) => {
      this.callers += 1;
      this.sockets.add(caller);
      caller.on('error', () => undefined); // a caller may leave in the middle of it
      caller.on('close', () => this.sockets.delete(caller));
      caller.resume();
      answer(caller);
    });
  }

  /** Listens at the path and answers each caller in this way. */
  static async at(path: string, answer: (caller: Socket) => void): Promise<GarbagePeer> {
    const directory = path.slice(0, path.lastIndexOf('/'));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const peer = new GarbagePeer(answer);
    peer.server.listen(path);
    await once(peer.server, 'listening');
    return peer;
  }

  async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
