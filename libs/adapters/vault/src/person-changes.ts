import type { KeyObject } from 'node:crypto';
import type { PersonRecord, PersonVersion } from '#libs/application';
import { commitmentsOf, plainOf, type SaltedFields, salted } from './commitments';
import type { PersonKeys } from './person-keys';
import type { ChangeRow, VaultRows, VersionRow } from './rows';
import { seal, unseal } from './sealing';
import { VaultError } from './vault-error';

type Why = Readonly<{ grounds: string; document: string }>;
type Sealed = Readonly<{ fields: SaltedFields }> & Why;
/** What a person was, still sealed. */
export type SealedHistory = Readonly<{
  wrapped: Uint8Array;
  versions: readonly Readonly<{ row: VersionRow; change: ChangeRow | undefined }>[];
}>;

const changePlace = (changeId: string, personId: string): string => `change ${changeId} ${personId}`;
/** Binds a version of a person to where it stands. */
export const personPlace = (personId: string, version: number): string => `person ${personId} ${version}`;

/** What persons are to become, and what they were: within the transactions of the vault, under the keys of the persons. */
export class PersonChanges {
  constructor(
    private readonly keys: PersonKeys,
    private readonly now: () => string,
  ) {}

  /** Idempotency: by change; the first content counts, as its commitments may stand in an event already. */
  put(
    rows: VaultRows,
    { personId, changeId, record, why }: Readonly<{ personId: string; changeId: string; record: PersonRecord; why: Why }>,
  ): Readonly<Record<string, string>> {
    const { key } = this.keys.own(rows, personId);
    const standing = rows.change(changeId);
    if (standing !== undefined) return commitmentsOf(opened(key, changeId, standing).fields);
    const newest = rows.versions(personId).at(-1);
    const before = newest ? fieldsOf(key, personId, newest) : {};
    const content: Sealed = { fields: salted(record, before), ...why };
    const sealed = seal(key, changePlace(changeId, personId), Buffer.from(JSON.stringify(content)));
    rows.insertChange(changeId, { personId, sealed, version: null });
    return commitmentsOf(content.fields);
  }

  /** Idempotency: by change. Nothing of a person who was erased meanwhile. @throws VaultError for a change that was never put. */
  apply(rows: VaultRows, changeId: string): void {
    const change = rows.change(changeId);
    if (change === undefined) throw new VaultError('vault-damaged', `change ${changeId}`);
    const { personId } = change;
    if (change.version !== null || rows.key(personId)?.wrapped === null) return;
    const { key } = this.keys.own(rows, personId);
    const version = (rows.versions(personId).at(-1)?.version ?? -1) + 1;
    const { fields } = opened(key, changeId, change);
    const sealed = seal(key, personPlace(personId, version), Buffer.from(JSON.stringify(fields)));
    rows.insertVersion(personId, { version, sealed, at: this.now(), changeId });
    rows.applied(changeId, version);
  }

  /** Undefined of a person who is not known or was erased. */
  sealedHistory(rows: VaultRows, personId: string): SealedHistory | undefined {
    const wrapped = rows.key(personId)?.wrapped;
    if (!wrapped) return undefined;
    const versions = rows.versions(personId);
    return { wrapped, versions: versions.map((row) => ({ row, change: row.changeId === null ? undefined : rows.change(row.changeId) })) };
  }

  /** Newest first. @throws VaultError vault-damaged. */
  openHistory(personId: string, { wrapped, versions }: SealedHistory): PersonVersion[] {
    const key = this.keys.unwrapped(personId, wrapped);
    return versions
      .map(({ row, change }, i) => {
        const why = change && row.changeId !== null ? opened(key, row.changeId, change) : undefined;
        return {
          record: plainOf(fieldsOf(key, personId, row)) as PersonRecord,
          from: row.at,
          until: versions[i + 1]?.row.at ?? null,
          grounds: why?.grounds ?? null,
          document: why?.document ?? null,
        };
      })
      .reverse();
  }
}

/** @throws VaultError vault-damaged. */
export const fieldsOf = (key: KeyObject, personId: string, { version, sealed }: VersionRow): SaltedFields =>
  fieldsIn(key, personPlace(personId, version), sealed);

/** @throws VaultError vault-damaged. */
export const fieldsIn = (key: KeyObject, place: string, sealed: Uint8Array): SaltedFields =>
  JSON.parse(unseal(key, place, sealed).toString()) as SaltedFields; // Authenticated: only this room can have written it.

const opened = (key: KeyObject, changeId: string, { personId, sealed }: ChangeRow): Sealed =>
  JSON.parse(unseal(key, changePlace(changeId, personId), sealed).toString()) as Sealed;
