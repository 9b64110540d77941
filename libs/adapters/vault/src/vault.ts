import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import type { PersonRecord, PersonVersion, Vault, VaultReader } from '#libs/application';
import { normalIdentityNumber } from '#libs/kernel';
import { commitmentsOf, plainOf, type SaltedFields, salted, sameFields } from './commitments';
import { GroupCommit } from './group-commit';
import { PersonChanges, personPlace } from './person-changes';
import { randomFew } from './random-few';
import { keyed, keysOf, seal, unseal, type VaultKeys } from './sealing';
import { openingFault, VaultError } from './vault-error';
import { openVaultFile } from './vault-schema';

export type VaultOptions = Readonly<{ folder: string; masterKey: Uint8Array; now?: () => string; cachedTailsMax?: number }>;
export type VaultAccess = Awaited<ReturnType<Vault['accessLog']>>[number];

const TAIL_CHARACTERS = 4;
const UNKNOWN_TAIL = '****';
const CACHED_TAILS_MAX = 100_000;

/**
 * Opens the vault in `folder` (vault.db), or creates it under this master key.
 * @throws VaultError master-key-wrong when the vault was made under another key, master-key-form.
 */
export const openVault = async (options: VaultOptions): Promise<Vault> => {
  const keys = keysOf(options.masterKey);
  await mkdir(options.folder, { recursive: true });
  const db = openVaultFile(join(options.folder, 'vault.db'));
  try {
    checkMasterKey(db, keys);
    return new SqliteVault(db, keys, options);
  } catch (error) {
    db.close();
    throw openingFault(error);
  }
};

/** Before anything is read or written: under a wrong key new persons would get other pseudonyms, and nobody would be found again. */
const checkMasterKey = (db: DatabaseSync, keys: VaultKeys): void => {
  const expected = keyed(keys.check, 'yika');
  db.prepare("INSERT OR IGNORE INTO vault (name, value) VALUES ('key check', ?)").run(expected);
  const row = db.prepare("SELECT value FROM vault WHERE name = 'key check'").get() as { value: Uint8Array };
  if (row.value.length !== expected.length || !timingSafeEqual(row.value, expected)) throw new VaultError('master-key-wrong');
};

type SealedRow = { personId: string; wrapped: Uint8Array | null; sealed: Uint8Array; version: number };
type VaultCard = Readonly<{ cardId: string; cardNumber: string }>;
/** `isNew`: made for what is being stored now, so nothing can have been stored under it before. */
type OwnKey = Readonly<{ key: KeyObject; isNew: boolean }>;
type CardRow = { personId: string; wrapped: Uint8Array | null; sealed: Uint8Array; tail: Uint8Array };

const keyPlace = (personId: string): string => `key ${personId}`;
const cardPlace = (cardId: string, personId: string): string => `card ${cardId} ${personId}`;
const tailPlace = (cardId: string, personId: string): string => `tail ${cardId} ${personId}`;

class SqliteVault implements Vault {
  private readonly work: GroupCommit;
  private readonly changes: PersonChanges;
  private readonly tails: LRUCache<string, string>;
  private readonly now: () => string;
  private readonly statements: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(
    private readonly db: DatabaseSync,
    private readonly keys: VaultKeys,
    { now, cachedTailsMax }: VaultOptions,
  ) {
    this.work = new GroupCommit(db);
    this.tails = new LRUCache({ max: cachedTailsMax ?? CACHED_TAILS_MAX });
    this.now = now ?? (() => new Date().toISOString());
    this.statements = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as typeof this.statements;
    this.changes = new PersonChanges(db, (personId) => this.keyOf(personId).key, this.now);
  }

  putPerson(personId: string, record: PersonRecord): Promise<Readonly<Record<string, string>>> {
    return this.work.commit(() => this.storePerson(this.keyOf(personId), personId, record));
  }

  putCard(cardId: string, personId: string, cardNumber: string): Promise<Readonly<Record<string, string>>> {
    return this.work.commit(() => this.storeCard(this.keyOf(personId).key, personId, { cardId, cardNumber }));
  }

