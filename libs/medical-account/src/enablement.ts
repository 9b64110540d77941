import { businessDateOf, type Instant, startOf } from '#libs/kernel';
import type { AccountFacts, AccountPolicy, EnableCard } from './commands';
import {
  type BalanceTransferred,
  BUCKETS,
  CARDLESS,
  type CardEnabled,
  type CardRecord,
  type EnablementChannel,
  type HolderProxy,
  type MedicalAccountEvent,
  type MoneyMoves,
  type ProxyRelation,
  type SubAccountSealed,
  subAccount,
  type TransferDeferral,
} from './events';
import { legsOf } from './ledger';
import { policyAt } from './policy-at';
import type { AccountRefusal } from './refusals';
import { type AccountState, bucketFen, cardStateNow, homeOf, isOfOlderKind, isUsed, subAccountFen } from './state';

/** Legs that move all of one sub-account to another, bucket by bucket. */
export const transferLegs = (state: AccountState, fromCardId: string, toCardId: string) =>
  BUCKETS.flatMap((bucket) => {
    const amountFen = bucketFen(state, subAccount(fromCardId, bucket));
    return legsOf([subAccount(fromCardId, bucket), 0 - amountFen], [subAccount(toCardId, bucket), amountFen]);
  });

export type Enabling = Readonly<{
  cardId: string;
  channel: EnablementChannel;
  financialAreaActivated: boolean;
  proxy: HolderProxy | null;
  keyed: Readonly<{ key: string; commandHash: string }> | Readonly<{ key: null; commandHash: null }>;
}>;

const UNKEYED = { key: null, commandHash: null } as const;
type How = Readonly<{ decidedAt: string; cause: BalanceTransferred['data']['cause']; effectiveAt?: Instant }>;
type Old = readonly [cardId: string, card: CardRecord];

/**
 * Enables a card and lets it replace every earlier one, in one append: the seal is taken off, the old card is cancelled, its balance moves,
 * and cardless money too. Where the pack says so, old cards stay in use beside it, or their money stays sealed until later.
 * Source: Q5, J1, J3, S3: one formal card of a person is in use at a time; NY1: old and new in parallel.
 */
export const enabled = (enabling: Enabling, state: AccountState, facts: AccountFacts): MedicalAccountEvent[] => {
  const { cardId, channel, financialAreaActivated, proxy, keyed } = enabling;
  const { decidedAt } = facts;
  const policy = policyAt(facts.policies, decidedAt);
  const enabled: CardEnabled = { type: 'CardEnabled.v1', decidedAt, data: { ...keyed, cardId, channel, financialAreaActivated, proxy } };
  const events: MedicalAccountEvent[] = [enabled];
  if (financialAreaActivated && policy.financialArea !== null)
    events.push({ type: 'FinancialAreaReported.v1', decidedAt, data: { ...UNKEYED, cardId, active: true } });
  const carries = state.cards.get(cardId)?.carriesPersonalAccount === true;
  const how: How = { decidedAt, cause: channel === 'firstSwipe' ? 'firstSwipe' : 'enablement' };
  for (const old of state.cards) {
    const [oldId, card] = old;
    if (oldId === cardId || (!carries && card.carriesPersonalAccount)) continue; // Money never moves to a card that cannot hold it.
    events.push(...givesWay(cardId, old, state, { how, policy }));
  }
  if (carries) events.push(...movedTo(cardId, CARDLESS, state, how));
  return events;
};

type CardEntry = readonly [cardId: string, card: CardRecord];

/**
 * The newest formal card that is in use and was made after this one: an older card, found in a drawer or by somebody else, takes nothing over from
 * it. Old kinds and temporary cards give way to a formal card whenever that was made, and so does one of an older kind that was taken over in
 * use, of which nobody knows when it was made.
 */
export const newerInUse = (cardId: string, state: AccountState, policy: AccountPolicy): AccountRefusal[] => {
  const own = state.cards.get(cardId);
  if (own === undefined) return [];
  let newest: CardEntry | null = null;
  for (const entry of state.cards) {
    const [otherId, other] = entry;
    if (otherId === cardId || !isUsed(other) || !standsBefore(other, own, policy) || !isMadeAfter(other, own)) continue;
    if (newest === null || isMadeAfter(other, newest[1])) newest = entry;
  }
  return newest === null ? [] : [{ code: 'newer-card-in-use', cardId, newerCardId: newest[0], bring: newest[1].kind }];
};

const standsBefore = (other: CardRecord, own: CardRecord, { cardKinds }: AccountPolicy): boolean => {
  const generation = cardKinds[other.kind]?.generation;
  if (generation === 'temporary') return cardKinds[own.kind]?.generation === 'temporary';
  const isTakenOver = other.timeline[0]?.state === 'inUse';
  return generation === 'new' && !(isTakenOver && isOfOlderKind(other, own));
};

