import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '#libs/application';
import { randomFew } from './random-few';
import { VaultError } from './vault-error';

const ALGORITHM = 'aes-256-gcm';
const FORM = 1; // First byte of every ciphertext: form, then nonce, tag, text.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const TAG = { authTagLength: TAG_BYTES };

/** Keys for separate ends, so that none of them tells anything about another. Source: RFC 5869. */
export type VaultKeys = Readonly<{
  wrap: KeyObject;
  identityPseudonym: Buffer;
  cardPseudonym: Buffer;
  commandHash: Buffer;
  /** Stands in a vault to tell under which master key it was made. */
  keyCheck: Buffer;
}>;

export const keysOf = (masterKey: Uint8Array): VaultKeys => {
  if (masterKey.length !== 32) throw new VaultError('master-key-form');
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `yika vault 1 ${label}`, 32));
  return {
    wrap: createSecretKey(derive('wrap')),
    identityPseudonym: derive('identity pseudonym'),
    cardPseudonym: derive('card pseudonym'),
    commandHash: derive('command hash'),
    keyCheck: keyed(derive('check'), 'yika'),
  };
};

/**
 * Before anything is read or written: under a wrong key new persons would get other pseudonyms, and nobody would be found again.
 * @throws VaultError master-key-wrong.
 */
export const demandOwnKey = ({ keyCheck }: VaultKeys, standing: Uint8Array): void => {
  if (standing.length !== keyCheck.length || !timingSafeEqual(standing, keyCheck)) throw new VaultError('master-key-wrong');
};

export const keyed = (key: Buffer, ...parts: readonly string[]): Buffer => hmacSha256(key, parts.join('\0'));

/** `place` binds the ciphertext to where it stands: copied to another row it does not open. */
export const seal = (key: KeyObject, place: string, plain: Uint8Array): Buffer => {
  const nonce = randomFew(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, TAG).setAAD(Buffer.from(place));
  const text = cipher.update(plain);
  cipher.final(); // Empty: GCM holds nothing back.
  const sealed = Buffer.allocUnsafe(HEAD_BYTES + text.length);
  sealed[0] = FORM;
  sealed.set(nonce, 1);
  sealed.set(cipher.getAuthTag(), 1 + NONCE_BYTES);
  sealed.set(text, HEAD_BYTES);
  return sealed;
};

/** @throws VaultError vault-damaged when a single bit of it, its place or its key is another. */
export const unseal = (key: KeyObject, place: string, sealed: Uint8Array): Buffer => {
  try {
    if (sealed[0] !== FORM) throw new VaultError('vault-damaged', place);
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    throw new VaultError('vault-damaged', place); // The cause is dropped on purpose: it may hold what it failed on.
  }
};
