import { applicationStream } from '#libs/card-service';
import type { Credentials } from '../accounts/credentials';
import type { Accounts, AccountView, CardInquiry, CardService } from '../engine';
import type { EventReader } from '../event-store.port';

type Parts = Readonly<{
  reader: EventReader;
  credentials: Credentials;
  accountDoor: Pick<Accounts, 'view' | 'person'>;
  application: CardService['application'];
}>;

/** The first character says enough to who has the holder on the line, and nobody's name to who listens. */
const masked = (name: string): string => {
  const [first = '', ...others] = name;
  return first + '*'.repeat(others.length);
};

/**
 * What may be told of cards and applications without seeing who asks: no number and no name in full, no amount. The look into the vault is
 * logged there. Source: Q14. Throws: on outage.
 */
export const inquiryOf =
  ({ reader, credentials, accountDoor, application }: Parts): CardService['inquire'] =>
  async ({ poolingArea, credential }, { actor: { principal } }) => {
    const resolved = await credentials.resolve(credential, () => Promise.resolve([poolingArea]));
    const view = resolved && (await accountDoor.view(resolved.accountId, null));
    if (!view || view.poolingArea !== poolingArea) return undefined;
    const person = await accountDoor.person(view.accountId, { principal, purpose: 'card-inquiry' });
    const applications = await Promise.all((await applicationIdsOf(reader, view.accountId)).map(application));
    return {
      accountId: view.accountId,
      holder: person === undefined ? null : masked(person.name),
      cards: cardsOf(view),
      applications: applications.flatMap((found) => {
        if (!found) return [];
        const { applicationId, kind, cardKind, stage, steps, dueOn, dueOnIsProvisional, overdue, pickUp, obstacles } = found;
        return [{ applicationId, kind, cardKind, stage, steps, dueOn, dueOnIsProvisional, overdue, pickUp, obstacles }];
      }),
    };
  };

const cardsOf = ({ cards, cardTails, asOf }: AccountView): CardInquiry['cards'] =>
  cards.map(([cardId, { kind, timeline, financialAreaActive, expiresAt }]) => {
    const now = timeline.findLast(({ from }) => from <= asOf);
    const state = now?.state ?? 'registered';
    return { cardId, cardTail: cardTails[cardId] ?? '****', kind, state, stateSince: now?.from ?? null, financialAreaActive, expiresAt };
  });

/** Applications of an account are counted up from the first: claims are never released. */
const applicationIdsOf = async (reader: EventReader, accountId: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const sort of ['formal', 'temporary'])
    for (let n = 0; ; n++) {
      const claim = await reader.findClaim(`cardApplicationOf-${accountId}-${sort}#${n}`);
      if (!claim) break;
      ids.push(claim.stream.slice(applicationStream('').length));
    }
  return ids;
};