/** By the instant of registration: numbers of two streams, of which one was merged into the other, say nothing of each other. */
const isMadeAfter = (other: CardRecord, own: CardRecord): boolean => {
  const [otherAt, ownAt] = [other.timeline[0]?.from ?? '', own.timeline[0]?.from ?? ''];
  return otherAt === ownAt ? other.registeredAtRevision > own.registeredAtRevision : otherAt > ownAt;
};

const givesWay = (
  cardId: string,
  old: Old,
  state: AccountState,
  { how, policy }: Readonly<{ how: How; policy: AccountPolicy }>,
): MedicalAccountEvent[] => {
  const [oldId, card] = old;
  if (policy.parallelUse !== 'none' && policy.cardKinds[card.kind]?.generation === 'old' && isUsed(card))
    return policy.parallelUse === 'sameAccount' ? sharedWith(cardId, old, state, how) : [];
  const deferral = deferralOf(cardId, how.decidedAt, policy.moneyMoves);
  if (deferral === null || subAccountFen(state, oldId) === 0) return replacedBy(cardId, old, state, how);
  return leftUntilLater(old, deferral, how.decidedAt);
};

/** In use, lost or out of use, but not void yet. */
const isStanding = (card: CardRecord): boolean => isUsed(card) || ['lost', 'stopped', 'expired'].includes(cardStateNow(card));
const successorEnabled = 'successor card enabled';

const replacedBy = (cardId: string, [oldId, old]: Old, state: AccountState, how: How): MedicalAccountEvent[] => [
  ...unsealed(oldId, old, how.decidedAt),
  ...(isStanding(old) ? [voided(oldId, cardId, how.decidedAt)] : []),
  ...movedTo(cardId, oldId, state, how),
];

const unsealed = (cardId: string, { sealed }: CardRecord, decidedAt: Instant): MedicalAccountEvent[] =>
  sealed
    ? [{ type: 'SubAccountUnsealed.v1', decidedAt, data: { ...UNKEYED, cardId, cause: 'successorEnabled', reason: successorEnabled } }]
    : [];

const voided = (cardId: string, successorCardId: string | null, decidedAt: Instant): MedicalAccountEvent => ({
  type: 'CardCancelled.v1',
  decidedAt,
  data: { ...UNKEYED, cardId, cause: 'replaced', successorCardId, reason: successorEnabled },
});

/** The old card stays in use; what it pays from now on stands with the new one. */
const sharedWith = (cardId: string, [oldId, old]: Old, state: AccountState, how: How): MedicalAccountEvent[] => {
  if (!old.carriesPersonalAccount || old.successorCardId !== null || old.sealed) return [];
  const shared: MedicalAccountEvent = {
    type: 'SubAccountShared.v1',
    decidedAt: how.decidedAt,
    data: { cardId: oldId, withCardId: cardId },
  };
  return [...movedTo(cardId, oldId, state, how), shared];
};

/** The old card is void, and its money stays sealed where it is until its time comes. */
const leftUntilLater = ([cardId, old]: Old, deferral: TransferDeferral, decidedAt: Instant): MedicalAccountEvent[] => {
  if (old.deferred !== null) return [];
  return [
    ...(isStanding(old) ? [voided(cardId, null, decidedAt)] : []),
    ...(old.sealed ? [] : [sealedFor('transferDeferred', cardId, decidedAt)]),
    { type: 'TransferDeferred.v1', decidedAt, data: { cardId, ...deferral } },
  ];
};

/** null: the money moves at once, also where the day of the batch is over. */
const deferralOf = (toCardId: string, decidedAt: Instant, moves: MoneyMoves): TransferDeferral | null => {
  if (moves.when === 'atEnablement') return null;
  if (moves.when === 'onApplication') return { toCardId, until: null, place: moves.place };
  const until = moves.dayOfNextMonth === null ? moves.on : startOf(nextMonth(decidedAt, moves.dayOfNextMonth));
  return until === null || until <= decidedAt ? null : { toCardId, until, place: null };
};

