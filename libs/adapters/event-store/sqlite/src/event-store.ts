import type { Append, AppendResult, EventStore } from '#libs/application';
import { encodeAppends } from './batch-codec';
import { makeDataFolder } from './data-folder';
import { EVENTS } from './database-file';
import { openSqliteEventReader } from './event-reader';
import type { Faults } from './faults';
import { assertWalWhole } from './wal-check';
import { lockDataFolder } from './writer-lock';
import { openWriterPipe } from './writer-pipe';

export type SqliteEventStoreOptions = Readonly<{
  /** The data folder; made when it is not there, unless `readOnly`. */
  folder: string;
  /** Reads only; takes no lock, starts no thread, and answers every append with `unavailable: readOnly`. */
  readOnly?: boolean;
  /** After so long an append answers without knowing. Units: milliseconds. */
  callDeadlineMs?: number;
  /** Hears how many appends each commit has answered together; must not throw. */
  onCommit?: (appends: number) => void;
  /** For specs. */
  faults?: Faults;
}>;

const CALL_DEADLINE_MS = 5_000;
const APPEND_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Opens the log of a data folder: appends go to a thread of their own, many to a commit, and are answered when they are synced; reads go
 * through a connection of the caller's thread that cannot write.
 * Throws: DataFolderInUseError when another process writes to the folder; DamagedLogError when the file is no log that this version knows.
 */
export const openSqliteEventStore = async (options: SqliteEventStoreOptions): Promise<EventStore> => {
  const { folder, readOnly = false, callDeadlineMs = CALL_DEADLINE_MS, faults, onCommit } = options;
  if (readOnly) {
    const { close, ...reader } = await openSqliteEventReader({ folder });
    return { ...reader, append: () => Promise.resolve({ kind: 'unavailable', cause: 'readOnly' }), close };
  }
  makeDataFolder(folder);
  const lock = lockDataFolder(folder);
  try {
    assertWalWhole(folder, EVENTS.file);
    const writer = await openWriterPipe({ folder, kind: 'events', encode: encodeAppends, callDeadlineMs, faults, onCommit });
    const { close: closeReader, ...reader } = await openSqliteEventReader({ folder });
    let closed: Promise<void> | undefined;
    return {
      ...reader,
      append: async (append): Promise<AppendResult> => writer.send(append, append.lane, sizeOf(append)),
      close: () => {
        closed ??= writer.close().then(closeReader).finally(lock.release);
        return closed;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** The size in bytes. @throws RangeError or TypeError on an append that no caller could mean: a bug. */
const sizeOf = ({ stream, expected, events, claims }: Append): number => {
  const first = expected === 'no-stream' ? 0 : expected + 1;
  if (!Number.isSafeInteger(first) || first < 0 || stream === '') throw new RangeError('not a stream and revision');
  let size = 0;
  for (const [i, event] of events.entries()) {
    if (event.stream !== stream || event.revision !== first + i)
      throw new RangeError(`event ${i} does not stand right after the expected revision`);
    size += event.bytes.byteLength;
  }
  if (events.length === 0 || size > APPEND_BYTES_MAX) throw new RangeError('an append has events, and at most 64 MiB of them');
  assertApart(events, claims);
  return size;
};

const assertApart = (events: Append['events'], claims: Append['claims']): void => {
  if (new Set(events.map(({ id }) => id)).size !== events.length) throw new TypeError('one id for two events');
  if (new Set(claims.map(({ key }) => key)).size !== claims.length) throw new TypeError('one key for two claims');
  if (claims.some(({ eventIndex }) => !events[eventIndex])) throw new RangeError('a claim names an event that is not there');
};
