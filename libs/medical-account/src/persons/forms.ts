import { cardRecord } from '../card-forms';
import type { FreezeRecord } from '../carried-state';
import type { PersonEvent } from '../events';
import { amount, count, type Form, instant, legs, listOf, nullable, oneOf, pairsOf, record, subAccountName, text, texts } from '../form';
import type { MergeRecord, OpenPersonCase, PersonCaseKind, PersonChange, PersonChangeGrounds, Succession } from './records';

const kind = oneOf<PersonCaseKind>({ merge: true, undoMerge: true, change: true });
const grounds = oneOf<PersonChangeGrounds>({ upgrade: true, correction: true, duplicateNumber: true, nameChanged: true });
const change = record<PersonChange>({ grounds, newClaim: nullable(text), releasedClaim: nullable(text), commitments: texts });
const proposed = { kind, absorbedAccountId: nullable(text), mergeId: nullable(text), change: nullable(change), proposedBy: text };

const pairsOfMoney = pairsOf(subAccountName, amount);
export const succession = record<Succession>({
  mergedInto: nullable(record<NonNullable<Succession['mergedInto']>>({ accountId: text, caseId: text })),
  cases: pairsOf(text, record<OpenPersonCase>(proposed)),
  merges: pairsOf(
    text,
    record<MergeRecord>({
      absorbedAccountId: text,
      mergedAt: nullable(instant),
      brought: pairsOfMoney,
      owedFen: amount,
      cardIds: listOf(text),
      freezeIds: listOf(text),
    }),
  ),
  handOvers: pairsOf(text, record<{ toAccountId: string }>({ toAccountId: text })),
  departed: pairsOf(text, text),
  releasedClaims: listOf(text),
});

const keyed = { key: text, commandHash: text };
type DataOf<T extends PersonEvent['type']> = Extract<PersonEvent, { type: T }>['data'];
type Rows = { [T in PersonEvent['type']]: Form<DataOf<T>> };

/** How these facts stand in the log. */
export const personForms = (freezeRecord: Form<FreezeRecord>): Rows => {
  const given = {
    legs,
    cards: pairsOf(text, cardRecord),
    freezes: pairsOf(text, freezeRecord),
    fenDays: pairsOf(subAccountName, count),
  };
  return {
    'PersonCaseProposed.v1': record({ ...keyed, caseId: text, ...proposed, reason: text, document: text }),
    'PersonCaseApproved.v1': record({ ...keyed, caseId: text, approvedBy: text }),
    'PersonCaseWithdrawn.v1': record({ key: nullable(text), commandHash: nullable(text), caseId: text, reason: text }),
    'AccountAbsorbed.v1': record({ ...keyed, ...given, caseId: text, survivorAccountId: text }),
    'AccountMerged.v1': record({
      ...keyed,
      ...given,
      caseId: text,
      handOverId: text,
      absorbedAccountId: text,
      owedFen: amount,
      affectedCardIds: listOf(text),
    }),
    'MergeUndone.v1': record({
      ...keyed,
      ...given,
      caseId: text,
      mergeId: text,
      absorbedAccountId: text,
      approvedBy: text,
      broughtFen: amount,
      returnedFen: amount,
      owedFen: amount,
      rolledOverThrough: instant,
      refundsStay: nullable(listOf(text)),
    }),
    'AccountRestored.v1': record({ ...keyed, ...given, caseId: text, handOverId: text, fromAccountId: text, rolledOverThrough: instant }),
    'RefundReceived.v1': record({ ...keyed, legs, handOverId: text, fromAccountId: text }),
    'HandOverDelivered.v1': record({ ...keyed, handOverId: text }),
    'PersonChanged.v1': record({
      ...keyed,
      caseId: text,
      grounds,
      releasedClaim: nullable(text),
      commitments: texts,
      approvedBy: text,
      affectedCardIds: listOf(text),
    }),
  };
};
