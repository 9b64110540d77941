import type { AccountFacts, ApprovePersonCase, ProposePersonCase, WithdrawPersonCase } from '../commands';
import { earlierAnswer } from '../keys';
import { type AccountRefusal, accept, type Outcome, refuse } from '../refusals';
import { type AccountState, hasEnded } from '../state';
import type { OpenPersonCase } from './records';
import { frozen, mergeOf, relationUnderWay, underWay } from './standing';
import { mergeUndone, undoRefusals } from './undo-merge';

/**
 * Puts a merge, its undoing or a change of name or number before another operator. Idempotency: by business number.
 * Refusals: all that would keep it from being done today.
 */
export const proposePersonCase = ({ data }: ProposePersonCase, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'PersonCaseProposed.v1', facts);
  if (earlier) return earlier;
  if (state.holder === null) return refuse([{ code: 'account-not-found' }]);
  const refusals = [...openLike(data, state), ...caseRefusals(data, state, facts)];
  if (refusals.length > 0) return refuse(refusals);
  return accept({ type: 'PersonCaseProposed.v1', decidedAt: facts.decidedAt, data });
};

type Proposed = Omit<OpenPersonCase, 'proposedBy'>;

/** The same thing twice, before anybody has looked at the first. */
const openLike = ({ kind, absorbedAccountId, mergeId }: Proposed, { succession }: AccountState): AccountRefusal[] =>
  succession.cases.flatMap(([caseId, open]) =>
    open.kind === kind && open.absorbedAccountId === absorbedAccountId && open.mergeId === mergeId ? [{ code: 'case-open', caseId }] : [],
  );

const caseRefusals = (proposed: Proposed, state: AccountState, facts: AccountFacts): AccountRefusal[] => {
  if (proposed.kind === 'merge') return mergeRefusals(proposed, state, facts);
  return proposed.kind === 'undoMerge' ? undoRefusals(proposed.mergeId ?? '', state, facts) : [];
};

/** Named with what is known of the other account. Source: one person, one account in a pooling area. */
const mergeRefusals = ({ absorbedAccountId }: Proposed, state: AccountState, facts: AccountFacts): AccountRefusal[] => {
  const { other = null } = facts;
  const { holder } = state;
  if (holder === null || absorbedAccountId === null) return [{ code: 'account-not-found' }];
  if (absorbedAccountId === holder.accountId) return [{ code: 'merge-with-itself' }];
  if (other?.accountId !== absorbedAccountId) return [{ code: 'other-account-not-found', accountId: absorbedAccountId }];
  const refusals = [
    ...underWay(state),
    ...relationUnderWay(state),
    ...frozen(state, facts),
    ...(other.refusals as readonly AccountRefusal[]),
  ];
  if (other.poolingArea !== holder.poolingArea)
    refusals.push({ code: 'merge-across-areas', poolingArea: other.poolingArea, own: holder.poolingArea });
  if (other.hasPersonalAccount && !holder.hasPersonalAccount) refusals.push({ code: 'survivor-without-personal-account' });
  return refusals;
};

/** A name in capitals, or with a space behind it, is the same person. */
const folded = (name: string): string => name.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/**
 * Four-eyes: by another operator than the one who proposed. What is proposed is judged again as things stand now.
 * Idempotency: by business number. Refusals: `case-not-found`, `case-approved-by-proposer`, and those of the proposal.
 */
export const approvePersonCase = (command: ApprovePersonCase, state: AccountState, facts: AccountFacts): Outcome => {
  const { data } = command;
  const earlier = [...APPROVALS].map((act) => earlierAnswer(data, act, facts)).find((found) => found?.kind === 'replayed');
  const used = earlier ?? earlierAnswer(data, 'PersonCaseApproved.v1', facts);
  if (used) return used;
  const { caseId, approvedBy } = data;
  const open = state.succession.cases.find(([id]) => id === caseId)?.[1];
  if (state.holder === null || open === undefined) return refuse(notWaiting(caseId, state));
  const refusals: AccountRefusal[] = caseRefusals(open, state, facts);
  if (folded(open.proposedBy) === folded(approvedBy)) refusals.push({ code: 'case-approved-by-proposer', caseId });
  if (refusals.length > 0) return refuse(refusals);
  if (open.kind === 'merge') return accept({ type: 'PersonCaseApproved.v1', decidedAt: facts.decidedAt, data });
  if (open.kind === 'undoMerge') return accept(mergeUndone(command, open.mergeId ?? '', state, facts));
  return changed(command, open, state, facts);
};
/** A merge that stands is known, and since when; of other cases the list tells what became of them. */
const notWaiting = (caseId: string, state: AccountState): AccountRefusal[] => {
  const doneAt = mergeOf(state, caseId)?.mergedAt ?? null;
  return [doneAt === null ? { code: 'case-not-found', caseId } : { code: 'case-done', caseId, doneAt }];
};
const APPROVALS = ['PersonCaseApproved.v1', 'MergeUndone.v1', 'PersonChanged.v1'] as const;

const changed = ({ data }: ApprovePersonCase, { change }: OpenPersonCase, state: AccountState, { decidedAt }: AccountFacts): Outcome => {
  if (change === null) throw new Error('a change of nothing was proposed');
  const { grounds, releasedClaim, commitments } = change;
  const affectedCardIds = [...state.cards].flatMap(([cardId, card]) => (hasEnded(card) ? [] : [cardId])).sort();
  return accept({
    type: 'PersonChanged.v1',
    decidedAt,
    data: { ...data, grounds, releasedClaim, commitments, affectedCardIds },
  });
};

/**
 * Takes a proposal back; or an approved merge whose other account could not be absorbed, before anything has moved.
 * Idempotency: by business number. Refusals: `case-not-found`.
 */
export const withdrawPersonCase = ({ data }: WithdrawPersonCase, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierAnswer(data, 'PersonCaseWithdrawn.v1', facts);
  if (earlier) return earlier;
  const { caseId } = data;
  const isOpen = state.succession.cases.some(([id]) => id === caseId);
  const isUnderWay = mergeOf(state, caseId)?.mergedAt === null;
  if (!isOpen && !isUnderWay) return refuse(notWaiting(caseId, state));
  return accept({ type: 'PersonCaseWithdrawn.v1', decidedAt: facts.decidedAt, data });
};
