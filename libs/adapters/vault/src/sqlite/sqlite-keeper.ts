import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AccessEntry, CardRow, ChangeRow, KeyRow, Touched, VaultKeeper, VaultRows, VersionRow } from '../rows';
import { GroupCommit } from './group-commit';

/** The rows of a vault in SQLite, each act in the transaction that the others of its moment share. */
export class SqliteKeeper implements VaultKeeper, VaultRows {
  private readonly work: GroupCommit;
  private readonly statements: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(private readonly db: DatabaseSync) {
    this.work = new GroupCommit(db);
    this.statements = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as typeof this.statements;
  }

  commit<T>(_touched: Touched, act: (rows: VaultRows) => T): Promise<T> {
    return this.work.commit(() => act(this));
  }

  tailRow(cardId: string): ReturnType<VaultKeeper['tailRow']> {
    return Promise.resolve(cardId).then((id) => {
      const card = this.card(id);
      const wrapped = card && this.key(card.personId)?.wrapped;
      return wrapped ? { ...card, wrapped } : undefined;
    });
  }

  afterErasure(): void {
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)'); // Else the wrapped key could still be read from the WAL.
  }

  accessLog(from: number, limit: number): ReturnType<VaultKeeper['accessLog']> {
    type Entry = AccessEntry & { seq: number };
    return Promise.resolve([from, limit]).then(
      (page) => this.statements.accessLog.all(...page).map((row) => ({ ...row })) as unknown as Entry[],
    );
  }

  close(): Promise<void> {
    this.work.close();
    if (this.db.isOpen) this.db.close();
    return Promise.resolve();
  }

  key(personId: string): KeyRow | undefined {
    return this.statements.key.get(personId) as KeyRow | undefined;
  }

  insertKey(personId: string, wrapped: Uint8Array): void {
    this.statements.insertKey.run(personId, wrapped);
  }

  eraseKey(personId: string): void {
    this.statements.eraseKey.run(personId);
  }

  versions(personId: string): readonly VersionRow[] {
    return this.statements.versions.all(personId) as unknown as VersionRow[];
  }

  insertVersion(personId: string, { version, sealed, at, changeId }: VersionRow): void {
    this.statements.insertPerson.run(personId, version, sealed);
    this.statements.insertBeginning.run(personId, version, at, changeId);
  }

  card(cardId: string): CardRow | undefined {
    return this.statements.card.get(cardId) as CardRow | undefined;
  }

  insertCard(cardId: string, { personId, sealed, tail }: CardRow): void {
    this.statements.insertCard.run(cardId, personId, sealed, tail);
  }

  change(changeId: string): ChangeRow | undefined {
    return this.statements.change.get(changeId) as ChangeRow | undefined;
  }

  insertChange(changeId: string, { personId, sealed }: ChangeRow): void {
    this.statements.insertChange.run(changeId, personId, sealed);
  }

  applied(changeId: string, version: number): void {
    this.statements.applied.run(version, changeId);
  }

  insertAccess({ at, principal, purpose, subject, act }: AccessEntry): void {
    this.statements.insertAccess.run(at, principal, purpose, subject, act);
  }
}

const SQL = {
  key: 'SELECT wrapped FROM keys WHERE person_id = ?',
  insertKey: 'INSERT INTO keys (person_id, wrapped) VALUES (?, ?)',
  eraseKey: 'INSERT INTO keys (person_id, wrapped) VALUES (?, NULL) ON CONFLICT (person_id) DO UPDATE SET wrapped = NULL',
  versions: `SELECT version, sealed, at, change_id AS changeId FROM persons LEFT JOIN person_beginnings USING (person_id, version)
    WHERE person_id = ? ORDER BY version`,
  insertPerson: 'INSERT INTO persons (person_id, version, sealed) VALUES (?, ?, ?)',
  insertBeginning: 'INSERT OR IGNORE INTO person_beginnings (person_id, version, at, change_id) VALUES (?, ?, ?, ?)',
  card: 'SELECT person_id AS personId, sealed, tail FROM cards WHERE card_id = ?',
  insertCard: 'INSERT INTO cards (card_id, person_id, sealed, tail) VALUES (?, ?, ?, ?)',
  change: 'SELECT person_id AS personId, sealed, version FROM person_changes WHERE change_id = ?',
  insertChange: 'INSERT INTO person_changes (change_id, person_id, sealed) VALUES (?, ?, ?)',
  applied: 'UPDATE person_changes SET version = ? WHERE change_id = ?',
  insertAccess: 'INSERT INTO access_log (at, principal, purpose, subject, act) VALUES (?, ?, ?, ?, ?)',
  accessLog: 'SELECT seq, at, principal, purpose, subject, act FROM access_log WHERE seq >= ? ORDER BY seq LIMIT ?',
} as const;
