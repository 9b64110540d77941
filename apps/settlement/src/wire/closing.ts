import type { Socket } from 'node:net';

const LINGER_MS = 2_000;
const lingering = new WeakSet<Socket>();

/**
 * Lets a client that is still sending read our last answer: a socket that is closed while bytes wait in it is reset, and the answer is lost
 * on the way. So we end our side, take what comes for a moment and throw it away, and only then let go.
 */
export const lingerAfterAnswer = (socket: Socket): void => {
  if (lingering.has(socket)) return;
  lingering.add(socket);
  socket.destroySoon = () => endAndLinger(socket);
};

/** Ends our side now, with a last text if there is one. */
export const endAndLinger = (socket: Socket, text?: string): void => {
  if (text === undefined) socket.end();
  else socket.end(text);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('end', () => socket.destroy());
  socket.once('close', () => clearTimeout(timer));
};
