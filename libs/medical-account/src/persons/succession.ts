import { businessDateOf, type Recorded } from '#libs/kernel';
import type { CardRecord, MedicalAccountEvent, PersonEvent } from '../events';
import { post } from '../ledger';
import type { AccountState } from '../state';
import { CARDLESS, type MedicalLeg, medicalFen, type SubAccount, subAccount } from '../vocabulary';
import { handOverParts } from './hand-over';
import type { MergeRecord, Succession } from './records';
import { heldElsewhere } from './standing';

const change = (state: AccountState, changed: Partial<Succession>): void => {
  state.succession = { ...state.succession, ...changed };
};
const without = <V>(pairs: readonly (readonly [string, V])[], id: string): readonly (readonly [string, V])[] =>
  pairs.filter(([one]) => one !== id);

/** Nothing of it, as it is written: left out. */
export const successionOrNull = (succession: Succession): Succession | null =>
  succession.mergedInto === null && Object.values(succession).every((part) => part === null || (part as readonly unknown[]).length === 0)
    ? null
    : succession;

type Given = Readonly<{
  decidedAt: string;
  data: Readonly<{
    legs: readonly MedicalLeg[];
    cards: PersonGiven['cards'];
    freezes: PersonGiven['freezes'];
    fenDays: PersonGiven['fenDays'];
  }>;
}>;
type PersonGiven = Extract<PersonEvent, { type: 'AccountMerged.v1' }>['data'];

const take = (state: AccountState, { decidedAt, data }: Given): void => {
  const day = businessDateOf(decidedAt);
  for (const [cardId, card] of data.cards) state.cards.set(cardId, card);
  for (const [freezeId, freeze] of data.freezes) state.freezes.set(freezeId, freeze);
  post(state, data.legs, day);
  for (const [account, more] of data.fenDays) {
    const known = state.products.get(account);
    state.products.set(account, { fenDays: (known?.fenDays ?? 0) + more, through: known?.through ?? day });
  }
};

const subAccountLegs = (legs: readonly MedicalLeg[]) =>
  legs.flatMap(({ account, amountFen }) => (account.startsWith('subAccount:') ? [[account as SubAccount, amountFen] as const] : []));

const PENDING: Omit<MergeRecord, 'absorbedAccountId'> = { mergedAt: null, brought: [], owedFen: medicalFen(0), cardIds: [], freezeIds: [] };

/**
 * What is paid back to the absorbed account's settlements is a part of what it brought: of the merge that brought its card, else of that of
 * the account that sends it. What is passed on comes back here with its card when this account stands on its own again.
 */
const bringMore = (state: AccountState, fromAccountId: string, legs: readonly MedicalLeg[]): void => {
  const { merges } = state.succession;
  const cardIds = new Set(handOverParts(legs).map(({ cardId }) => cardId));
  const [caseId] =
    merges.find(([, { cardIds: own }]) => own.some((cardId) => cardIds.has(cardId))) ??
    merges.find(([, { absorbedAccountId }]) => absorbedAccountId === fromAccountId) ??
    [];
  const isHere = (merge: MergeRecord, cardId: string) => merge.cardIds.includes(cardId);
  const passed = (merge: MergeRecord) =>
    leaving(legs).map(
      ({ cardId, bucket, amountFen }) => [subAccount(isHere(merge, cardId) ? cardId : CARDLESS, bucket), medicalFen(amountFen)] as const,
    );
  const more = (merge: MergeRecord): MergeRecord => ({ ...merge, brought: [...merge.brought, ...subAccountLegs(legs), ...passed(merge)] });
  change(state, { merges: merges.map((one) => (one[0] === caseId ? ([caseId, more(one[1])] as const) : one)) });
};

const leaving = (legs: readonly MedicalLeg[]) => handOverParts(legs).filter(({ amountFen }) => amountFen > 0);

/** Nothing that stays follows a card that leaves. */
const parted = (card: CardRecord, cardIds: ReadonlySet<string>): CardRecord => ({
  ...card,
  successorCardId: cardIds.has(card.successorCardId ?? '') ? null : card.successorCardId,
  deferred: cardIds.has(card.deferred?.toCardId ?? '') ? null : card.deferred,
});

const leave = (state: AccountState, cardIds: ReadonlySet<string>): void => {
  for (const all of [state.balances, state.products])
    for (const account of all.keys()) if (cardIds.has(account.split(':')[1] ?? '')) all.delete(account);
  for (const cardId of cardIds) state.cards.delete(cardId);
  for (const [cardId, card] of state.cards) state.cards.set(cardId, parted(card, cardIds));
};

type ApplyPerson = { [T in PersonEvent['type']]: (state: AccountState, event: Recorded<Extract<PersonEvent, { type: T }>>) => void };

