import type { DatabaseSync } from 'node:sqlite';
import type { AppendResult } from '#libs/application';
import { type Batch, type ContentItem, decodeContents } from './batch-codec';
import type { BatchWork, Tables } from './writer-session';

const STORED: AppendResult = { kind: 'appended' };

/** Content under its hash, in the writer's thread: what is there already is not written again. */
export const contentTables = (db: DatabaseSync): Tables => {
  const find = db.prepare('SELECT 1 FROM content WHERE hash = ?');
  const insert = db.prepare('INSERT INTO content (hash, bytes) VALUES (?, ?)');
  const insertFence = db.prepare('INSERT INTO fences (log_index) VALUES (0)');

  const apply = (batch: Batch): BatchWork => {
    const written: ContentItem[] = [];
    const answers = decodeContents(batch).map((item) => {
      if (!find.get(item.hash)) {
        insert.run(item.hash, item.bytes);
        written.push(item);
      }
      return STORED;
    });
    return { answers, writes: written.length, countStored: (tables) => written.filter((item) => tables.holds(item)).length };
  };

  return {
    apply,
    holds: (item) => find.get((item as ContentItem).hash) !== undefined,
    fence: () => void insertFence.run(),
  };
};