  putHolder(personId: string, record: PersonRecord, cards: readonly VaultCard[]): ReturnType<Vault['putHolder']> {
    return this.work.commit(() => {
      const own = this.keyOf(personId);
      return { person: this.storePerson(own, personId, record), cards: cards.map((card) => this.storeCard(own.key, personId, card)) };
    });
  }

  putPersonChange(
    personId: string,
    changeId: string,
    record: PersonRecord,
    why: Readonly<{ grounds: string; document: string }>,
  ): Promise<Readonly<Record<string, string>>> {
    return this.work.commit(() => this.changes.put(personId, changeId, record, why));
  }

  applyPersonChange(changeId: string): Promise<void> {
    return this.work.commit(() => this.changes.apply(changeId));
  }

  async personHistory(personId: string, reader: VaultReader): Promise<readonly PersonVersion[]> {
    await this.logged(reader, `person:${personId}`, 'read-history', () => undefined);
    return this.changes.historyOf(personId);
  }

  /** The log entry is durable before anything is decrypted: a read that fails on a damaged row is in the log, too. */
  async readPerson(personId: string, reader: VaultReader): Promise<PersonRecord | undefined> {
    const row = await this.logged(
      reader,
      `person:${personId}`,
      'read',
      () => this.statements.person.get(personId) as SealedRow | undefined,
    );
    if (!row?.wrapped) return undefined;
    const fields = this.fieldsIn(this.unwrapped(personId, row.wrapped), personPlace(personId, row.version), row.sealed);
    return plainOf(fields) as PersonRecord;
  }

  async readCardNumber(cardId: string, reader: VaultReader): Promise<string | undefined> {
    const row = await this.logged(reader, `card:${cardId}`, 'read', () => this.statements.card.get(cardId) as CardRow | undefined);
    if (!row?.wrapped) return undefined;
    return this.fieldsIn(this.unwrapped(row.personId, row.wrapped), cardPlace(cardId, row.personId), row.sealed).cardNumber?.value;
  }

  cardTail(cardId: string): Promise<string> {
    return Promise.resolve(cardId).then((id) => this.tailOf(id));
  }

  pseudonymOfIdentity(identityKind: string, identityNumber: string): string {
    return keyed(this.keys.identityPseudonym, identityKind, normalIdentityNumber(identityNumber)).toString('hex');
  }

  pseudonymOfCard(cardNumber: string): string {
    return keyed(this.keys.cardPseudonym, normalIdentityNumber(cardNumber)).toString('hex');
  }

  commandHashSecret(): Uint8Array {
    return Buffer.from(this.keys.commandHash);
  }

  async erasePerson(personId: string, reader: VaultReader): Promise<void> {
    const cardIds = await this.logged(reader, `person:${personId}`, 'erase', () => {
      this.statements.eraseKey.run(personId);
      return this.statements.cardsOf.all(personId) as { cardId: string }[];
    });
    for (const { cardId } of cardIds) this.tails.delete(cardId);
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'); // Else the wrapped key could still be read from the WAL.
  }

  accessLog(from: number, limit: number): Promise<readonly VaultAccess[]> {
    return Promise.resolve([from, limit]).then(
      (page) => this.statements.accessLog.all(...page).map((row) => ({ ...row })) as unknown as VaultAccess[],
    );
  }

  close(): Promise<void> {
    this.work.close();
    if (this.db.isOpen) this.db.close();
    return Promise.resolve();
  }

  private storePerson({ key, isNew }: OwnKey, personId: string, record: PersonRecord): Readonly<Record<string, string>> {
    const versions = isNew ? [] : (this.statements.personVersions.all(personId) as unknown as Pick<SealedRow, 'sealed' | 'version'>[]);
    let newest: SaltedFields = {};
    for (const { sealed, version } of versions) {
      newest = this.fieldsIn(key, personPlace(personId, version), sealed);
      if (sameFields(newest, record)) return commitmentsOf(newest);
    }
    const fields = salted(record, newest);
    const sealed = seal(key, personPlace(personId, versions.length), Buffer.from(JSON.stringify(fields)));
    this.statements.insertPerson.run(personId, versions.length, sealed);
    this.changes.began(personId, versions.length, null);
    return commitmentsOf(fields);
  }

