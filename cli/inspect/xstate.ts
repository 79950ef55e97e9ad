// Every traced actor as a service of XState, for the clients of @xstate/inspect. They may look, and no more.

import { inspect } from '@xstate/inspect/lib/server';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ActorRecord } from '../../runtime/trace/record';
import { CommandError } from '../io';
import { MirroredService } from './xstate-service';

export interface Mirror {
  readonly port: number;
  take(record: ActorRecord): void;
  /** Stops the services of processes that are no more. */
  keep(isLiving: (pid: number) => boolean): void;
  close(): Promise<void>;
}

/**
 * Listens at the port, 0 for any that is free.
 *
 * @throws {CommandError} if the port is not to be had.
 */
export async function mirrorToXState(port: number): Promise<Mirror> {
  const sockets = new WebSocketServer({
    host: '127.0.0.1',
    port,
    verifyClient: ({ origin }: { readonly origin?: string }) => isWelcome(origin),
  });
  await once(sockets, 'listening').catch((error: unknown) => {
    throw new CommandError(`cannot serve @xstate/inspect: ${(error as Error).message}`);
  });
  inspect({ server: new Lookers(sockets) as unknown as WebSocketServer });
  const services = new Map<string, MirroredService>();
  return {
    port: (sockets.address() as AddressInfo).port,
    take(record) {
      const key = `${record.pid} ${record.actor}`;
      const service = services.get(key) ?? new MirroredService(record);
      services.set(key, service);
      service.take(record);
      if (service.hasEnded) services.delete(key);
    },
    keep(isLiving) {
      for (const [key, service] of services) {
        if (isLiving(service.pid)) continue;
        service.stop();
        services.delete(key);
      }
    },
    async close() {
      for (const service of services.values()) service.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await once(sockets, 'close');
    },
  };
}

/** Programs on this machine, pages that are served on it, and the page of XState's makers. */
const isWelcome = (origin: string | undefined): boolean =>
  origin === undefined ||
  /^(https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?|https:\/\/stately\.ai)$/.test(origin);

/** The server of sockets as @xstate/inspect sees it: all that clients can say is that they want to look. */
class Lookers extends EventEmitter {
  readonly clients: ReadonlySet<WebSocket>;

  constructor(sockets: WebSocketServer) {
    super();
    this.clients = sockets.clients;
    sockets.on('connection', (socket) => {
      const looker = new EventEmitter();
      socket.on('error', () => socket.terminate());
      socket.on('message', (data: Buffer) => {
        if (wantsToLook(data.toString())) looker.emit('message', JSON.stringify({ type: looking }));
      });
      this.emit('connection', looker);
    });
  }
}

const looking = 'xstate.inspecting';

function wantsToLook(text: string): boolean {
  try {
    return (JSON.parse(text) as { readonly type?: unknown } | null)?.type === looking;
  } catch {
    return false;
  }
}
