import { normalIdentityNumber, upgradedIdentity } from '#libs/kernel';
import type { PersonChange } from '#libs/medical-account';
import type { AccountActs, Keyed } from '../accounts/account-acts';
import { accountIdOf, personIdOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import type { PersonChangeOrder, Reason } from '../engine';
import type { Tracing } from '../envelope';
import { uuidOf } from '../streams/command-identity';
import type { PersonRecord, Vault } from '../vault.port';
import type { CurrentAccount } from './successors';

export type ChangeParts = Readonly<{ acts: AccountActs; current: CurrentAccount; credentials: Credentials; vault: Vault }>;
type Worked = Readonly<{ own: Keyed; change: PersonChange }>;
export const caseIdOf = ({ key }: Keyed): string => uuidOf(`case:${key}`);

/** Whether the number that somebody had is his no more, so that another person may take it. */
const givesUp = ({ grounds }: PersonChangeOrder): boolean => grounds === 'correction' || grounds === 'duplicateNumber';

const personAfter = (before: PersonRecord, { name, identityKind, identityNumber }: PersonChangeOrder): PersonRecord => ({
  ...before,
  ...(name === null ? {} : { name }),
  ...(identityKind === null ? {} : { identityKind }),
  ...(identityNumber === null ? {} : { identityNumber }),
});
const areSame = (a: PersonRecord, b: PersonRecord): boolean =>
  a.name === b.name && a.identityKind === b.identityKind && a.identityNumber === b.identityNumber;

/** What the grounds do not bear: an upgrade is of the very same number, and a new name brings no other number. */
const beyondGrounds = (before: PersonRecord, after: PersonRecord, { grounds }: PersonChangeOrder): Reason[] => {
  const [had, gets] = [normalIdentityNumber(before.identityNumber), normalIdentityNumber(after.identityNumber)];
  const isOfCitizen = before.identityKind === '01' && after.identityKind === '01';
  if (grounds === 'upgrade' && !(isOfCitizen && upgradedIdentity(had) === gets)) return [{ code: 'not-an-upgrade' }];
  const isOther = before.identityKind !== after.identityKind || had !== gets;
  return grounds === 'nameChanged' && isOther ? [{ code: 'name-changed-with-number' }] : [];
};

/**
 * What a change of name or number comes to: the fields themselves go to the vault, unseen until another operator has approved; the claims of
 * the old and the new number, and commitments, go into the event. Throws: on outage.
 */
export const identityChanges =
  ({ acts, current, credentials, vault }: ChangeParts) =>
  async (accountId: string, order: PersonChangeOrder, tracing: Tracing): Promise<Worked | readonly Reason[]> => {
    const { state, stream } = await current(accountId);
    const personId = personIdOf(state);
    if (personId === null || state.holder === null) return [{ code: 'account-not-found' }];
    const before = await vault.readPerson(personId, { principal: tracing.actor.principal, purpose: 'change of name or number' });
    if (before === undefined) return [{ code: 'person-erased' }];
    const own = keyedBy({ acts, vault }, accountId, order, tracing);
    const after = personAfter(before, order);
    if (areSame(before, after) && !(await acts.isKnown(own.key))) return [{ code: 'person-unchanged' }];
    const wrong = beyondGrounds(before, after, order);
    if (wrong.length > 0) return wrong;
    const claimOf = ({ identityKind, identityNumber }: PersonRecord) =>
      credentials.personClaim(state.holder?.poolingArea ?? '', identityKind, identityNumber);
    const numbers = await numbersOf(credentials, { before: claimOf(before), after: claimOf(after), givesUp: givesUp(order) });
    if (numbers.holder !== undefined && numbers.holder !== stream)
      return [{ code: 'identity-number-of-another-person', accountId: accountIdOf(numbers.holder) }];
    const { newClaim, releasedClaim } = numbers;
    const commitments = await vault.putPersonChange(personId, caseIdOf(own), after, { grounds: order.grounds, document: order.document });
    return { own, change: { grounds: order.grounds, newClaim, releasedClaim, commitments } };
  };

type Numbers = Readonly<{ newClaim: string | null; releasedClaim: string | null; holder: string | undefined }>;

/** `holder`: the stream that has the new number already. */
const numbersOf = async (
  credentials: Credentials,
  { before, after, givesUp: isGivenUp }: Readonly<{ before: string; after: string; givesUp: boolean }>,
): Promise<Numbers> => {
  if (before === after) return { newClaim: null, releasedClaim: null, holder: undefined };
  const [had, seat] = [await credentials.seatOf(before), await credentials.seatOf(after)];
  return { newClaim: seat.holder === undefined ? seat.key : null, releasedClaim: isGivenUp ? had.key : null, holder: seat.holder };
};

/** Personal fields enter the hash as pseudonyms only. */
const keyedBy = (
  { acts, vault }: Pick<ChangeParts, 'acts' | 'vault'>,
  accountId: string,
  { reference, grounds, name, identityKind, identityNumber, document }: PersonChangeOrder,
  tracing: Tracing,
): Keyed => {
  const says = [name, identityKind, identityNumber].map((field) => (field === null ? null : vault.pseudonymOfIdentity('field', field)));
  return acts.keyed(tracing, reference, 'ProposeChange', accountId, grounds, ...says, document);
};
