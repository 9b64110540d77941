import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventReader, LoggedEvent } from '#libs/application';
import { type Holds, holdsIn, type Named, namedBy } from '../copy/named-by-log';
import { openForReading } from '../layouts';
import { leafHash } from '../leaf';
import type { Witness } from './checkpoint-file';
import { contradiction, type Doubt, namedButMissing } from './doubts';

/** The log as evidence asks for it. */
export type LogReader = Pick<EventReader, 'readLog' | 'lastLogIndex'>;

const NEWEST_EVENTS = 5_000; // A tenth of a second at the start; all of them are looked at by `yika backup check`.
const LOOKED_BACK_EVENTS = 100_000; // About a second, and only where nobody and no card was new for so long.

export const eventAt = async (reader: LogReader, logIndex: number): Promise<LoggedEvent | undefined> => {
  if (logIndex < 0) return undefined;
  for await (const event of reader.readLog(logIndex)) return event.logIndex === logIndex ? event : undefined;
  return undefined;
};

/** How far the read models had followed the log. A file that cannot be read bears no witness: it is made again from the log anyway. */
export const seenByViews = (folder: string): readonly Witness[] => {
  const file = join(folder, 'views.db');
  if (!existsSync(file)) return [];
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const rows = db
      .prepare('SELECT logIndex, eventHash FROM projections WHERE logIndex >= 0 GROUP BY logIndex, eventHash ORDER BY logIndex')
      .all();
    return (rows as unknown as Pick<Witness, 'logIndex' | 'eventHash'>[]).map(({ logIndex, eventHash }) => ({
      source: 'views.db',
      logIndex,
      eventHash,
      hash: 'plain',
    }));
  } catch {
    return [];
  } finally {
    db?.close();
  }
};

/** Undefined: the log has the very event that was seen. */
export const judge = async (reader: LogReader, witness: Witness, last: number): Promise<Doubt | undefined> => {
  if (witness.logIndex > last) return contradiction('log-shorter-than-seen', witness, last);
  const event = await eventAt(reader, witness.logIndex);
  const found = event && (witness.hash === 'leaf' ? leafHash(event.bytes) : createHash('sha256').update(event.bytes).digest('hex'));
  return found === witness.eventHash ? undefined : contradiction('log-differs-from-seen', witness, last);
};

/**
 * Whether content and vault are there, and hold what the newest events name: an older copy of one of them lacks it. Where no person or card was
 * new of late, the newest one further back is looked for: a vault is never older than the newest that it holds.
 */
export const missingBeside = async (reader: LogReader, folder: string, last: number): Promise<readonly Doubt[]> => {
  const gone = last < 0 ? [] : (['content.db', 'vault.db'] as const).filter((file) => !existsSync(join(folder, file)));
  if (gone.length > 0) return gone.map((file) => namedButMissing(file, last, true));
  if (last < 0) return [];
  const holds = opened(folder);
  const missing = new Map<string, number>();
  const wanted = new Set<Named['what']>(['person', 'card']);
  const from = Math.max(0, last + 1 - NEWEST_EVENTS);
  try {
    for await (const event of reader.readLog(from)) {
      const named = namedBy(event);
      if (named === undefined) continue;
      wanted.delete(named.what);
      if (!holds.in(named)) missing.set(named.file, event.logIndex);
    }
    for (const { named, logIndex } of await newestBefore(reader, from, wanted))
      if (!holds.in(named)) missing.set(named.file, Math.max(logIndex, missing.get(named.file) ?? -1));
  } finally {
    holds.close();
  }
  return [...missing].map(([file, logIndex]) => namedButMissing(file, logIndex, false));
};

type Found = Readonly<{ named: Named; logIndex: number }>;
const TYPE_OF: Readonly<Partial<Record<Named['what'], string>>> = { person: 'AccountOpened.v1', card: 'CardRegistered.v1' };

/** The newest event of each kind before a place, as far as it is looked for. */
const newestBefore = async (reader: LogReader, before: number, wanted: ReadonlySet<Named['what']>): Promise<readonly Found[]> => {
  const open = new Set(wanted);
  const found: Found[] = [];
  for (let to = before; to > 0 && open.size > 0 && before - to < LOOKED_BACK_EVENTS; to -= NEWEST_EVENTS) {
    const types = new Set([...open].map((what) => TYPE_OF[what]));
    const here = new Map<Named['what'], Found>();
    for await (const event of reader.readLog(Math.max(0, to - NEWEST_EVENTS))) {
      if (event.logIndex >= to) break;
      const named = types.has(event.type) ? namedBy(event) : undefined; // Most events need not be read for it.
      if (named !== undefined) here.set(named.what, { named, logIndex: event.logIndex });
    }
    for (const [what, one] of here) {
      found.push(one);
      open.delete(what);
    }
  }
  return found;
};

const opened = (folder: string): Readonly<{ in: Holds; close: () => void }> => {
  const contents = openForReading(folder, 'content.db');
  const vault = openForReading(folder, 'vault.db');
  return {
    in: holdsIn(contents, vault),
    close: () => {
      contents.close();
      vault.close();
    },
  };
};