  private storeCard(key: KeyObject, personId: string, { cardId, cardNumber }: VaultCard): Readonly<Record<string, string>> {
    const standing = this.statements.card.get(cardId) as CardRow | undefined;
    if (standing !== undefined) {
      if (standing.personId !== personId) throw new VaultError('vault-card-differs', cardId);
      const fields = this.fieldsIn(key, cardPlace(cardId, personId), standing.sealed);
      if (!sameFields(fields, { cardNumber })) throw new VaultError('vault-card-differs', cardId);
      return commitmentsOf(fields);
    }
    const fields = salted({ cardNumber });
    const sealed = seal(key, cardPlace(cardId, personId), Buffer.from(JSON.stringify(fields)));
    const tail = seal(key, tailPlace(cardId, personId), Buffer.from(cardNumber.slice(-TAIL_CHARACTERS)));
    this.statements.insertCard.run(cardId, personId, sealed, tail);
    return commitmentsOf(fields);
  }

  private tailOf(cardId: string): string {
    const cached = this.tails.get(cardId);
    if (cached !== undefined) return cached;
    const row = this.statements.card.get(cardId) as CardRow | undefined;
    if (!row?.wrapped) return UNKNOWN_TAIL; // Not kept: the card may be stored in the next moment.
    const tail = unseal(this.unwrapped(row.personId, row.wrapped), tailPlace(cardId, row.personId), row.tail).toString();
    this.tails.set(cardId, tail);
    return tail;
  }

  private logged<T>({ principal, purpose }: VaultReader, subject: string, act: string, run: () => T): Promise<T> {
    return this.work.commit(() => {
      this.statements.insertAccess.run(this.now(), principal, purpose, subject, act);
      return run();
    });
  }

  /** The person's key, made on first use. Refused for who was erased: a new key would bring a destroyed id back to life. */
  private keyOf(personId: string): OwnKey {
    const row = this.statements.key.get(personId) as { wrapped: Uint8Array | null } | undefined;
    if (row?.wrapped === null) throw new VaultError('vault-person-erased', personId);
    if (row !== undefined) return { key: this.unwrapped(personId, row.wrapped), isNew: false };
    const key = randomFew(32);
    this.statements.insertKey.run(personId, seal(this.keys.wrap, keyPlace(personId), key));
    return { key: createSecretKey(key), isNew: true };
  }

  private unwrapped(personId: string, wrapped: Uint8Array): KeyObject {
    return createSecretKey(unseal(this.keys.wrap, keyPlace(personId), wrapped));
  }

  private fieldsIn(key: KeyObject, place: string, sealed: Uint8Array): SaltedFields {
    return JSON.parse(unseal(key, place, sealed).toString()) as SaltedFields; // Authenticated: only this room can have written it.
  }
}

const SQL = {
  key: 'SELECT wrapped FROM keys WHERE person_id = ?',
  insertKey: 'INSERT INTO keys (person_id, wrapped) VALUES (?, ?)',
  eraseKey: 'INSERT INTO keys (person_id, wrapped) VALUES (?, NULL) ON CONFLICT (person_id) DO UPDATE SET wrapped = NULL',
  personVersions: 'SELECT version, sealed FROM persons WHERE person_id = ? ORDER BY version',
  person: `SELECT wrapped, sealed, version FROM persons JOIN keys USING (person_id) WHERE person_id = ? ORDER BY version DESC LIMIT 1`,
  insertPerson: 'INSERT INTO persons (person_id, version, sealed) VALUES (?, ?, ?)',
  card: 'SELECT person_id AS personId, wrapped, sealed, tail FROM cards JOIN keys USING (person_id) WHERE card_id = ?',
  cardsOf: 'SELECT card_id AS cardId FROM cards WHERE person_id = ?',
  insertCard: 'INSERT INTO cards (card_id, person_id, sealed, tail) VALUES (?, ?, ?, ?)',
  insertAccess: 'INSERT INTO access_log (at, principal, purpose, subject, act) VALUES (?, ?, ?, ?, ?)',
  accessLog: 'SELECT seq, at, principal, purpose, subject, act FROM access_log WHERE seq >= ? ORDER BY seq LIMIT ?',
} as const;
