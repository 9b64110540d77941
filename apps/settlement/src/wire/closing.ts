import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchanges } from './exchanges';
import { endAndLinger } from './linger';

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
