import { createSecretKey, type KeyObject } from 'node:crypto';
import { randomFew } from './random-few';
import type { VaultRows } from './rows';
import { seal, unseal } from './sealing';
import { VaultError } from './vault-error';

/** `isNew`: made for what is being stored now, so nothing can have been stored under it before. */
export type OwnKey = Readonly<{ key: KeyObject; isNew: boolean }>;

const KEY_BYTES = 32;
const keyPlace = (personId: string): string => `key ${personId}`;

/** The keys of persons, each wrapped under the master key. */
export class PersonKeys {
  constructor(private readonly wrap: KeyObject) {}

  /** The person's key, made on first use. Refused for who was erased: a new key would bring a destroyed id back to life. */
  own(rows: VaultRows, personId: string): OwnKey {
    const row = rows.key(personId);
    if (row?.wrapped === null) throw new VaultError('vault-person-erased', personId);
    if (row !== undefined) return { key: this.unwrapped(personId, row.wrapped), isNew: false };
    const key = randomFew(KEY_BYTES);
    rows.insertKey(personId, seal(this.wrap, keyPlace(personId), key));
    return { key: createSecretKey(key), isNew: true };
  }

  /** @throws VaultError vault-damaged. */
  unwrapped(personId: string, wrapped: Uint8Array): KeyObject {
    return createSecretKey(unseal(this.wrap, keyPlace(personId), wrapped));
  }
}
