// Serves the page on 127.0.0.1, and nothing to anybody who does not know the token.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { CommandError } from '../io';
import { pageFolder } from '../page-folder';

const here = '127.0.0.1';

/** What the page is made of, by the last part of its address. */
const files: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '': ['index.html', 'text/html; charset=utf-8'],
  'page.js': ['page.js', 'text/javascript; charset=utf-8'],
  'page.css': ['page.css', 'text/css; charset=utf-8'],
  'charts.json': ['charts.json', 'application/json'],
};

/** The page may ask this server, and nobody else, for anything. */
const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens at the port, 0 for any that is free; `greet` gets each page that connects.
 *
 * @throws {CommandError} if the port is not to be had.
 */
export async function servePage(
  port: number,
  greet: (page: WebSocket) => void,
): Promise<PageServer> {
  const token = randomBytes(16).toString('base64url');
  const contents = new Map(
    Object.entries(files).map(([name, [file, type]]) => {
      const content = readFileSync(join(pageFolder, file));
      return [name, { content, type }] as const;
    }),
  );
  const server = createServer((request, response) => {
    const name = nameIn(request, token);
    const file = contents.get(name ?? 'none');
    if (request.method !== 'GET' || name === undefined) {
      response.writeHead(403, headers).end('This page is not for you.\n');
    } else if (file === undefined) {
      response.writeHead(404, headers).end('There is no such page.\n');
    } else {
      response.writeHead(200, { ...headers, 'Content-Type': file.type }).end(file.content);
    }
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  sockets.on('connection', greet);
  server.on('upgrade', (request, socket, head) => {
    if (nameIn(request, token) === 'live') {
      sockets.handleUpgrade(request, socket, head, (page) => sockets.emit('connection', page));
    } else {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
  });
  server.listen(port, here);
  await once(server, 'listening').catch((error: unknown) => {
    throw new CommandError(`cannot serve the page: ${(error as Error).message}`);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${here}:${address.port}/${token}/`,
    async close() {
      for (const page of sockets.clients) page.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What stands behind the token in the address; undefined where it is not the token. */
function nameIn(request: IncomingMessage, token: string): string | undefined {
  const [, given = '', name] = /^\/([\w-]+)\/([\w.-]*)$/.exec(request.url ?? '') ?? [];
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other) ? name : undefined;
}
