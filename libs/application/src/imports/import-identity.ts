import { hmacSha256 } from '../keyed-hash';

/** What an account of a source is known by here: all of it follows from source and source id, and nobody without the key can go back. */
export type ImportIdentity = Readonly<{ key: string; place: string; accountId: string; personId: string; cardId: (n: number) => string }>;

const PLACE_DIGITS = 12;
const KEY_DIGITS = 32;

/** A UUID of which the first 48 bits are given: of what is written in their order, every index grows at its end. Source: RFC 9562, 5.8 (UUIDv8). */
const uuidAt = (place: string, hex19: string): string => {
  const variant = ((Number.parseInt(hex19.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${place.slice(0, 8)}-${place.slice(8)}-8${hex19.slice(0, 3)}-${variant}${hex19.slice(4, 7)}-${hex19.slice(7, 19)}`;
};

/** The prefix of the keys of everything that a source has brought. */
export const keysOfSource = (source: string): string => `import-${source}-`;

/** The same for ever under one master key, so that an import that was cut short finds what it has written, in the vault too. */
export const importIdentity = (secret: Uint8Array, source: string, sourceId: string): ImportIdentity => {
  const hex = ['key', 'ids'].map((part) => hmacSha256(secret, JSON.stringify(['import', part, source, sourceId])).toString('hex')).join('');
  const place = hex.slice(0, PLACE_DIGITS);
  return {
    key: `${keysOfSource(source)}${hex.slice(0, KEY_DIGITS)}`,
    place,
    accountId: uuidAt(place, hex.slice(32, 51)),
    personId: uuidAt(place, hex.slice(51, 70)),
    cardId: (n) => uuidAt(place, hex.slice(70, 85) + n.toString(16).padStart(4, '0')),
  };
};
