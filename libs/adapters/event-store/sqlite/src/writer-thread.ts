import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import type { AppendResult } from '#libs/application';
import type { Batch } from './batch-codec';
import { type Checkpoints, openCheckpoints } from './checkpoints';
import { channelOf } from './commit-signal';
import { contentTables } from './content-tables';
import { CONTENT, EVENTS, openForWriting } from './database-file';
import { eventTables } from './event-tables';
import type { Faults } from './faults';
import { type GroupCommit, groupCommit } from './group-commit';

/** What the writer's thread is started with, told, and tells. Answers of a batch: only those that are not plain `appended`, by item. */
export type WriterStart = Readonly<{ folder: string; kind: 'events' | 'content'; faults: Faults }>;
export type ToWriter = Readonly<{ kind: 'batch'; no: number; items: number; batch: Batch }> | Readonly<{ kind: 'close' }>;
export type FromWriter =
  | Readonly<{ kind: 'opened' }>
  | Readonly<{ kind: 'failed'; name: string; message: string }>
  | Readonly<{ kind: 'answers'; no: number; exceptions: readonly (readonly [item: number, answer: AppendResult])[] }>;

const serve = (port: NonNullable<typeof parentPort>, { folder, kind, faults }: WriterStart): void => {
  const tell = (message: FromWriter): void => port.postMessage(message);
  const layout = kind === 'events' ? EVENTS : CONTENT;
  let commits: GroupCommit;
  let checkpoints: Checkpoints | undefined;
  try {
    const tablesOf = kind === 'events' ? eventTables : contentTables;
    commits = groupCommit({
      open: () => openForWriting(folder, layout),
      tablesOf,
      faults,
      alone: (work) => (checkpoints ? checkpoints.alone(work) : work()),
    });
  } catch (error) {
    const { name, message } = error as Error;
    tell({ kind: 'failed', name, message });
    return;
  }
  if (kind === 'events') checkpoints = openCheckpoints(folder);
  const followers = new BroadcastChannel(channelOf(folder));

  port.on('message', (message: ToWriter) => {
    if (message.kind === 'close') {
      checkpoints?.close();
      commits.close();
      followers.close();
      port.close();
      return;
    }
    const { answers, wrote } = commits.commit(message.batch, message.items);
    const exceptions = [...answers.entries()].filter(([, { kind: answer }]) => answer !== 'appended');
    tell({ kind: 'answers', no: message.no, exceptions });
    if (!wrote || kind !== 'events') return;
    followers.postMessage(null);
    checkpoints?.wrote(message.items);
  });
  tell({ kind: 'opened' });
};

if (parentPort) serve(parentPort, workerData as WriterStart);