/** What each of these facts does to an account, in place. */
export const APPLY_PERSON: ApplyPerson = {
  'PersonCaseProposed.v1': (state, { data: { caseId, kind, absorbedAccountId, mergeId, change: changed, proposedBy } }) =>
    change(state, {
      cases: [...state.succession.cases, [caseId, { kind, absorbedAccountId, mergeId, change: changed, proposedBy }]],
    }),
  'PersonCaseApproved.v1': (state, { data: { caseId } }) => {
    const open = state.succession.cases.find(([id]) => id === caseId)?.[1];
    if (open === undefined || open.absorbedAccountId === null) throw new Error('a merge was approved that nobody proposed');
    change(state, {
      cases: without(state.succession.cases, caseId),
      merges: [...state.succession.merges, [caseId, { ...PENDING, absorbedAccountId: open.absorbedAccountId }]],
    });
  },
  'PersonCaseWithdrawn.v1': (state, { data: { caseId } }) =>
    change(state, { cases: without(state.succession.cases, caseId), merges: without(state.succession.merges, caseId) }),
  'AccountAbsorbed.v1': (state, { decidedAt, data: { key, caseId, survivorAccountId, legs } }) => {
    post(state, legs, businessDateOf(decidedAt));
    for (const all of [state.balances, state.products, state.cards, state.freezes]) all.clear();
    change(state, {
      mergedInto: { accountId: survivorAccountId, caseId },
      handOvers: [...state.succession.handOvers, [key, { toAccountId: survivorAccountId }]],
    });
  },
  'AccountMerged.v1': (state, event) => {
    take(state, event);
    const { caseId, absorbedAccountId, owedFen, cards, freezes, legs } = event.data;
    const merge: MergeRecord = {
      absorbedAccountId,
      mergedAt: event.decidedAt,
      brought: subAccountLegs(legs),
      owedFen,
      cardIds: cards.map(([cardId]) => cardId),
      freezeIds: freezes.map(([freezeId]) => freezeId),
    };
    const isHere = (cardId: string) => merge.cardIds.includes(cardId);
    change(state, {
      merges: state.succession.merges.map((one) => (one[0] === caseId ? ([caseId, merge] as const) : one)),
      departed: state.succession.departed.filter(([cardId]) => !isHere(cardId)),
    });
  },
  'MergeUndone.v1': (state, { decidedAt, data: { key, caseId, mergeId, absorbedAccountId, cards, freezes, refundsStay, legs } }) => {
    post(state, legs, businessDateOf(decidedAt));
    leave(state, new Set(cards.map(([cardId]) => cardId)));
    for (const [freezeId] of freezes) state.freezes.delete(freezeId);
    change(state, {
      cases: without(state.succession.cases, caseId),
      merges: without(state.succession.merges, mergeId),
      handOvers: [...state.succession.handOvers, [key, { toAccountId: absorbedAccountId }]],
      departed: [
        ...state.succession.departed,
        ...cards.flatMap(([cardId]) => (refundsStay?.includes(cardId) ? [] : [[cardId, absorbedAccountId] as const])),
      ],
    });
  },
  'AccountRestored.v1': (state, event) => {
    take(state, event);
    state.rolledOverThrough = event.data.rolledOverThrough;
    change(state, { mergedInto: null });
  },
  'RefundReceived.v1': (state, event) => {
    const { legs, fromAccountId } = event.data;
    post(state, legs, businessDateOf(event.decidedAt));
    bringMore(state, fromAccountId, legs);
    sendOn(state, event);
  },
  'HandOverDelivered.v1': (state, { data }) => change(state, { handOvers: without(state.succession.handOvers, data.handOverId) }),
  'PersonChanged.v1': (state, { data: { caseId, releasedClaim } }) =>
    change(state, {
      cases: without(state.succession.cases, caseId),
      handOvers: [...state.succession.handOvers, [caseId, { toAccountId: 'vault' }]],
      releasedClaims: releasedClaim === null ? state.succession.releasedClaims : [...state.succession.releasedClaims, releasedClaim],
    }),
};

/** An undoing whose money goes on to the account that holds the settlement's money now. */
export const sendOn = (state: AccountState, event: Extract<MedicalAccountEvent, { data: { legs: unknown } }>): void => {
  const { legs } = event.data;
  const key = 'key' in event.data ? event.data.key : null;
  const part = leaving(legs)[0];
  if (part === undefined || key === null) return;
  const toAccountId = heldElsewhere(state, part.cardId);
  if (toAccountId === null) throw new Error('money is sent on from an account that has it');
  change(state, { handOvers: [...state.succession.handOvers, [key, { toAccountId }]] });
};
