import type { Recorded } from '#libs/kernel';
import { NOTHING_UNDONE, type Posting, type Undone, type UndoneParts } from './commands';
import {
  type CancellationReversed,
  type MedicalAccountEvent,
  type MedicalLeg,
  medicalFen,
  type SettlementCancelled,
  type SettlementReversed,
  type SwipeSettled,
} from './events';
import { isSubAccountLeg, sumOf } from './ledger';
import { isHandOver } from './persons/hand-over';

const bucketSum = (legs: readonly MedicalLeg[], bucket: string): number =>
  legs.reduce(
    (sum, leg) => ((isSubAccountLeg(leg) || isHandOver(leg.account)) && leg.account.endsWith(bucket) ? sum + leg.amountFen : sum),
    0,
  );

const partsOf = ({ data }: SettlementCancelled | SettlementReversed): UndoneParts => ({
  amountFen: data.amountFen,
  fundReturnedFen: data.fundReturnedFen,
  cashRefundFen: data.cashRefundFen,
  accountFen: medicalFen(0 - sumOf(data.legs, 'payable:')),
  byBucketFen: {
    currentYear: medicalFen(bucketSum(data.legs, ':currentYear')),
    priorYear: medicalFen(bucketSum(data.legs, ':priorYear')),
  },
});

const counted = (undone: Undone, parts: UndoneParts, sign: 1 | -1): Undone => ({
  ...undone,
  amountFen: medicalFen(undone.amountFen + sign * parts.amountFen),
  fundReturnedFen: medicalFen(undone.fundReturnedFen + sign * parts.fundReturnedFen),
  cashRefundFen: medicalFen(undone.cashRefundFen + sign * parts.cashRefundFen),
  accountFen: medicalFen(undone.accountFen + sign * parts.accountFen),
  byBucketFen: {
    currentYear: medicalFen(undone.byBucketFen.currentYear + sign * parts.byBucketFen.currentYear),
    priorYear: medicalFen(undone.byBucketFen.priorYear + sign * parts.byBucketFen.priorYear),
  },
});

/** What is undone of a settlement after one more cancellation or reversal. */
export const undoneMore = (undone: Undone, event: SettlementCancelled | SettlementReversed): Undone => {
  const parts = partsOf(event);
  const more = counted(undone, parts, 1);
  if (event.type === 'SettlementReversed.v1') return { ...more, reversed: true };
  if (event.data.reason !== 'replaced') return more;
  const cardId = event.data.legs.find(isSubAccountLeg)?.account.split(':')[1] ?? null;
  return { ...more, replacements: [...undone.replacements, { byKey: null, cardId, parts }] };
};

/** What is undone after a cancellation was itself reversed: its own parts are taken off, wherever the money was taken from. */
export const undoneLess = (undone: Undone, { data }: CancellationReversed, cancellation: SettlementCancelled): Undone => ({
  ...counted(undone, partsOf(cancellation), -1),
  reversedCancellationKeys: [...undone.reversedCancellationKeys, data.cancellationKey],
});

/** The settlement that replaces this one is recorded after the cancellation, in the same append. */
const undoneBy = (undone: Undone, byKey: string): Undone => ({
  ...undone,
  replacements: undone.replacements.map((one) => (one.byKey === null ? { ...one, byKey } : one)),
});

/** What is undone after the settlement that replaced this one was reversed. */
const undoneByNoReplacement = (undone: Undone, byKey: string): Undone => {
  const replacement = undone.replacements.find((one) => one.byKey === byKey);
  if (replacement === undefined) throw new Error('a replacement was reversed that had replaced nothing');
  return { ...counted(undone, replacement.parts, -1), replacements: undone.replacements.filter((one) => one !== replacement) };
};

/** The key that an event answers; null for what time brought about, or what a keyed event of the same append stands for. */
export const keyOf = ({ data }: MedicalAccountEvent | Posting['original']): string | null => ('key' in data ? data.key : null);

const posted = (original: Posting['original']): Posting => ({ original, undone: NOTHING_UNDONE });

/** What is left of a settlement, by what it was made of. Units: fen. */
export const leftOf = ({ data }: SwipeSettled, undone: Undone) => ({
  amountFen: medicalFen(data.totalFeeFen - undone.amountFen),
  fundFen: medicalFen(data.fundPaidFen - undone.fundReturnedFen),
  accountFen: medicalFen(sumOf(data.legs, 'payable:') - undone.accountFen),
  cashFen: medicalFen(data.cashPaymentFen - undone.cashRefundFen),
});

/** What is undone of a settlement after an event that concerns it. */
const undoneThen = (undone: Undone, event: Recorded<MedicalAccountEvent>, postings: ReadonlyMap<string, Posting>): Undone => {
  if (event.type === 'SettlementCancelled.v1' || event.type === 'SettlementReversed.v1') return undoneMore(undone, event);
  if (event.type === 'SwipeSettled.v1') return undoneBy(undone, event.data.key);
  if (event.type !== 'CancellationReversed.v1') return undone;
  if (event.data.key === null) return undoneByNoReplacement(undone, event.data.cancellationKey);
  const cancelled = postings.get(event.data.cancellationKey)?.original;
  if (cancelled?.type !== 'SettlementCancelled.v1') throw new Error('a cancellation was reversed that is not in the stream');
  return undoneLess(undone, event, cancelled);
};

const trackUndone = (postings: Map<string, Posting>, event: Recorded<MedicalAccountEvent>): void => {
  const { data } = event;
  const key = event.type === 'SwipeSettled.v1' ? event.data.replacesKey : 'settlementKey' in data ? data.settlementKey : null;
  const settled = key === null ? undefined : postings.get(key); // Absent when settled before the first of the events.
  if (key !== null && settled) postings.set(key, { ...settled, undone: undoneThen(settled.undone, event, postings) });
};

/** Keeps what stands under each key, and what has been undone of it, in place. */
const remember = (postings: Map<string, Posting>, event: Recorded<MedicalAccountEvent>): void => {
  trackUndone(postings, event);
  const key = keyOf(event);
  if (key !== null) postings.set(key, posted(event));
};

/** What stands under a key, folded from events of one account: from the one that holds the key up to the head. undefined: none of them does. */
export const postingOf = (events: Iterable<Recorded<MedicalAccountEvent>>, key: string): Posting | undefined => {
  const postings = new Map<string, Posting>();
  for (const event of events) remember(postings, event);
  return postings.get(key);
};
