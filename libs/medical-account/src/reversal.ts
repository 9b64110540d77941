import { businessDateOf, type Recorded } from '#libs/kernel';
import { institutionRefusals } from './cancellation';
import type { AccountFacts, Posting, ReverseSettlement } from './commands';
import { BUCKETS, type MedicalLeg, medicalFen, type SettlementCancelled, subAccount } from './events';
import { earlierSerial, standingHere } from './keys';
import { isSubAccountLeg, legsOf, sumOf } from './ledger';
import { accept, type Outcome, refuse } from './refusals';
import { type AccountState, bucketFen, locationOf } from './state';
import { declaredRefusals, type LiveSettlement, returnLegs, settlementOf } from './undo';
import { leftOf } from './undone';

/**
 * Undoes an act whose outcome the institution never learned: what is left of a settlement, or a cancellation, once.
 * Units: fen. Idempotency: by serial. Refusals: `settlement-not-found`, `month-declared`, `already-undone`, `not-reversible`.
 */
export const reverseSettlement = (command: ReverseSettlement, state: AccountState, facts: AccountFacts): Outcome => {
  const { data } = command;
  const earlier = earlierSerial(data, ['SettlementReversed.v1', 'CancellationReversed.v1'], state, facts);
  if (earlier) return earlier;
  const posting = standingHere(data.targetKey, state, facts);
  const notFound = refuse([{ code: 'settlement-not-found', settlementKey: data.targetKey }]);
  if (posting === undefined || posting.original.type === 'SettlementKeyVoided.v1') return notFound;

  const settlement = settlementOf(posting);
  if (settlement) return reverseLive(command, settlement, state, facts);
  if (posting.original.type !== 'SettlementCancelled.v1') return refuse([{ code: 'not-reversible', act: posting.original.type }]);
  const undoneSettlement = settlementOf(standingHere(posting.original.data.settlementKey, state, facts));
  return undoneSettlement ? reverseCancellation(command, { cancelled: posting.original, ...undoneSettlement }, state, facts) : notFound;
};

const reverseLive = ({ data }: ReverseSettlement, live: LiveSettlement, state: AccountState, facts: AccountFacts): Outcome => {
  const left = leftOf(live.settled, live.undone);
  const refusals = [...institutionRefusals(data, facts), ...declaredRefusals(live, data.byAgency, facts)];
  if (left.amountFen === 0) refusals.push({ code: 'already-undone' });
  if (refusals.length > 0) return refuse(refusals);
  const { key, commandHash, institutionCode, serial, note } = data;
  return accept({
    type: 'SettlementReversed.v1',
    decidedAt: facts.decidedAt,
    data: {
      key,
      commandHash,
      institutionCode,
      serial,
      settlementKey: live.settled.data.key,
      settlementId: live.settled.data.settlementId,
      note,
      businessDate: businessDateOf(facts.decidedAt),
      amountFen: left.amountFen,
      fundReturnedFen: left.fundFen,
      cashRefundFen: left.cashFen,
      legs: returnLegs(live, left.accountFen, state),
    },
  });
};

type Cancelled = LiveSettlement & Readonly<{ cancelled: Posting['original'] & Recorded<SettlementCancelled> }>;

const reverseCancellation = ({ data }: ReverseSettlement, target: Cancelled, state: AccountState, facts: AccountFacts): Outcome => {
  const { settled, undone, cancelled } = target;
  const refusals = [...institutionRefusals(data, facts), ...declaredRefusals(target, data.byAgency, facts)];
  if (undone.reversedCancellationKeys.includes(data.targetKey)) refusals.push({ code: 'already-undone' });
  if (refusals.length > 0) return refuse(refusals);
  const { legs, receivableFen } = takenAgain(target, state);
  const { amountFen, fundReturnedFen, cashRefundFen, settlementKey } = cancelled.data;
  const { key, commandHash, institutionCode, serial, note } = data;
  return accept({
    type: 'CancellationReversed.v1',
    decidedAt: facts.decidedAt,
    data: {
      key,
      commandHash,
      institutionCode,
      serial,
      cancellationKey: data.targetKey,
      settlementKey,
      note,
      businessDate: businessDateOf(facts.decidedAt),
      amountFen,
      fundReturnedFen,
      cashRefundFen,
      receivableFen: medicalFen(receivableFen),
      legs: [
        ...legs,
        ...legsOf(['receivable', -receivableFen], [`payable:${settled.data.institutionCode}`, 0 - sumOf(cancelled.data.legs, 'payable:')]),
      ],
    },
  });
};

/** From where the money stands now: its own bucket first, then the other one of the same sub-account; what is gone the holder owes. */
const takenAgain = ({ cancelled }: Cancelled, state: AccountState): Readonly<{ legs: MedicalLeg[]; receivableFen: number }> => {
  const taken = new Map<`subAccount:${string}`, number>();
  let receivableFen = 0;
  for (const leg of cancelled.data.legs.filter(isSubAccountLeg)) {
    const [, cardId = '', bucket] = leg.account.split(':');
    const home = locationOf(state, cardId);
    const rolledOver = cancelled.decidedAt < state.rolledOverThrough;
    const order = rolledOver || bucket === 'priorYear' ? BUCKETS.toReversed() : BUCKETS;
    let restFen: number = leg.amountFen;
    for (const account of order.map((from) => subAccount(home, from))) {
      const before = taken.get(account) ?? 0;
      const takenFen = Math.min(restFen, bucketFen(state, account) - before);
      taken.set(account, before + takenFen);
      restFen -= takenFen;
    }
    receivableFen += restFen;
  }
  const legs = [...taken].flatMap(([account, takenFen]) => legsOf([account as ReturnType<typeof subAccount>, -takenFen]));
  return { legs, receivableFen };
};
