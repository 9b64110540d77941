import type { Recorded } from '#libs/kernel';
import { type AccountFacts, accountStream, type Posting, type PostSwipe } from './commands';
import type { Keyed, MedicalAccountEvent, SwipeSettled } from './events';
import { locationOrHome } from './persons/standing';
import { type AccountRefusal, type Outcome, refuse } from './refusals';
import { type AccountState, locationOf } from './state';
import { keyOf } from './undone';

const hashOf = ({ data }: Posting['original']): string | null => ('commandHash' in data ? data.commandHash : null);

/** What stands under a key, on this account or another. */
export const standingUnder = (key: string, facts: AccountFacts): Posting | undefined =>
  facts.postings.find(({ original }) => keyOf(original) === key || voids(original, key));

const voids = (original: Posting['original'], key: string): boolean =>
  original.type === 'SettlementKeyVoided.v1' && original.data.voidedKey === key;

/** The same, if it stands on this very account: what another account answered is not this one's to undo. */
export const standingHere = (key: string, state: AccountState, facts: AccountFacts): Posting | undefined => {
  const posting = standingUnder(key, facts);
  return state.holder !== null && posting?.original.stream === accountStream(state.holder.accountId) ? posting : undefined;
};

type Act = MedicalAccountEvent['type'];

/**
 * The answer that a key has had already: the original for a repeat, a refusal for another use of it, undefined for a new key.
 * Idempotency: by key and hash, for ever; what has happened since (a lost card, a suspension) changes no answer that was given.
 */
export const earlierAnswer = (data: Readonly<Keyed>, act: Act, facts: AccountFacts): Outcome | undefined => {
  const found = standingUnder(data.key, facts)?.original;
  if (found === undefined) return undefined;
  if (found.type === act && hashOf(found) === data.commandHash)
    return { kind: 'replayed', original: found as Recorded<MedicalAccountEvent> };
  return refuse([{ code: 'key-used-with-different-content', firstAt: found.decidedAt, act: found.type }]);
};

/** The same for a serial of an institution, which stands for one act only. */
export const earlierSerial = (data: Readonly<Keyed>, acts: readonly Act[], facts: AccountFacts): Outcome | undefined => {
  const found = standingUnder(data.key, facts)?.original;
  if (found === undefined) return undefined;
  const act = acts.find((type) => type === found.type);
  if (act === undefined) return refuse([{ code: 'serial-used-for-other-act', firstAt: found.decidedAt, act: found.type }]);
  return earlierAnswer(data, act, facts);
};

/** The same for a swipe, which is told what differs. */
export const earlierSwipe = ({ data }: PostSwipe, state: AccountState, facts: AccountFacts): Outcome | undefined => {
  const found = standingUnder(data.key, facts)?.original;
  if (found === undefined) return undefined;
  if (found.type === 'SwipeSettled.v1' && found.data.commandHash !== data.commandHash) return refuse(differences(data, found, state));
  if (voids(found, data.key)) return refuse([{ code: 'settlement-key-voided', voidedAt: found.decidedAt }]);
  return earlierSerial(data, ['SwipeSettled.v1'], facts);
};

const differences = (data: PostSwipe['data'], settled: Recorded<SwipeSettled>, state: AccountState): AccountRefusal[] => {
  const { data: recorded, decidedAt: firstAt } = settled;
  const found: AccountRefusal[] = [];
  if (differentCard(data, settled, state)) found.push({ code: 'settlement-exists-with-different-card', firstAt });
  if (data.totalFeeFen !== recorded.totalFeeFen)
    found.push({ code: 'settlement-exists-with-different-amount', firstAt, recordedFen: recorded.totalFeeFen });
  if (data.fundPaidFen !== recorded.fundPaidFen)
    found.push({ code: 'settlement-exists-with-different-fund-part', firstAt, recordedFen: recorded.fundPaidFen });
  if (data.accountEligibleFen !== recorded.accountEligibleFen)
    found.push({ code: 'settlement-exists-with-different-eligible', firstAt, recordedFen: recorded.accountEligibleFen });
  if (data.medicalCategory !== recorded.medicalCategory)
    found.push({ code: 'settlement-exists-with-different-category', firstAt, recorded: recorded.medicalCategory });
  if (data.payment !== recorded.payment)
    found.push({ code: 'settlement-exists-with-different-payment', firstAt, recorded: recorded.payment });
  return found.length > 0 ? found : [{ code: 'settlement-exists-with-different-content', firstAt }];
};

/** A late entry may have drawn on the successor of the card that was presented: that is the same card to the institution. */
const differentCard = ({ credentialKind, cardId }: PostSwipe['data'], settled: Recorded<SwipeSettled>, state: AccountState): boolean => {
  if (state.holder === null || credentialKind !== settled.data.credentialKind) return true;
  const { cardId: drawnOn, presentedCardId } = settled.data;
  if (cardId !== null && (cardId === drawnOn || cardId === presentedCardId)) return false; // On whichever account it is by now.
  const own = [state.holder.accountId, ...state.succession.merges.map(([, { absorbedAccountId }]) => absorbedAccountId)];
  if (!own.some((accountId) => settled.stream === accountStream(accountId))) return true;
  if (cardId === null) return false;
  return !state.cards.has(cardId) || locationOf(state, cardId) !== locationOrHome(state, drawnOn);
};
