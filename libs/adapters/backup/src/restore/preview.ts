import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { envelopeOf } from '#libs/application';
import { checkBackup, type Depth } from '../copy/check-backup';
import { isHeld } from '../folder-lock';
import { FILES, openForReading, reasonOf } from '../layouts';
import type { Manifest } from '../manifest';
import { type Fault, goOn, type Work } from '../words';

/** What of the present folder would be gone with the restore: everything that is not in the backup. Times are those of the events. */
export type Loss = Readonly<{
  events: number;
  firstLogIndex: number | null;
  firstDecidedAt: string | null;
  lastDecidedAt: string | null;
  persons: number;
  cards: number;
  accessLogEntries: number;
  /** Persons erased since the backup was made, whom it would bring back. */
  erasedPersonIds: readonly string[];
  /** Files of the present folder that cannot be read, so that nobody knows what would be lost. */
  unreadable: readonly string[];
}>;
export type Preview = Readonly<{
  backup: string;
  manifest: Manifest;
  faults: readonly Fault[];
  dataFolder: string;
  /** Undefined: there is no log in the folder. -1: an empty one. */
  presentLastLogIndex: number | undefined;
  engineRunning: boolean;
  replaced: readonly string[];
  loss: Loss;
}>;

const EVENTS_A_TURN = 50_000;
const NO_LOSS: Loss = {
  events: 0,
  firstLogIndex: null,
  firstDecidedAt: null,
  lastDecidedAt: null,
  persons: 0,
  cards: 0,
  accessLogEntries: 0,
  erasedPersonIds: [],
  unreadable: [],
};

export const losesAnything = ({ events, persons, cards, accessLogEntries, erasedPersonIds, unreadable }: Loss): boolean =>
  events + persons + cards + accessLogEntries + erasedPersonIds.length + unreadable.length > 0;

/** What a restore would do, without doing it. Idempotency: reads only. Throws: Refused when the backup has no manifest; Stopped. */
export const previewRestore = async (
  { backup, dataFolder, depth }: Readonly<{ backup: string; dataFolder: string; depth?: Depth }>,
  work: Work,
): Promise<Preview> => {
  const { manifest, faults } = await checkBackup(backup, work, depth);
  const replaced = FILES.filter((name) => existsSync(join(dataFolder, name)));
  const present =
    replaced.length === 0 || faults.length > 0 ? { loss: NO_LOSS, last: undefined } : await lossOf(resolve(backup), dataFolder, work);
  return {
    backup: resolve(backup),
    manifest,
    faults,
    dataFolder: resolve(dataFolder),
    presentLastLogIndex: present.last,
    engineRunning: existsSync(join(dataFolder, 'lock.db')) && isHeld(dataFolder),
    replaced: [...replaced, ...(existsSync(join(dataFolder, 'views.db')) ? ['views.db'] : [])],
    loss: present.loss,
  };
};

type Found = Readonly<{ loss: Loss; last: number | undefined }>;

/** `main` is the present file, `copy` the backup's. */
const lossOf = async (backup: string, dataFolder: string, work: Work): Promise<Found> => {
  const unreadable: string[] = [];
  const tried = async <T>(name: 'events.db' | 'vault.db', read: (db: DatabaseSync) => Promise<T> | T): Promise<T | undefined> => {
    if (!existsSync(join(dataFolder, name))) return undefined;
    let db: DatabaseSync | undefined;
    try {
      db = openForReading(dataFolder, name);
      db.prepare('ATTACH ? AS copy').run(join(backup, name));
      return await read(db);
    } catch (error) {
      goOn(work);
      unreadable.push(`${name}: ${reasonOf(error)}`);
      return undefined;
    } finally {
      db?.close();
    }
  };
  const events = await tried('events.db', (db) => lostEvents(db, work));
  const vault = await tried('vault.db', lostInVault);
  return { loss: { ...NO_LOSS, ...events?.lost, ...vault, unreadable }, last: events?.last };
};

type LostEvents = Pick<Loss, 'events' | 'firstLogIndex' | 'firstDecidedAt' | 'lastDecidedAt'>;

const lostEvents = async (db: DatabaseSync, work: Work): Promise<Readonly<{ lost: LostEvents; last: number }>> => {
  const last = (db.prepare('SELECT max(log_index) AS last FROM events').get() as { last: number | null }).last ?? -1;
  const inPart = db.prepare(
    `SELECT count(*) AS n, min(p.log_index) AS first, max(p.log_index) AS last FROM main.events p WHERE p.log_index >= ? AND p.log_index < ?
     AND NOT EXISTS (SELECT 1 FROM copy.events c WHERE c.log_index = p.log_index AND c.bytes = p.bytes)`,
  );
  let count = 0;
  let [firstLost, lastLost] = [-1, -1];
  for (let from = 0; from <= last; from += EVENTS_A_TURN) {
    const part = inPart.get(from, from + EVENTS_A_TURN) as { n: number; first: number | null; last: number | null };
    count += part.n;
    if (firstLost === -1) firstLost = part.first ?? -1;
    lastLost = part.last ?? lastLost;
    work.report('comparing', 'events.db', Math.min(last + 1, from + EVENTS_A_TURN), last + 1);
    await turn();
    goOn(work);
  }
  const bytesAt = db.prepare('SELECT bytes FROM main.events WHERE log_index = ?');
  const decidedAt = (logIndex: number): string => envelopeOf(bytesAt.get(logIndex) as { bytes: Uint8Array }).decidedAt;
  const lost: LostEvents =
    count === 0
      ? NO_LOSS
      : { events: count, firstLogIndex: firstLost, firstDecidedAt: decidedAt(firstLost), lastDecidedAt: decidedAt(lastLost) };
  const { events, firstLogIndex, firstDecidedAt, lastDecidedAt } = lost;
  return { lost: { events, firstLogIndex, firstDecidedAt, lastDecidedAt }, last };
};

const lostInVault = (db: DatabaseSync): Pick<Loss, 'persons' | 'cards' | 'accessLogEntries' | 'erasedPersonIds'> => {
  const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
  return {
    persons: count(`SELECT count(*) AS n FROM main.persons p WHERE NOT EXISTS
      (SELECT 1 FROM copy.persons c WHERE c.person_id = p.person_id AND c.version = p.version AND c.sealed = p.sealed)`),
    cards: count(
      'SELECT count(*) AS n FROM main.cards p WHERE NOT EXISTS (SELECT 1 FROM copy.cards c WHERE c.card_id = p.card_id AND c.sealed = p.sealed)',
    ),
    accessLogEntries:
      count(`SELECT count(*) AS n FROM main.access_log p WHERE NOT EXISTS (SELECT 1 FROM copy.access_log c WHERE c.seq = p.seq
      AND c.at = p.at AND c.principal = p.principal AND c.purpose = p.purpose AND c.subject = p.subject AND c.act = p.act)`),
    erasedPersonIds: db
      .prepare(
        'SELECT p.person_id AS id FROM main.keys p JOIN copy.keys c USING (person_id) WHERE p.wrapped IS NULL AND c.wrapped IS NOT NULL ORDER BY 1',
      )
      .all()
      .map(({ id }) => String(id)),
  };
};
