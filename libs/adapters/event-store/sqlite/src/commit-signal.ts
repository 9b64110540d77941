import { realpathSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { BroadcastChannel } from 'node:worker_threads';

const POLL_MS = 12;

/** By which the writer's thread tells every thread of its process that there is more. */
export const channelOf = (folder: string): string => `yika-log:${realpathSync(folder)}`;

/** Tells followers of the log that it may have grown. A call too many costs an empty read; none is ever missed. */
export type CommitSignal = Readonly<{
  /** To be taken before a read; `after` returns at once when something was told since. */
  mark: () => number;
  after: (mark: number, signal: AbortSignal) => Promise<void>;
  close: () => void;
}>;

/**
 * Listens to the writer's thread of this process, and looks every few milliseconds, while somebody waits, whether another process has written.
 * Keeps no process alive.
 */
export const commitSignal = (folder: string, db: DatabaseSync): CommitSignal => {
  const dataVersion = db.prepare('PRAGMA data_version');
  const versionNow = (): unknown => dataVersion.get()?.data_version;
  const waiting = new Set<() => void>();
  let told = 0;
  let version = versionNow();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const tell = (): void => {
    told++;
    for (const wake of [...waiting]) wake();
  };
  const poll = (): void => {
    timer = undefined;
    if (closed || waiting.size === 0) return;
    const now = versionNow();
    const grown = now !== version;
    version = now;
    if (grown) tell();
    arm();
  };
  const arm = (): void => {
    if (timer === undefined && waiting.size > 0) timer = setTimeout(poll, POLL_MS).unref();
  };

  const channel = new BroadcastChannel(channelOf(folder));
  channel.onmessage = tell;
  channel.unref();

  return {
    mark: () => told,
    after: (mark, signal) =>
      new Promise((resolve) => {
        if (closed || signal.aborted || told !== mark) {
          resolve();
          return;
        }
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        arm();
      }),
    close: () => {
      closed = true;
      clearTimeout(timer);
      channel.close();
      tell();
    },
  };
};
