import type { Instant } from '#libs/kernel';
import type { MedicalFen, SubAccount } from '../vocabulary';

/** 同人合并 merge · 撤销合并 undoMerge · 变更姓名或证件号码 change. */
export type PersonCaseKind = 'merge' | 'undoMerge' | 'change';
/**
 * Why name or number change. upgrade: 15 digits to 18, the old number stays the holder's · correction: on proof, it never was his ·
 * duplicateNumber 重号: two persons used it, and this one gets another · nameChanged: by the registration of the household.
 */
export type PersonChangeGrounds = 'upgrade' | 'correction' | 'duplicateNumber' | 'nameChanged';
/** `newClaim`: of the new number, where that changes; `releasedClaim`: of the old one, where it is the holder's no more. No field itself. */
export type PersonChange = Readonly<{
  grounds: PersonChangeGrounds;
  newClaim: string | null;
  releasedClaim: string | null;
  commitments: Readonly<Record<string, string>>;
}>;

/** Proposed by one operator, and waiting for another. */
export type OpenPersonCase = Readonly<{
  kind: PersonCaseKind;
  absorbedAccountId: string | null;
  mergeId: string | null;
  change: PersonChange | null;
  proposedBy: string;
}>;
/**
 * An account that was merged into this one, or is about to be. `brought`: where on this account its money was put, what was paid back to
 * its settlements since included; `mergedAt`: null until the money has arrived.
 */
export type MergeRecord = Readonly<{
  absorbedAccountId: string;
  mergedAt: Instant | null;
  brought: readonly (readonly [SubAccount, MedicalFen])[];
  owedFen: MedicalFen; // What the absorbed holder owed; zero or less.
  cardIds: readonly string[];
  freezeIds: readonly string[];
}>;
/** What ties an account to others of the same person. Nearly every account has none of it. */
export type Succession = Readonly<{
  mergedInto: Readonly<{ accountId: string; caseId: string }> | null;
  cases: readonly (readonly [caseId: string, OpenPersonCase])[];
  merges: readonly (readonly [caseId: string, MergeRecord])[];
  /** Money that has left for another account and is not known to have arrived; by the key of the act that sent it. */
  handOvers: readonly (readonly [handOverId: string, Readonly<{ toAccountId: string }>])[];
  /** Cards that went back with an undone merge, and the account that has them. */
  departed: readonly (readonly [cardId: string, accountId: string])[];
  /** Claims of numbers that are the holder's no more: another person may take them. */
  releasedClaims: readonly string[];
}>;
export const NO_SUCCESSION: Succession = { mergedInto: null, cases: [], merges: [], handOvers: [], departed: [], releasedClaims: [] };

/** What a decision about two accounts is told of the other one. */
export type OtherAccount = Readonly<{ accountId: string; poolingArea: string; hasPersonalAccount: boolean; refusals: readonly object[] }>;
