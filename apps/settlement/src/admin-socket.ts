import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PATH_BYTES_MAX = 100; // The system takes 107.
const OWNER_ONLY = 0o600;

/**
 * Listens on `<data>/admin.sock`, which only the owner of the engine's process may open, and writes down where in `admin.json`: the folder's
 * path may be too long for a socket, which then lies in a folder of its own under the system's temporary one.
 * Returns what takes it away again. The caller holds the data folder, so a socket that is there is left over from a crash.
 */
export const listenLocally = async (server: Server, dataFolder: string): Promise<() => Promise<void>> => {
  const socketPath = socketPathFor(dataFolder);
  const note = join(dataFolder, 'admin.json');
  rmSync(socketPath, { force: true });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    const umask = process.umask(0o177); // From its first moment on the socket is nobody else's.
    try {
      server.listen(socketPath, listening);
    } finally {
      process.umask(umask);
    }
  });
  chmodSync(socketPath, OWNER_ONLY);
  writeFileSync(note, `${JSON.stringify({ socketPath, pid: process.pid })}\n`, { mode: OWNER_ONLY });
  return async () => {
    rmSync(note, { force: true });
    await new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeIdleConnections();
    });
    if (dirname(socketPath) !== resolve(dataFolder)) rmSync(dirname(socketPath), { recursive: true, force: true });
  };
};

const socketPathFor = (dataFolder: string): string => {
  const beside = resolve(dataFolder, 'admin.sock');
  return Buffer.byteLength(beside) <= PATH_BYTES_MAX ? beside : join(mkdtempSync(join(tmpdir(), 'yika-')), 'admin.sock');
};
