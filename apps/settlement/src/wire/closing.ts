import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchanges } from './exchanges';

const LINGER_MS = 2_000;

/**
 * Ends our side, with a last text if there is one, takes what still comes for a moment and throws it away, and only then lets go: a socket
 * that is closed while bytes wait in it is reset, and the answer is lost on the way.
 */
export const endAndLinger = (socket: Socket, text?: string): void => {
  if (text === undefined) socket.end();
  else socket.end(text);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
};

/** Closes no connection in the face of a client that is still sending. */
export const closeGently = (server: Server, exchanges: Exchanges): void => {
  server.on('connection', (socket: Socket) => {
    const closeAtOnce = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      const sending = exchanges.on(socket).filter(({ request }) => !request.complete);
      for (const { request } of sending) request.resume();
      if (sending.length > 0) endAndLinger(socket);
      else closeAtOnce();
    };
  });
};
