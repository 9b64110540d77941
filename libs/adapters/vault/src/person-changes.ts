import type { KeyObject } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PersonRecord, PersonVersion } from '#libs/application';
import { commitmentsOf, plainOf, type SaltedFields, salted } from './commitments';
import { seal, unseal } from './sealing';
import { VaultError } from './vault-error';

type Why = Readonly<{ grounds: string; document: string }>;
type Sealed = Readonly<{ fields: SaltedFields }> & Why;
type ChangeRow = { personId: string; sealed: Uint8Array; version: number | null };
type VersionRow = { version: number; sealed: Uint8Array; at: string | null; changeId: string | null };

const changePlace = (changeId: string, personId: string): string => `change ${changeId} ${personId}`;
/** Binds a version of a person to where it stands. */
export const personPlace = (personId: string, version: number): string => `person ${personId} ${version}`;

/** What persons are to become, and what they were: within the transactions of the vault, under the keys of the persons. */
export class PersonChanges {
  private readonly statements: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(
    db: DatabaseSync,
    private readonly keyOf: (personId: string) => KeyObject,
    private readonly now: () => string,
  ) {
    this.statements = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as typeof this.statements;
  }

  /** Idempotency: by change; the first content counts, as its commitments may stand in an event already. */
  put(personId: string, changeId: string, record: PersonRecord, why: Why): Readonly<Record<string, string>> {
    const key = this.keyOf(personId);
    const standing = this.statements.change.get(changeId) as ChangeRow | undefined;
    if (standing !== undefined) return commitmentsOf(this.opened(key, changeId, standing).fields);
    const newest = this.versionsOf(personId).at(-1);
    const before = newest ? this.fieldsOf(key, personId, newest) : {};
    const sealed: Sealed = { fields: salted(record, before), ...why };
    this.statements.insertChange.run(changeId, personId, seal(key, changePlace(changeId, personId), Buffer.from(JSON.stringify(sealed))));
    return commitmentsOf(sealed.fields);
  }

  /** Idempotency: by change. Nothing of a person who was erased meanwhile. @throws VaultError for a change that was never put. */
  apply(changeId: string): void {
    const change = this.statements.change.get(changeId) as ChangeRow | undefined;
    if (change === undefined) throw new VaultError('vault-damaged', `change ${changeId}`);
    const { personId } = change;
    if (change.version !== null || this.isErased(personId)) return;
    const key = this.keyOf(personId);
    const version = (this.versionsOf(personId).at(-1)?.version ?? -1) + 1;
    const { fields } = this.opened(key, changeId, change);
    this.statements.insertPerson.run(personId, version, seal(key, personPlace(personId, version), Buffer.from(JSON.stringify(fields))));
    this.began(personId, version, changeId);
    this.statements.applied.run(version, changeId);
  }

  /** Remembers since when a version holds. */
  began(personId: string, version: number, changeId: string | null): void {
    this.statements.insertBeginning.run(personId, version, this.now(), changeId);
  }

  /** Newest first; nothing of a person who was erased. */
  historyOf(personId: string): PersonVersion[] {
    if (this.isErased(personId)) return [];
    const versions = this.versionsOf(personId);
    if (versions.length === 0) return [];
    const key = this.keyOf(personId);
    return versions
      .map((version, i) => {
        const change = version.changeId === null ? undefined : (this.statements.change.get(version.changeId) as ChangeRow | undefined);
        const why = change && version.changeId !== null ? this.opened(key, version.changeId, change) : undefined;
        return {
          record: plainOf(this.fieldsOf(key, personId, version)) as PersonRecord,
          from: version.at,
          until: versions[i + 1]?.at ?? null,
          grounds: why?.grounds ?? null,
          document: why?.document ?? null,
        };
      })
      .reverse();
  }

  private isErased(personId: string): boolean {
    return (this.statements.key.get(personId) as { wrapped: Uint8Array | null } | undefined)?.wrapped === null;
  }

  private versionsOf(personId: string): readonly VersionRow[] {
    return this.statements.versions.all(personId) as unknown as VersionRow[];
  }

  private fieldsOf(key: KeyObject, personId: string, { version, sealed }: VersionRow): SaltedFields {
    return JSON.parse(unseal(key, personPlace(personId, version), sealed).toString()) as SaltedFields;
  }

  private opened(key: KeyObject, changeId: string, { personId, sealed }: ChangeRow): Sealed {
    return JSON.parse(unseal(key, changePlace(changeId, personId), sealed).toString()) as Sealed;
  }
}

const SQL = {
  key: 'SELECT wrapped FROM keys WHERE person_id = ?',
  change: 'SELECT person_id AS personId, sealed, version FROM person_changes WHERE change_id = ?',
  insertChange: 'INSERT INTO person_changes (change_id, person_id, sealed) VALUES (?, ?, ?)',
  applied: 'UPDATE person_changes SET version = ? WHERE change_id = ?',
  insertPerson: 'INSERT INTO persons (person_id, version, sealed) VALUES (?, ?, ?)',
  insertBeginning: 'INSERT OR IGNORE INTO person_beginnings (person_id, version, at, change_id) VALUES (?, ?, ?, ?)',
  versions: `SELECT version, sealed, at, change_id AS changeId FROM persons LEFT JOIN person_beginnings USING (person_id, version)
    WHERE person_id = ? ORDER BY version`,
} as const;
