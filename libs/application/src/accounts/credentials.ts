import { LRUCache } from 'lru-cache';
import type { MedicalAccountEvent } from '#libs/medical-account';
import { decodeAccountEvent } from '#libs/medical-account';
import type { Credential } from '../engine';
import type { EventReader } from '../event-store.port';
import { recordedOf } from '../streams/stored-form';
import type { Vault } from '../vault.port';

/**
 * Where a credential leads. `accountId`: where it was claimed, which names it in a command for ever; `stream`: where its money is now;
 * `cardId` is null for one that names the person and not a card.
 */
export type Resolved = Readonly<{ accountId: string; stream: string; cardId: string | null; poolingArea: string | null }>;
/** What a card number leads to when no account knows it: the decision says "not recognised" and nothing else. */
export const UNKNOWN_CARD = 'unknown';

export type Credentials = Readonly<{
  /** Identity numbers are looked for in the institution's own pooling area first, then in the others. Throws: on outage. */
  resolve: (credential: Credential, poolingAreas: () => Promise<readonly string[]>) => Promise<Resolved | undefined>;
  personClaim: (poolingArea: string, identityKind: string, identityNumber: string) => string;
  cardClaim: (cardNumber: string) => string;
  /**
   * The claim of a person's number that counts: the first of its seats that nobody has given up. `holder`: the stream that has it; none: free.
   */
  seatOf: (personClaim: string) => Promise<Readonly<{ key: string; holder: string | undefined }>>;
}>;
/** What of a stream's account is to be asked: where its person's money is now, and whether it gave a number up. */
export type Following = Readonly<{
  current: (accountId: string) => Promise<Readonly<{ stream: string }>>;
  hasReleased: (stream: string, claim: string) => Promise<boolean>;
}>;

// Kinds whose number may stand behind an e-credential or an identity card; the citizen's first.
const IDENTITY_KINDS = ['01', '17', '04', '05', '06', '07', '08', '03', '02', '99'];
const ENTRIES_MAX = 100_000;

/** Resolves by claims alone, so that a card works at once after its registration was answered; what a claim names never changes. */
export const credentialsOf = (reader: EventReader, vault: Vault, { current, hasReleased }: Following): Credentials => {
  const found = new LRUCache<string, Resolved>({ max: ENTRIES_MAX });
  const personClaim = (poolingArea: string, kind: string, number: string) =>
    `person-${poolingArea}-${vault.pseudonymOfIdentity(kind, number)}`;
  const cardClaim = (number: string) => `card-${vault.pseudonymOfCard(number)}`;

  const byClaim = async (key: string): Promise<Resolved | undefined> => {
    const known = found.get(key);
    if (known) return known;
    const claim = await reader.findClaim(key);
    const stored = claim && (await reader.readEvent(claim.stream, claim.revision));
    if (!claim || !stored || stored.id !== claim.eventId) return undefined;
    const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
    const accountId = claim.stream.slice(claim.stream.indexOf('-') + 1);
    const resolved: Resolved = {
      accountId,
      stream: claim.stream,
      cardId: event.type === 'CardRegistered.v1' ? event.data.cardId : null,
      poolingArea: event.type === 'AccountOpened.v1' ? event.data.poolingArea : null,
    };
    found.set(key, resolved);
    return resolved;
  };

  const seatOf: Credentials['seatOf'] = async (base) => {
    for (let n = 0; ; n++) {
      const key = n === 0 ? base : `${base}#${n}`;
      const holder = (await reader.findClaim(key))?.stream;
      if (holder === undefined || !(await hasReleased(holder, key))) return { key, holder };
    }
  };

  /** Of the person's present number; one that was given up leads nowhere, until another person has it. */
  const bySeat = async (base: string): Promise<Resolved | undefined> => {
    for (let n = 0; ; n++) {
      const key = n === 0 ? base : `${base}#${n}`;
      const resolved = await byClaim(key);
      if (!resolved || !(await hasReleased(resolved.stream, key))) return resolved;
    }
  };

  /** Cards and persons of an account that was merged are the survivor's; what names them in a command stays as it was. */
  const now = async (resolved: Resolved): Promise<Resolved> => ({ ...resolved, stream: (await current(resolved.accountId)).stream });

  const resolve = async ({ kind, number }: Credential, poolingAreas: () => Promise<readonly string[]>): Promise<Resolved | undefined> => {
    if (kind === 'socialSecurityCard') {
      const card = await byClaim(cardClaim(number));
      return card && now(card);
    }
    for (const area of await poolingAreas()) {
      for (const identityKind of IDENTITY_KINDS) {
        const resolved = await bySeat(personClaim(area, identityKind, number));
        if (resolved) return now(resolved);
      }
    }
    return undefined;
  };
  return { resolve, personClaim, cardClaim, seatOf };
};
