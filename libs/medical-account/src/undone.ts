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

const bucketSum = (legs: readonly MedicalLeg[], bucket: string): number =>
  legs.reduce((sum, leg) => (isSubAccountLeg(leg) && leg.account.endsWith(bucket) ? sum + leg.amountFen : sum), 0);

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
  return event.data.reason === 'replaced' ? { ...more, byReplacement: parts } : more;
};

/** What is undone after a cancellation was itself reversed: its own parts are taken off, wherever the money was taken from. */
export const undoneLess = (undone: Undone, { data }: CancellationReversed, cancellation: SettlementCancelled): Undone => ({
  ...counted(undone, partsOf(cancellation), -1),
  reversedCancellationKeys: [...undone.reversedCancellationKeys, data.cancellationKey],
});

/** What is undone after the settlement that replaced this one was reversed. */
const undoneByNoReplacement = (undone: Undone): Undone => {
  if (undone.byReplacement === null) throw new Error('a replacement was reversed that had replaced nothing');
  return { ...counted(undone, undone.byReplacement, -1), byReplacement: null };
};

/** The key that an event answers; null for what time brought about, or what a keyed event of the same append stands for. */
export const keyOf = ({ data }: MedicalAccountEvent | Posting['original']): string | null => ('key' in data ? data.key : null);

export const posted = (original: Posting['original']): Posting => ({ original, undone: NOTHING_UNDONE });

/** What is left of a settlement, by what it was made of. Units: fen. */
export const leftOf = ({ data }: SwipeSettled, undone: Undone) => ({
  amountFen: medicalFen(data.totalFeeFen - undone.amountFen),
  fundFen: medicalFen(data.fundPaidFen - undone.fundReturnedFen),
  accountFen: medicalFen(sumOf(data.legs, 'payable:') - undone.accountFen),
  cashFen: medicalFen(data.cashPaymentFen - undone.cashRefundFen),
});

const trackUndone = (postings: Map<string, Posting>, event: Recorded<MedicalAccountEvent>): void => {
  if (event.type === 'SettlementCancelled.v1' || event.type === 'SettlementReversed.v1') {
    const settled = postings.get(event.data.settlementKey); // Absent when settled before the closing: the facts bring it.
    if (settled) postings.set(event.data.settlementKey, { ...settled, undone: undoneMore(settled.undone, event) });
  } else if (event.type === 'CancellationReversed.v1') {
    const settled = postings.get(event.data.settlementKey);
    if (!settled) return;
    if (event.data.key === null) {
      postings.set(event.data.settlementKey, { ...settled, undone: undoneByNoReplacement(settled.undone) });
      return;
    }
    const cancelled = postings.get(event.data.cancellationKey)?.original;
    if (cancelled?.type !== 'SettlementCancelled.v1') throw new Error('a cancellation was reversed that is not in the stream');
    postings.set(event.data.settlementKey, { ...settled, undone: undoneLess(settled.undone, event, cancelled) });
  }
};

/** Keeps what stands under each key, and what has been undone of it, in place. */
export const remember = (postings: Map<string, Posting>, event: Recorded<MedicalAccountEvent>): void => {
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
