// The way to the server: the latest picture of the world, and what is wanted of the next one.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { FromPage, FromServer, Hello, Update, Wish } from '../world/messages';

export interface ServerLink {
  readonly hello: Hello | undefined;
  readonly update: Update | undefined;
  /** When it came, by this page's clock, in milliseconds. */
  readonly updatedAt: number;
  readonly isConnected: boolean;
}

export function useServer(wish: Omit<Wish, 'kind'>): ServerLink {
  const [link, setLink] = useState<ServerLink>({
    hello: undefined,
    update: undefined,
    updatedAt: 0,
    isConnected: false,
  });
  const socket = useRef<WebSocket | undefined>(undefined);
  const send = (message: FromPage): void => {
    if (socket.current?.readyState === WebSocket.OPEN) socket.current.send(JSON.stringify(message));
  };

  useEffect(() => {
    const address = new URL('live', location.href);
    address.protocol = 'ws:';
    const opened = new WebSocket(address);
    socket.current = opened;
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as FromServer;
      if (message.kind === 'hello')
        setLink((old) => ({ ...old, hello: message, isConnected: true }));
      else setLink((old) => ({ ...old, update: message, updatedAt: performance.now() }));
    };
    opened.onclose = () => setLink((old) => ({ ...old, isConnected: false }));
    return () => opened.close();
  }, []);

  const wanted = JSON.stringify(wish);
  useEffect(
    () => send({ kind: 'wish', ...(JSON.parse(wanted) as Omit<Wish, 'kind'>) }),
    [wanted, link.isConnected],
  );
  // Not before it is on the screen: a page that nobody sees asks for nothing.
  useEffect(() => {
    if (link.update === undefined) return;
    const frame = requestAnimationFrame(() => send({ kind: 'drawn' }));
    return () => cancelAnimationFrame(frame);
  }, [link.update]);
  return link;
}
