import fc from 'fast-check';
import { balanced } from '#libs/kernel';
import { type AccountState, BUCKETS, cardStateNow, type SwipeSettled, subAccount } from '#libs/medical-account';
import { casesOf, WANTED } from '../support/account-cases';
import { cities, histories } from '../support/account-histories';
import { legsIn, NO_INTEREST, packOf, play, type Seen, sumOf } from '../support/account-play';
import { INSTITUTIONS } from '../support/account-steps';
import { runs, tally } from '../support/property-runs';
import type { Told } from '../support/settlement-claims';
import { settlementModel } from '../support/settlement-model';

const moneyOf = (state: AccountState) => {
  const ids = [...state.cards.keys(), 'cardless'];
  const money = ids.map((id) => [id, BUCKETS.map((bucket) => state.balances.get(subAccount(id, bucket)) ?? 0)] as const);
  return Object.fromEntries(
    money.filter(([, fen]) => fen.some((one) => one !== 0)).map(([id, [currentYear, priorYear]]) => [id, { currentYear, priorYear }]),
  );
};

/** What the answer moved, by who bears it. */
const movedBy = (seen: Seen): Omit<Told, 'kind'> => {
  const key = seen.command && 'key' in seen.command.data ? seen.command.data.key : null;
  const answer = seen.added.findLast(({ data }) => 'key' in data && data.key === key);
  const account = Math.abs(answer ? sumOf([answer], 'payable:') : 0);
  if (answer?.type === 'SwipeSettled.v1') return { account, cash: answer.data.cashPaymentFen, fund: answer.data.fundPaidFen };
  if (answer && 'cashRefundFen' in answer.data) return { account, cash: answer.data.cashRefundFen, fund: answer.data.fundReturnedFen };
  return { account: 0, cash: 0, fund: 0 };
};

/**
 * C3: what paid is a card in use that is neither sealed nor locked, or no card at all; a late entry may draw on what stands of a card that has
 * ended since, sealed or not, and a card that shares the balance of another draws on that one, whatever has become of it.
 */
const expectUsable = ({ data }: SwipeSettled, state: AccountState) => {
  const card = state.cards.get(data.cardId);
  if (card === undefined || sumOf([{ type: 'SwipeSettled.v1', decidedAt: '', data }], 'payable:') === 0) return;
  if (data.entry === 'online') expect(card.sealed).toBe(false);
  const shown = state.cards.get(data.presentedCardId ?? data.cardId);
  const isCard = data.credentialKind === 'socialSecurityCard';
  if (data.entry === 'online') expect(shown && cardStateNow(shown)).toBe('inUse'); // What a late entry may draw on, the model knows.
  if (data.entry === 'online' && isCard) expect(shown?.pin?.locks.some(({ until }) => until === null) === true).toBe(false);
};

describe('medical accounts, whatever comes in whatever order', () => {
  it('C1–C4: keep the books as an independent model does', () => {
    const seenCases = tally();
    fc.assert(
      fc.property(histories, cities, (steps, city) => {
        const model = settlementModel(city);
        const payable = INSTITUTIONS.map(() => 0);
        play(steps, packOf(city, { interest: NO_INTEREST }), (seen) => {
          const { kind, ...parts } = model.predict(seen.step, seen.now);
          for (const one of casesOf(seen)) seenCases.count(one);
          expect([seen.step, seen.outcome, seen.codes]).toEqual([seen.step, kind, seen.codes]);
          if (seen.outcome !== 'accepted' && seen.added.length === 0) return;
          for (const event of seen.added) balanced(legsIn([event]));
          INSTITUTIONS.forEach((code, nth) => {
            payable[nth] = (payable[nth] ?? 0) + sumOf(seen.added, `payable:${code}`);
            expect(payable[nth]).toBe(model.payable(nth));
          });
          if (seen.account < 0) return;
          if (kind === 'accepted') expect(movedBy(seen)).toEqual(parts);
          expect(moneyOf(seen.state)).toEqual(model.money(seen.account)); // C3: on the successor, sealed, or where it was: never gone.
          expect(0 - seen.state.receivableFen).toBe(model.owed(seen.account));
          const answer = seen.added.at(-1);
          if (answer?.type === 'SwipeSettled.v1') expectUsable(answer, seen.state);
        });
      }),
      runs(700, 1),
    );
    expect(seenCases.missing(WANTED)).toEqual([]);
  });
});
