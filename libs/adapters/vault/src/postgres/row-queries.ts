import type { PoolClient } from 'pg';
import type { CardRow, ChangeRow, KeyRow, Touched, VersionRow } from '../rows';
import type { Loaded, Written } from './loaded-rows';
import { OvertakenError } from './postgres-faults';

const CARDS = 'SELECT card_id AS "cardId", person_id AS "personId", sealed, tail FROM vault_cards WHERE card_id = ANY($1)';
const CHANGES = `SELECT change_id AS "changeId", person_id AS "personId", sealed, version FROM vault_changes
  WHERE change_id = ANY($1) OR person_id = ANY($2)`;
const PERSONS = `SELECT k.person_id AS "personId", k.wrapped, p.version, p.sealed, p.at, p.change_id AS "changeId"
  FROM vault_keys k LEFT JOIN vault_persons p USING (person_id) WHERE k.person_id = ANY($1) ORDER BY k.person_id, p.version`;

type FoundPerson = Readonly<{ personId: string }> & KeyRow & (VersionRow | Readonly<{ version: null }>);

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];

/** All that stands under the ids that are touched, in the caller's transaction. */
export const loadRows = async (client: PoolClient, touched: readonly Touched[]): Promise<Loaded> => {
  const [cardIds, changeIds, persons] = [
    distinct(touched.flatMap(({ cards = [] }) => cards)),
    distinct(touched.flatMap((one) => one.changes ?? [])),
    distinct(touched.flatMap((one) => one.persons ?? [])),
  ];
  const cards = cardIds.length === 0 ? [] : (await client.query<CardRow & { cardId: string }>(CARDS, [cardIds])).rows;
  const isAskedForChanges = changeIds.length > 0 || persons.length > 0;
  const changes = isAskedForChanges ? (await client.query<ChangeRow & { changeId: string }>(CHANGES, [changeIds, persons])).rows : [];
  const holders = distinct([...persons, ...cards.map(({ personId }) => personId), ...changes.map(({ personId }) => personId)]);
  const found = holders.length === 0 ? [] : (await client.query<FoundPerson>(PERSONS, [holders])).rows;
  const versions = new Map<string, VersionRow[]>();
  for (const row of found) {
    if (row.version === null) continue;
    const { personId, version, sealed, at, changeId } = row;
    versions.set(personId, [...(versions.get(personId) ?? []), { version, sealed, at, changeId }]);
  }
  return {
    keys: new Map(found.map(({ personId, wrapped }) => [personId, { wrapped }])),
    versions,
    cards: new Map(cards.map(({ cardId, ...row }) => [cardId, row])),
    changes: new Map(changes.map(({ changeId, ...row }) => [changeId, row])),
  };
};

const INSERT_KEYS = 'INSERT INTO vault_keys SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT DO NOTHING';
const ERASE_KEYS = `INSERT INTO vault_keys SELECT unnest($1::text[]), NULL ON CONFLICT (person_id) DO UPDATE SET wrapped = NULL`;
const INSERT_VERSIONS = `INSERT INTO vault_persons SELECT * FROM unnest($1::text[], $2::integer[], $3::bytea[], $4::text[], $5::text[])
  ON CONFLICT DO NOTHING`;
const INSERT_CARDS =
  'INSERT INTO vault_cards SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[]) ON CONFLICT DO NOTHING';
const INSERT_CHANGES = `INSERT INTO vault_changes SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::integer[])
  ON CONFLICT DO NOTHING`;
const APPLY = `UPDATE vault_changes SET version = new.version FROM unnest($1::text[], $2::integer[]) AS new(change_id, version)
  WHERE vault_changes.change_id = new.change_id AND vault_changes.version IS NULL`;
/** One at a time from here to the commit, so that numbers have no gaps and come into sight in their order. */
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtext('yika vault access log ' || current_schema()))`;
const INSERT_ACCESS = `INSERT INTO vault_access_log
  SELECT (SELECT coalesce(max(seq), 0) FROM vault_access_log) + place, at, principal, purpose, subject, act
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS new(at, principal, purpose, subject, act, place)`;

/** In the order of the ids, so that two who write the same wait for each other and do not cross. */
const ordered = <Entry>(entries: readonly Entry[], idOf: (entry: Entry) => string): readonly Entry[] =>
  [...entries].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

/** Writes what the acts have put, in the caller's transaction. Throws: OvertakenError when another engine has put something of it before. */
export const writeRows = async (client: PoolClient, written: Written): Promise<void> => {
  const putAll = async (sql: string, count: number, columns: () => readonly (readonly unknown[])[]): Promise<void> => {
    if (count === 0) return;
    const { rowCount } = await client.query(sql, [...columns()]);
    if (rowCount !== count) throw new OvertakenError();
  };
  const keys = ordered(written.keys, ({ personId }) => personId);
  await putAll(INSERT_KEYS, keys.length, () => [keys.map(({ personId }) => personId), keys.map(({ wrapped }) => wrapped)]);
  const erased = distinct(written.erased).sort();
  await putAll(ERASE_KEYS, erased.length, () => [erased]);
  const versions = ordered(written.versions, ({ personId }) => personId);
  await putAll(INSERT_VERSIONS, versions.length, () => [
    versions.map(({ personId }) => personId),
    versions.map(({ version }) => version),
    versions.map(({ sealed }) => sealed),
    versions.map(({ at }) => at),
    versions.map(({ changeId }) => changeId),
  ]);
  const cards = ordered(written.cards, ({ cardId }) => cardId);
  await putAll(INSERT_CARDS, cards.length, () => [
    cards.map(({ cardId }) => cardId),
    cards.map(({ personId }) => personId),
    cards.map(({ sealed }) => sealed),
    cards.map(({ tail }) => tail),
  ]);
  const changes = ordered(written.changes, ({ changeId }) => changeId);
  await putAll(INSERT_CHANGES, changes.length, () => [
    changes.map(({ changeId }) => changeId),
    changes.map(({ personId }) => personId),
    changes.map(({ sealed }) => sealed),
    changes.map(({ version }) => version),
  ]);
  const applied = ordered(written.applied, ({ changeId }) => changeId);
  await putAll(APPLY, applied.length, () => [applied.map(({ changeId }) => changeId), applied.map(({ version }) => version)]);
  const { access } = written;
  if (access.length > 0) await client.query(ONE_AT_A_TIME);
  await putAll(INSERT_ACCESS, access.length, () =>
    (['at', 'principal', 'purpose', 'subject', 'act'] as const).map((column) => access.map((entry) => entry[column])),
  );
};
