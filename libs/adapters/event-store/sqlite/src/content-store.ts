import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type ContentStore, Unavailable } from '#libs/application';
import { encodeContents } from './batch-codec';
import { DamagedLogError } from './damaged-log';
import { CONTENT, openForReading } from './database-file';
import type { Faults } from './faults';
import { assertWalWhole } from './wal-check';
import { openWriterPipe } from './writer-pipe';

export type SqliteContentStoreOptions = Readonly<{ folder: string; readOnly?: boolean; callDeadlineMs?: number; faults?: Faults }>;

const CALL_DEADLINE_MS = 5_000;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Opens what stands beside the log under its hash. One process may put: it is the one that holds the event store of the folder.
 * Units: callDeadlineMs in milliseconds. Throws: DamagedLogError when the file is no content store that this version knows.
 */
export const openSqliteContentStore = async (options: SqliteContentStoreOptions): Promise<ContentStore> => {
  const { folder, readOnly = false, callDeadlineMs = CALL_DEADLINE_MS, faults } = options;
  if (!readOnly) {
    mkdirSync(folder, { recursive: true });
    assertWalWhole(folder, CONTENT.file);
  }
  const writer = readOnly ? undefined : await openWriterPipe({ folder, kind: 'content', encode: encodeContents, callDeadlineMs, faults });
  const db = openForReading(folder, CONTENT);
  const find = db.prepare('SELECT bytes FROM content WHERE hash = ?');
  let closed: Promise<void> | undefined;

  return {
    put: async (bytes) => {
      const hash = sha256(bytes);
      const result = await writer?.send({ hash, bytes }, 'interactive', bytes.byteLength);
      if (result?.kind === 'appended') return hash;
      throw new Unavailable(
        result === undefined ? 'readOnly' : result.kind === 'unavailable' ? result.cause : 'outage',
        'content not stored',
      );
    },
    get: (hash) =>
      new Promise((resolve) => {
        const row = find.get(hash) as { bytes: Uint8Array } | undefined;
        if (row && sha256(row.bytes) !== hash) throw new DamagedLogError(`content ${hash} is not what was written`);
        resolve(row?.bytes);
      }),
    close: () => {
      closed ??= Promise.resolve(writer?.close()).then(() => db.close());
      return closed;
    },
  };
};
