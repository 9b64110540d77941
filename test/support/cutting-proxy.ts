import { connect, createServer, type Socket } from 'node:net';

export type CuttingProxy = Readonly<{ port: number; cut: () => void; close: () => Promise<void> }>;

/** Passes bytes on to a server, and cuts every connection when asked, wherever the bytes are just then. */
export const cuttingProxy = async (to: Readonly<{ host: string; port: number }>): Promise<CuttingProxy> => {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(to);
    keep(near, far);
    keep(far, near);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  const cut = (): void => {
    for (const socket of [...sockets]) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};
