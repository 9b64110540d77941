import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** Why nothing was started, for a person at a terminal. */
export type Fault = Readonly<{ zh: string; en: string }>;
/** Ends a command with its words and exit code 1. */
export class Failure extends Error {
  constructor(readonly fault: Fault) {
    super(fault.en);
  }
}

const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown fault');

/** Makes the data folder if need be, and writes and removes a file in it: permissions alone do not tell of a read-only disk. Throws: Failure. */
export const demandWritable = (dataFolder: string): void => {
  const probe = path.join(dataFolder, `.probe-${process.pid}`);
  try {
    // Where the folder above is there, not `recursive`: that never ends on a file system that takes no folders (/proc).
    if (!existsSync(dataFolder)) mkdirSync(dataFolder, { recursive: !existsSync(path.dirname(dataFolder)), mode: 0o700 });
    accessSync(dataFolder, constants.W_OK);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (thrown) {
    const why = codeOf(thrown);
    throw new Failure({
      zh: `数据目录不可写：${dataFolder}（${why}）。请检查权限，或用 YIKA_DATA 另指目录。`,
      en: `The data folder cannot be written: ${dataFolder} (${why}). Check its permissions, or name another one in YIKA_DATA.`,
    });
  }
};

/** The port itself, or a free one where any will do (0). Throws: Failure when something else listens there, or may not be listened on. */
export const demandFreePort = (host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (thrown) => {
      const why = codeOf(thrown);
      const fault =
        why === 'EADDRINUSE'
          ? {
              zh: `端口 ${host}:${port} 已被占用。请先停止占用者，或用 PORT 另指端口。`,
              en: `Port ${host}:${port} is already in use. Stop what listens there, or name another one in PORT.`,
            }
          : {
              zh: `不能监听 ${host}:${port}（${why}）。请检查 HOST 与 PORT。`,
              en: `Cannot listen on ${host}:${port} (${why}). Check HOST and PORT.`,
            };
      reject(new Failure(fault));
    });
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const free = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(free));
    });
  });

/** Nothing of an engine is in it; what only this command left behind does not count. */
export const isEmpty = (dataFolder: string): boolean =>
  readdirSync(dataFolder).every((name) => name === 'engine.log' || name === '.gitkeep');

/** Reads HOST, PORT and YIKA_DATA as the engine does, which judges them (`demandSettings`). */
export const placeFrom = (
  env: Readonly<Record<string, string | undefined>>,
): Readonly<{ host: string; port: number; dataFolder: string }> => ({
  host: env.HOST?.trim() || '127.0.0.1',
  port: Number(env.PORT?.trim() || '7300'),
  dataFolder: path.resolve(env.YIKA_DATA?.trim() || './data'),
});

/** Where a browser on this machine finds what listens on `host`. */
export const originOf = (host: string, port: number): string => {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
};