const nextMonth = (decidedAt: Instant, day: number): string => {
  const [year = 0, month = 0] = businessDateOf(decidedAt).split('-').map(Number);
  const [y, m] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${String(y)}-${String(m).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
};

type SealCause = SubAccountSealed['data']['cause'];
const WHY: Readonly<Record<Exclude<SealCause, 'agency'>, string>> = {
  cardStopped: 'card stopped',
  cardLost: 'card formally lost',
  cardExpired: 'card expired',
  transferDeferred: 'balance moves later',
};
const sealedFor = (cause: keyof typeof WHY, cardId: string, decidedAt: Instant): SubAccountSealed => ({
  type: 'SubAccountSealed.v1',
  decidedAt,
  data: { ...UNKEYED, cardId, cause, reason: WHY[cause] },
});

/** The seal that goes with the end of a card; nothing where no money of its own can stand. Source: Q4, I4. */
export const sealedWith = (
  cardId: string,
  card: CardRecord,
  state: AccountState,
  { cause, decidedAt }: Readonly<{ cause: keyof typeof WHY; decidedAt: Instant }>,
): MedicalAccountEvent[] => {
  if (card.sealed || !card.carriesPersonalAccount || card.successorCardId !== null) return [];
  return state.holder?.hasPersonalAccount === true ? [sealedFor(cause, cardId, decidedAt)] : [];
};

/**
 * What goes with the end of a card in use: the seal on its money; or, where it was in use beside a new card, each with its own, the transfer
 * to that one, which is there already.
 */
export const endedWith = (
  cardId: string,
  card: CardRecord,
  state: AccountState,
  {
    cause,
    at,
    facts,
  }: Readonly<{ cause: 'cardStopped' | 'cardExpired'; at: Instant; facts: Pick<AccountFacts, 'policies' | 'decidedAt'> }>,
): MedicalAccountEvent[] => {
  const { decidedAt } = facts;
  const { parallelUse, cardKinds } = policyAt(facts.policies, at);
  const home = homeOf(state, cardId);
  const isBeside = parallelUse === 'ownSubAccounts' && cardKinds[card.kind]?.generation === 'old' && home !== CARDLESS && !card.sealed;
  if (isBeside) return movedTo(home, cardId, state, { decidedAt, cause: 'phase', effectiveAt: at });
  return sealedWith(cardId, card, state, { cause, decidedAt });
};

/** The transfer of what stands on a sub-account, or nothing when nothing stands there. */
export const movedTo = (toCardId: string, fromCardId: string, state: AccountState, how: How): MedicalAccountEvent[] =>
  subAccountFen(state, fromCardId) === 0 ? [] : [transferred(toCardId, fromCardId, state, how)];

/** Interest days never run backwards: what was moved since keeps the transfer at the day on which it is written. */
const canCountFrom = (at: Instant, { products }: AccountState, ...cardIds: readonly string[]): boolean => {
  const day = businessDateOf(at);
  return cardIds.every((cardId) => BUCKETS.every((bucket) => (products.get(subAccount(cardId, bucket))?.through ?? day) <= day));
};

export const transferred = (
  toCardId: string,
  fromCardId: string,
  state: AccountState,
  { decidedAt, cause, effectiveAt }: How,
): BalanceTransferred => {
  const amountFen = subAccountFen(state, fromCardId);
  const wasSealed = state.cards.get(fromCardId)?.sealed === true;
  const legs = transferLegs(state, fromCardId, toCardId);
  const from = effectiveAt !== undefined && canCountFrom(effectiveAt, state, fromCardId, toCardId) ? effectiveAt : null;
  return {
    type: 'BalanceTransferred.v1',
    decidedAt,
    data: { ...UNKEYED, fromCardId, toCardId, cause, amountFen, wasSealed, legs, effectiveAt: from },
  };
};

/** What bars a channel, or who acts for the holder through it. Source: Q8. */
export const channelRefusals = (data: EnableCard['data'], { enablement, proxies }: AccountPolicy): AccountRefusal[] => {
  const { channel, proxy } = data;
  const refusals: AccountRefusal[] = [];
  if (!enablement.channels.includes(channel)) refusals.push({ code: 'channel-not-allowed', channel, allowed: enablement.channels });
  if (proxy !== null) return [...refusals, ...proxyRefusals(data, proxy, proxies)];
  // What the bank has activated nobody else knows.
  if (data.financialAreaActivated && channel !== 'bankOutlet') refusals.push({ code: 'financial-area-told-by-bank-only', channel });
  const isWanted = channel === 'guardian' || (channel === 'proxy' && proxies !== null);
  return isWanted ? [...refusals, { code: 'proxy-missing', channel }] : refusals;
};

const GUARDIANS: readonly ProxyRelation[] = ['guardian', 'parent'];

/** A proxy does non-financial business only; a guardian's ends when the holder is eighteen. */
const proxyRefusals = (
  { channel, financialAreaActivated }: EnableCard['data'],
  { relation, holderAge }: HolderProxy,
  proxies: AccountPolicy['proxies'],
): AccountRefusal[] => {
  const refusals: AccountRefusal[] = [];
  const accepted = channel === 'guardian' ? GUARDIANS : (proxies?.relations ?? [relation]);
  if (!accepted.includes(relation)) refusals.push({ code: 'proxy-not-accepted', relation, accepted });
  if (channel === 'guardian' && holderAge !== 'minor') refusals.push({ code: 'guardian-of-an-adult' });
  if (financialAreaActivated) refusals.push({ code: 'proxy-for-financial-business' });
  return refusals;
};
