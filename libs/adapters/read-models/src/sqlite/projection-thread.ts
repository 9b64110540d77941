import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { EventReader } from '#libs/application';
import { Projector } from '../projector';
import type { FromThread, ReaderSource, ThreadOptions, ToThread } from './messages';
import { SqliteKeeper } from './sqlite-keeper';
import { openViewsFile } from './views-file';

type ClosableReader = EventReader & { close?: () => void | Promise<void> };

/** Entry of the thread: opens log and views, then answers messages until it is told to close. */
const main = async (port: MessagePort, { file, reader: source, batchEventsMax }: ThreadOptions): Promise<void> => {
  const say = (message: FromThread) => port.postMessage(message);
  const db = openViewsFile(file);
  const reader = await openReader(source);
  const projector = new Projector({
    keeper: new SqliteKeeper(db),
    reader,
    batchEventsMax,
    tell: (told) => say({ kind: 'notice', notice: told }),
    onFinal: (reason) => say({ kind: 'damaged', reason }),
  });
  const answer = async (message: ToThread) => {
    if (message.kind === 'rebuild') {
      await projector.rebuild(message.name, (done, total) => say({ kind: 'progress', id: message.id, done, total }));
    }
    if (message.kind === 'close') await projector.close();
    return message.kind === 'status' ? projector.status() : [];
  };
  port.on('message', (message: ToThread) => {
    void answer(message)
      .then((statuses) => say({ kind: 'answer', id: message.id, statuses }))
      .catch((error: unknown) => say({ kind: 'fault', id: message.id, reason: error instanceof Error ? error.message : String(error) }))
      .finally(async () => {
        if (message.kind !== 'close') return;
        await reader.close?.();
        db.close();
        port.close();
      });
  });
  await projector.start();
  say({ kind: 'ready' });
};

const openReader = async ({ module, opens, options }: ReaderSource): Promise<ClosableReader> => {
  const exported = ((await import(module)) as Record<string, unknown>)[opens];
  if (typeof exported !== 'function') throw new TypeError(`${module} exports no function ${opens}`);
  return (await (exported as (options: unknown) => unknown)(options)) as ClosableReader;
};

if (parentPort !== null) void main(parentPort, workerData as ThreadOptions);
