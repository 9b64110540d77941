import type { Command } from '#libs/kernel';
import type { PersonCaseKind, PersonChange } from '../persons/records';
import type { Keyed } from '../vocabulary';

/** Sent to the account that survives a merge, or whose holder's name or number change. */
export type ProposePersonCase = Command<
  'ProposePersonCase',
  Keyed & {
    caseId: string;
    kind: PersonCaseKind;
    absorbedAccountId: string | null;
    mergeId: string | null;
    change: PersonChange | null;
    reason: string;
    document: string;
    proposedBy: string;
  }
>;
export type ApprovePersonCase = Command<'ApprovePersonCase', Keyed & { caseId: string; approvedBy: string }>;
export type WithdrawPersonCase = Command<'WithdrawPersonCase', Keyed & { caseId: string; reason: string }>;
/** Follows from an approved merge; sent to the absorbed account. */
export type AbsorbAccount = Command<'AbsorbAccount', Keyed & { caseId: string; survivorAccountId: string }>;
/** Takes what another account has sent; `handOverId`: the key of the act that sent it. */
export type ReceiveHandOver = Command<'ReceiveHandOver', Keyed & { handOverId: string }>;
export type ConfirmHandOver = Command<'ConfirmHandOver', Keyed & { handOverId: string }>;

export type PersonCommand = ProposePersonCase | ApprovePersonCase | WithdrawPersonCase | AbsorbAccount | ReceiveHandOver | ConfirmHandOver;
