import { LRUCache } from 'lru-cache';
import type { MedicalAccountEvent } from '#libs/medical-account';
import { decodeAccountEvent } from '#libs/medical-account';
import type { Credential } from '../engine';
import type { EventReader } from '../event-store.port';
import { recordedOf } from '../streams/stored-form';
import type { Vault } from '../vault.port';

/** Where a credential leads; `cardId` is null for one that names the person and not a card. */
export type Resolved = Readonly<{ accountId: string; stream: string; cardId: string | null; poolingArea: string | null }>;
/** What a card number leads to when no account knows it: the decision says "not recognised" and nothing else. */
export const UNKNOWN_CARD = 'unknown';

export type Credentials = Readonly<{
  /** Identity numbers are looked for in the institution's own pooling area first, then in the others. Throws: on outage. */
  resolve: (credential: Credential, poolingAreas: () => Promise<readonly string[]>) => Promise<Resolved | undefined>;
  personClaim: (poolingArea: string, identityKind: string, identityNumber: string) => string;
  cardClaim: (cardNumber: string) => string;
}>;

// Kinds whose number may stand behind an e-credential or an identity card; the citizen's first.
const IDENTITY_KINDS = ['01', '17', '04', '05', '06', '07', '08', '03', '02', '99'];
const ENTRIES_MAX = 100_000;

/** Resolves by claims alone, so that a card works at once after its registration was answered; what it found never changes. */
export const credentialsOf = (reader: EventReader, vault: Vault): Credentials => {
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

  const resolve = async ({ kind, number }: Credential, poolingAreas: () => Promise<readonly string[]>): Promise<Resolved | undefined> => {
    if (kind === 'socialSecurityCard') return byClaim(cardClaim(number));
    for (const area of await poolingAreas()) {
      for (const identityKind of IDENTITY_KINDS) {
        const resolved = await byClaim(personClaim(area, identityKind, number));
        if (resolved) return resolved;
      }
    }
    return undefined;
  };
  return { resolve, personClaim, cardClaim };
};
