import type { Socket } from 'node:net';

const LINGER_MS = 2_000;
const lingering = new WeakSet<Socket>();

/** It has had its last answer; what still comes is nobody's any more. */
export const isLingering = (socket: Socket): boolean => lingering.has(socket);

/**
 * Ends our side, with a last text if there is one, takes what still comes for a moment and throws it away, and only then lets go: a socket
 * that is closed while bytes wait in it is reset, and the answer is lost on the way.
 */
export const endAndLinger = (socket: Socket, text?: string): void => {
  lingering.add(socket);
  if (text === undefined) socket.end();
  else socket.end(text);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
};
