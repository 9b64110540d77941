import { businessDateOf } from '#libs/kernel';
import type { AccountFacts, ApprovePersonCase } from '../commands';
import type { CardRecord, MergeUndone } from '../events';
import { productThrough } from '../ledger';
import type { AccountRefusal } from '../refusals';
import { type AccountState, bucketFen, homeOf } from '../state';
import { BUCKETS, type Bucket, CARDLESS, type MedicalLeg, medicalFen, type SubAccount, subAccount } from '../vocabulary';
import { inTransitOf, owedInTransit, summed } from './hand-over';
import type { MergeRecord } from './records';
import { frozen, locationOrHome, mergeOf, relationUnderWay, underWay } from './standing';

/** What keeps a merge from being undone, all of it. */
export const undoRefusals = (mergeId: string, state: AccountState, facts: AccountFacts): AccountRefusal[] => {
  const merge = mergeOf(state, mergeId);
  if (merge === undefined || merge.mergedAt === null) return [...underWay(state), { code: 'merge-not-found', mergeId }];
  return [...underWay(state), ...relationUnderWay(state), ...frozen(state, facts, new Set(merge.cardIds))];
};

/**
 * What is left of what the absorbed account brought goes back, with its cards. Where it stands with other money, what was spent counts first
 * as the survivor's own; interest and credits since then stay with the survivor. Units: fen.
 * @throws Error when there is no such merge: the caller has looked.
 */
export const mergeUndone = ({ data }: ApprovePersonCase, mergeId: string, state: AccountState, facts: AccountFacts): MergeUndone => {
  const merge = mergeOf(state, mergeId);
  if (merge === undefined || state.holder === null) throw new Error('a merge was undone that is not here');
  const leaving = new Set(merge.cardIds.filter((cardId) => state.cards.has(cardId)).sort());
  const back = takenBack(data.key, merge, state, leaving);
  const returnedFen = 0 - back.reduce((sum, { account, amountFen }) => (account.startsWith('subAccount:') ? sum + amountFen : sum), 0);
  const owedFen = Math.max(merge.owedFen, state.receivableFen);
  const owed: MedicalLeg[] =
    owedFen === 0
      ? []
      : [
          { account: 'receivable', amountFen: medicalFen(0 - owedFen) },
          { account: owedInTransit(data.key), amountFen: medicalFen(owedFen) },
        ];
  const day = businessDateOf(facts.decidedAt);
  return {
    type: 'MergeUndone.v1',
    decidedAt: facts.decidedAt,
    data: {
      ...data,
      mergeId,
      absorbedAccountId: merge.absorbedAccountId,
      broughtFen: medicalFen(merge.brought.reduce((sum, [, fen]) => sum + fen, 0)),
      returnedFen: medicalFen(returnedFen),
      owedFen: medicalFen(owedFen),
      rolledOverThrough: state.rolledOverThrough,
      refundsStay: refundsStay(merge, returnedFen, state, leaving),
      cards: [...leaving].flatMap((cardId) => {
        const card = state.cards.get(cardId);
        return card === undefined ? [] : [[cardId, alone(card, leaving)] as const];
      }),
      freezes: [...state.freezes]
        .filter(([freezeId, { scope }]) => merge.freezeIds.includes(freezeId) || ('cardId' in scope && leaving.has(scope.cardId)))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
      fenDays: [...leaving].flatMap((cardId) =>
        BUCKETS.flatMap((bucket) => {
          const account = subAccount(cardId, bucket);
          const fenDays = productThrough(state, account, day);
          return fenDays === 0 ? [] : [[account, fenDays] as const];
        }),
      ),
      legs: summed([...back, ...leftBehind(back, leaving, state), ...owed]),
    },
  };
};

/** A card keeps what ties it to cards that leave with it. */
const alone = (card: CardRecord, leaving: ReadonlySet<string>): CardRecord => ({
  ...card,
  successorCardId: card.successorCardId !== null && leaving.has(card.successorCardId) ? card.successorCardId : null,
  deferred: card.deferred !== null && leaving.has(card.deferred.toCardId) ? card.deferred : null,
});

/**
 * Cards that leave whose money stood with the survivor's, when all that came goes back: what was paid of that money was counted as the
 * survivor's own, so what comes back of it is the survivor's. null: none.
 */
const refundsStay = (merge: MergeRecord, returnedFen: number, state: AccountState, leaving: ReadonlySet<string>) => {
  if (returnedFen < merge.brought.reduce((sum, [, fen]) => sum + fen, 0)) return null;
  const stay = [...leaving].filter((cardId) => !leaving.has(locationOrHome(state, cardId)));
  return stay.length === 0 ? null : stay;
};

const cardAndBucket = (account: SubAccount): Readonly<{ cardId: string; bucket: Bucket }> => {
  const [, cardId = '', bucket] = account.split(':');
  return { cardId, bucket: bucket === 'priorYear' ? 'priorYear' : 'currentYear' };
};

const takenBack = (handOverId: string, merge: MergeRecord, state: AccountState, leaving: ReadonlySet<string>): MedicalLeg[] => {
  const taken = new Map<SubAccount, number>();
  const legs: MedicalLeg[] = [];
  const isRolledOver = merge.mergedAt !== null && merge.mergedAt < state.rolledOverThrough;
  for (const [account, broughtFen] of merge.brought) {
    const { cardId, bucket } = cardAndBucket(account);
    const place = locationOrHome(state, cardId);
    let restFen: number = broughtFen;
    for (const from of isRolledOver || bucket === 'priorYear' ? BUCKETS.toReversed() : BUCKETS) {
      const stands = subAccount(place, from);
      const before = taken.get(stands) ?? 0;
      const fen = Math.min(restFen, bucketFen(state, stands) - before);
      taken.set(stands, before + fen);
      restFen -= fen;
      legs.push({ account: stands, amountFen: medicalFen(0 - fen) });
      legs.push({ account: inTransitOf(handOverId, leaving.has(cardId) ? cardId : CARDLESS, from), amountFen: medicalFen(fen) });
    }
  }
  return summed(legs);
};

/** What else stands on the cards that leave is the survivor's. */
const leftBehind = (back: readonly MedicalLeg[], leaving: ReadonlySet<string>, state: AccountState): MedicalLeg[] => {
  const staying = { ...state, cards: new Map([...state.cards].filter(([cardId]) => !leaving.has(cardId))) };
  const home = homeOf(staying);
  return [...leaving].flatMap((cardId) =>
    BUCKETS.flatMap((bucket) => {
      const account = subAccount(cardId, bucket);
      const gone = back.find((leg) => leg.account === account)?.amountFen ?? 0;
      const restFen = bucketFen(state, account) + gone;
      return [
        { account, amountFen: medicalFen(0 - restFen) },
        { account: subAccount(home, bucket), amountFen: medicalFen(restFen) },
      ];
    }),
  );
};
