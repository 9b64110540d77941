import { type Command, type Event, type Instant, type Shape, stored } from '#libs/kernel';

/** What a key may be for; what each may do is the table of `may-act`. */
export const RIGHTS = [
  'institution',
  'agency',
  'auditor',
  'bankOutlet',
  'centre',
  'hotline',
  'employer',
  'school',
  'committee',
  'online',
  'selfService',
  'operator',
] as const;
export type Right = (typeof RIGHTS)[number];

export const accessKeyStream = (keyId: string): string => `accessKey-${keyId}`;

type Keyed = { key: string; commandHash: string };
/** `secretHash`: SHA-256 of the secret, hex; the secret itself is told once and kept nowhere. Who acted stands in the envelope. */
type Created = {
  keyId: string;
  secretHash: string;
  organisation: string;
  rights: readonly Right[];
  institutionCodes: readonly string[];
  note: string;
  /** Where its holder sits: outlets, centres, an employer, a school, terminals; there are its applications, vouchers and notices. */
  outletCodes?: readonly string[];
  /** Of a bank as a whole: every application for a card of this bank, wherever it was accepted. */
  bankCode?: string;
};
export type CreateKey = Command<'CreateKey', Keyed & Created>;
export type RevokeKey = Command<'RevokeKey', Keyed & { reason: string }>;
export type AccessKeyCommand = CreateKey | RevokeKey;

export type AccessKeyCreated = Event<'AccessKeyCreated.v1', Keyed & Created>;
export type AccessKeyRevoked = Event<'AccessKeyRevoked.v1', Keyed & { keyId: string; reason: string }>;
export type AccessKeyEvent = AccessKeyCreated | AccessKeyRevoked;
export type AccessKeyFacts = Readonly<{ decidedAt: Instant }>;

const { text, oneOf, list, record, recordWith } = stored;
const keyed = { key: text, commandHash: text };
const created: Shape<AccessKeyCreated['data']> = recordWith(
  {
    ...keyed,
    keyId: text,
    secretHash: text,
    organisation: text,
    rights: list(oneOf(...RIGHTS)),
    institutionCodes: list(text),
    note: text,
  },
  { outletCodes: list(text), bankCode: text },
);
const revoked: Shape<AccessKeyRevoked['data']> = record({ ...keyed, keyId: text, reason: text });

/** Turns stored words into the newest form of an event. @throws Error on a type or form that it does not know. */
export const decodeAccessKeyEvent = (
  type: string,
  data: unknown,
): Pick<AccessKeyCreated, 'type' | 'data'> | Pick<AccessKeyRevoked, 'type' | 'data'> => {
  if (type === 'AccessKeyCreated.v1') return { type, data: created(data, type) };
  if (type === 'AccessKeyRevoked.v1') return { type, data: revoked(data, type) };
  throw new Error(`unknown access key event: ${type}`);
};
