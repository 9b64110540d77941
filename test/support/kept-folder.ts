import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openReadModels } from '#libs/adapters/read-models';
import type { SwipeOrder } from '#libs/application';
import { done, holderWithCard, swipeOf, type TestEngine, testEngine, till, withRegion } from './engine-fixture';

const CARD = 'A10000001';

/** Folders under one temporary one, which `remove` takes away. */
export const temporaryFolders = () => {
  const root = mkdtempSync(join(tmpdir(), 'yika-kept-'));
  let made = 0;
  return {
    /** A path that is not there yet. */
    next: (): string => join(root, `f${++made}`),
    /** A copy of a folder that no engine holds. */
    copyOf: (folder: string): string => {
      const copy = join(root, `f${++made}`);
      cpSync(folder, copy, { recursive: true });
      return copy;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** Swipes of a bill of its own, each, settled one after another under serials S<from> … */
export const settle = async (made: TestEngine, from: number, count: number): Promise<void> => {
  for (let n = from; n < from + count; n++) {
    const line = { lineNo: 1, code: `X${n}`, name: `药品${n}`, quantity: '1', price: '1.00', amount: '1.00', traceCodes: [] };
    const order: SwipeOrder = { ...swipeOf(made, `S${n}`, CARD, 100), lines: [line] };
    done(await made.engine.settlements.post(order, till));
  }
};

/** A region, one holder, and `swipes` swipes, in a data folder that its engine has left; with read models when asked. */
export const dataFolderWith = async (folder: string, swipes: number, withViews = false): Promise<void> => {
  const made = await withRegion(await testEngine({ folder }));
  await holderWithCard(made, CARD, 1_000_000);
  await settle(made, 1, swipes);
  await leave(made, withViews);
};

/** Goes on in a folder that was left. */
export const goOnIn = async (folder: string, from: number, count: number, withViews = false): Promise<void> => {
  const made = await testEngine({ folder, at: '2026-03-02T03:00:00.000Z' });
  await settle(made, from, count);
  await leave(made, withViews);
};

const leave = async (made: TestEngine, withViews: boolean): Promise<void> => {
  const { engine, store, contents, vault, folder } = made;
  await engine.drain();
  if (withViews) {
    const views = await openReadModels({
      folder,
      reader: { module: '#libs/adapters/event-store/sqlite', opens: 'openSqliteEventReader', options: { folder } },
    });
    await views.caughtUp(await store.lastLogIndex());
    await views.close();
  }
  await store.close();
  await contents.close();
  await vault.close();
};

/** Works on a database file of a folder that nobody holds, as somebody at a keyboard would. */
export const inFile = <T>(folder: string, name: string, work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(join(folder, name));
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** Every event of a log by its id, in log order. */
export const idsIn = (folder: string): readonly string[] =>
  inFile(folder, 'events.db', (db) =>
    db
      .prepare('SELECT id FROM events ORDER BY log_index')
      .all()
      .map(({ id }) => String(id)),
  );
