/** Personal data of one holder as the agency knows it. Source of the kinds: psn_cert_type (01 identity card … 17 residence permit). */
export type PersonRecord = Readonly<{ identityKind: string; identityNumber: string; name: string; birthDate?: string; telephone?: string }>;
/** A person as he was from one instant to another; `until` null: still so. `grounds` and `document` tell what made him so; null: at the opening. */
export type PersonVersion = Readonly<{
  record: PersonRecord;
  from: string | null; // null: written before this was kept.
  until: string | null;
  grounds: string | null;
  document: string | null;
}>;
export type VaultReader = Readonly<{ principal: string; purpose: string }>;

/**
 * Where personal data lives, encrypted with a key a person; every read of it is logged with who and why. Events hold `personId`, `cardId`,
 * and a salted commitment per field. Throws: on outage or a wrong master key.
 */
export interface Vault {
  /** Stores a person and returns the commitments for the event. Idempotency: by personId and content. */
  putPerson(personId: string, record: PersonRecord): Promise<Readonly<Record<string, string>>>;
  /** Stores a card number and returns the commitments for the event. Idempotency: by cardId and content. */
  putCard(cardId: string, personId: string, cardNumber: string): Promise<Readonly<Record<string, string>>>;
  /** A person and all his cards at once; the same as `putPerson` and then `putCard` for each. Idempotency: by ids and content. */
  putHolder(
    personId: string,
    record: PersonRecord,
    cards: readonly Readonly<{ cardId: string; cardNumber: string }>[],
  ): Promise<Readonly<{ person: Readonly<Record<string, string>>; cards: readonly Readonly<Record<string, string>>[] }>>;
  /**
   * Stores what a person is to become, unseen by `readPerson` until it is applied, and returns the commitments for the event. A field that
   * keeps its value keeps its commitment. Idempotency: by change and content.
   */
  putPersonChange(
    personId: string,
    changeId: string,
    record: PersonRecord,
    why: Readonly<{ grounds: string; document: string }>,
  ): Promise<Readonly<Record<string, string>>>;
  /** From now on the person is what the change says; what he was before is kept. Idempotency: by change. */
  applyPersonChange(changeId: string): Promise<void>;
  /** Present and former names and numbers, newest first; the look is logged. */
  personHistory(personId: string, reader: VaultReader): Promise<readonly PersonVersion[]>;
  readPerson(personId: string, reader: VaultReader): Promise<PersonRecord | undefined>;
  readCardNumber(cardId: string, reader: VaultReader): Promise<string | undefined>;
  /**
   * The last four characters, for receipts and screens; "****" once erased, when unknown, or while the vault cannot be asked: a swipe does not
   * wait for it. Not logged: it tells nobody who the holder is.
   */
  cardTail(cardId: string): Promise<string>;
  /** Keyed pseudonyms, the same for ever under one master key: they name claims (`person-…`, `card-…`). Hex, 64 characters. */
  pseudonymOfIdentity(identityKind: string, identityNumber: string): string;
  pseudonymOfCard(cardNumber: string): string;
  /** Key for the command hash. */
  commandHashSecret(): Uint8Array;
  /** Destroys the person's key: ciphertext stays, nobody can read it again; commitments stay verifiable only by who has the field and salt. */
  erasePerson(personId: string, reader: VaultReader): Promise<void>;
  accessLog(
    from: number,
    limit: number,
  ): Promise<readonly Readonly<{ seq: number; at: string; principal: string; purpose: string; subject: string; act: string }>[]>;
  close(): Promise<void>;
}
