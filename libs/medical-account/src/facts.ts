import type { BusinessDate, Instant, Recorded } from '#libs/kernel';
import type { AccountPolicy } from './account-policy';
import type { MedicalAccountEvent, SettlementKeyVoided } from './events';
import type { OtherAccount } from './persons/records';
import type { Bucket, CardMedium, InstitutionKind, MedicalFen } from './vocabulary';

/** Parts of a settlement that were given back; `byBucketFen`: where the account's money went while the year of the settlement was open. */
export type UndoneParts = Readonly<{
  amountFen: MedicalFen;
  fundReturnedFen: MedicalFen;
  cashRefundFen: MedicalFen;
  accountFen: MedicalFen;
  byBucketFen: Readonly<Record<Bucket, MedicalFen>>;
}>;
/** `byKey`: the settlement that replaces it, once that is recorded too; `cardId`: the sub-account that got the money, if any moved. */
export type Replacement = Readonly<{ byKey: string | null; cardId: string | null; parts: UndoneParts }>;
/** How much of a settlement has been undone since, by what it was made of; net of cancellations that were reversed. */
export type Undone = UndoneParts &
  Readonly<{
    /** Keys of reversed cancellations: a cancellation is reversed at most once. */
    reversedCancellationKeys: readonly string[];
    /** Reversed as a whole: none of its cancellations can be reversed any more. */
    reversed: boolean;
    /** The day of the last swipe of its card that stands besides it; null: none is known. Told where the last one may be undone. */
    swipedBefore?: BusinessDate | null;
    /** What each settlement that replaces it has undone: it is taken again when that one is reversed. */
    replacements: readonly Replacement[];
  }>;
const NOTHING: UndoneParts = {
  amountFen: 0 as MedicalFen,
  fundReturnedFen: 0 as MedicalFen,
  cashRefundFen: 0 as MedicalFen,
  accountFen: 0 as MedicalFen,
  byBucketFen: { currentYear: 0 as MedicalFen, priorYear: 0 as MedicalFen },
};
export const NOTHING_UNDONE: Undone = { ...NOTHING, reversedCancellationKeys: [], reversed: false, replacements: [] };

/** What stands under a key: the event that answered it, and, for a settlement, what has been undone of it up to the loaded head. */
export type Posting = Readonly<{ original: Recorded<MedicalAccountEvent | SettlementKeyVoided>; undone: Undone }>;

/** All that a decision depends on besides command and state; recorded with the events, so that a replay decides the same. */
export type AccountFacts = Readonly<{
  decidedAt: Instant; // Never before the stream's last; the only clock a rule sees.
  policies: readonly AccountPolicy[]; // The pooling area's packs in force so far, oldest first; recorded by id and hash.
  institution: InstitutionFacts | null; // Of the command's institution; null when the command has none or it is not registered.
  /**
   * What stands under the command's keys, on this stream or another. With a cancellation that is to be reversed comes the settlement that it
   * undid. Each with what has been undone up to the loaded head.
   */
  postings: readonly Posting[];
  /** Live settlement under a second natural key of this command (visit and charge batch; invoice), other than the one it replaces. */
  naturalKeyHolder: Posting | null;
  /** The other account, where a decision is about two of them. */
  other?: OtherAccount | null;
}>;

/** The institution as it was at `judgedAt` (now for an online entry, occurredAt for a late one), and what may be posted today. */
export type InstitutionFacts = Readonly<{
  institutionCode: string;
  poolingArea: string;
  kind: InstitutionKind;
  identityCheckEquipped: boolean;
  agreement: Readonly<{
    status: 'inForce' | 'suspended' | 'terminated' | 'none' | 'closed';
    revision: number;
    services: readonly string[];
  }>;
  terminal: Readonly<{ media: readonly CardMedium[] }> | null; // null: unknown or retired
  operatorBarred: boolean;
  declaredThrough: string | null; // The last month (YYYY-MM) whose settlements have been declared for pay-out.
  succeededBy: string | null;
  judgedAt: Instant;
}>;
