import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openReadOnly } from './log-file';

/** What stands beside the log under its hash: whether it is there and has that hash. Undefined where there is no such file. */
export const openContents = (folder: string): Readonly<{ holds: (hash: string) => boolean; close: () => void }> | undefined => {
  const file = path.join(folder, 'content.db');
  if (!existsSync(file)) return undefined;
  const db = openReadOnly(file);
  const find = db.prepare('SELECT bytes FROM content WHERE hash = ?');
  return {
    holds: (wanted) => {
      const row = find.get(wanted) as { bytes: Uint8Array } | undefined;
      return row !== undefined && hash('sha256', row.bytes, 'hex') === wanted;
    },
    close: () => db.close(),
  };
};
