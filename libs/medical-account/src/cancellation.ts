import { businessDateOf } from '#libs/kernel';
import type { AccountFacts, CancelSettlement } from './commands';
import { medicalFen } from './events';
import { earlierSerial, standingHere } from './keys';
import { lastSwipeWithout } from './last-swipe';
import { type AccountRefusal, accept, type Outcome, refuse } from './refusals';
import type { AccountState } from './state';
import { declaredRefusals, type LiveSettlement, returnLegs, settlementOf } from './undo';
import { leftOf } from './undone';

/**
 * Undoes a settlement in full or in part, never beyond what is left of it, across closings and card changes.
 * The account's money goes back first and cash last: no return turns account money into cash. A suspended institution may still give back.
 * Units: fen. Idempotency: by serial. Refusals: `settlement-not-found`, `month-declared`, `already-undone`, amounts.
 */
export const cancelSettlement = ({ data }: CancelSettlement, state: AccountState, facts: AccountFacts): Outcome => {
  const earlier = earlierSerial(data, ['SettlementCancelled.v1'], facts);
  if (earlier) return earlier;
  const live = settlementOf(standingHere(data.settlementKey, state, facts));
  if (live === undefined) return refuse([{ code: 'settlement-not-found', settlementKey: data.settlementKey }]);

  const parts = partsOf(data, live);
  const refusals = [...institutionRefusals(data, facts), ...declaredRefusals(live, data.byAgency, facts), ...amountRefusals(parts, live)];
  if (refusals.length > 0) return refuse(refusals);

  const { byAgency: _byAgency, ...order } = data;
  const isWhole = parts.amountFen === leftOf(live.settled, live.undone).amountFen;
  return accept({
    type: 'SettlementCancelled.v1',
    decidedAt: facts.decidedAt,
    data: {
      ...order,
      businessDate: businessDateOf(facts.decidedAt),
      amountFen: medicalFen(parts.amountFen),
      fundReturnedFen: medicalFen(parts.fundFen),
      cashRefundFen: medicalFen(parts.ownFen - parts.accountFen),
      lastSwipe: isWhole ? lastSwipeWithout(live.settled, live.undone, state) : null,
      legs: returnLegs(live, parts.accountFen, state, data.key),
    },
  });
};

type Parts = Readonly<{ amountFen: number; fundFen: number; ownFen: number; accountFen: number }>;

const partsOf = ({ amountFen, fundReturnedFen }: CancelSettlement['data'], { settled, undone }: LiveSettlement): Parts => {
  const left = leftOf(settled, undone);
  const allFen = amountFen ?? left.amountFen;
  const fundFen = fundReturnedFen ?? (allFen === left.amountFen ? left.fundFen : 0);
  const ownFen = allFen - fundFen;
  return { amountFen: allFen, fundFen, ownFen, accountFen: Math.min(ownFen, left.accountFen) };
};

const amountRefusals = ({ amountFen, fundFen, ownFen }: Parts, { settled, undone }: LiveSettlement): AccountRefusal[] => {
  const left = leftOf(settled, undone);
  if (left.amountFen === 0) return [{ code: 'already-undone' }];
  const refusals: AccountRefusal[] = [];
  if (amountFen <= 0) refusals.push({ code: 'amount-not-positive', field: 'amount' });
  if (fundFen < 0) refusals.push({ code: 'amount-not-positive', field: 'fundReturned' });
  if (amountFen > left.amountFen) refusals.push({ code: 'amount-beyond-what-is-left', leftFen: left.amountFen });
  if (fundFen > left.fundFen || fundFen > amountFen)
    refusals.push({ code: 'fund-beyond-what-is-left', leftFen: medicalFen(Math.min(left.fundFen, Math.max(amountFen, 0))) });
  const ownLeftFen = left.accountFen + left.cashFen;
  if (ownFen > ownLeftFen && amountFen <= left.amountFen)
    refusals.push({ code: 'own-part-beyond-what-is-left', leftFen: medicalFen(ownLeftFen) });
  return refusals;
};

export const institutionRefusals = ({ byAgency }: Readonly<{ byAgency: boolean }>, { institution }: AccountFacts): AccountRefusal[] =>
  institution === null && !byAgency ? [{ code: 'institution-not-registered' }] : [];
