import { businessDateOf, type Instant, type Recorded } from '#libs/kernel';
import { institutionRefusals } from './cancellation';
import type { AccountFacts, Posting, ReverseSettlement } from './commands';
import {
  BUCKETS,
  type Bucket,
  type CancellationReversed,
  type LastSwipe,
  type MedicalLeg,
  medicalFen,
  type SettlementCancelled,
  type SettlementReversed,
  subAccount,
} from './events';
import { foresee } from './evolve';
import { earlierSerial, standingHere } from './keys';
import { lastSwipeWith, lastSwipeWithout } from './last-swipe';
import { isSubAccountLeg, legsOf, sumOf } from './ledger';
import { handOverParts } from './persons/hand-over';
import { locationOrHome } from './persons/standing';
import { accept, type Outcome, refuse } from './refusals';
import { type AccountState, bucketFen } from './state';
import { declaredRefusals, elsewhere, type LiveSettlement, returnLegs, settlementOf } from './undo';
import { leftOf } from './undone';

/**
 * Undoes an act whose outcome the institution never learned: what is left of a settlement, or a cancellation, once.
 * Units: fen. Idempotency: by serial. Refusals: `settlement-not-found`, `month-declared`, `already-undone`, `not-reversible`.
 */
export const reverseSettlement = (command: ReverseSettlement, state: AccountState, facts: AccountFacts): Outcome => {
  const { data } = command;
  const earlier = earlierSerial(data, ['SettlementReversed.v1', 'CancellationReversed.v1'], facts);
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
  if (live.settled.data.replacesKey !== null) refusals.push(...elsewhere(live, state));
  if (refusals.length > 0) return refuse(refusals);
  const { key, commandHash, institutionCode, serial, note } = data;
  const reversed: SettlementReversed = {
    type: 'SettlementReversed.v1',
    decidedAt: facts.decidedAt,
    data: {
      key,
      commandHash,
      institutionCode,
      serial,
      settlementKey: live.settled.data.key,
      note,
      businessDate: businessDateOf(facts.decidedAt),
      amountFen: left.amountFen,
      fundReturnedFen: left.fundFen,
      cashRefundFen: left.cashFen,
      lastSwipe: lastSwipeWithout(live.settled, live.undone, state),
      legs: returnLegs(live, left.accountFen, state, key),
    },
  };
  return accept(reversed, ...reinstated(reversed, live, state, facts));
};

/**
 * What a reversed settlement had replaced stands again: the reversal of a message undoes all that came of it, as if it had never arrived.
 * Not what was itself reversed as a whole in the meantime. The money is taken from where it went then, or from where that stands today.
 * @throws Error when the facts do not bring the replaced settlement: a bug.
 */
const reinstated = (
  reversed: SettlementReversed,
  live: LiveSettlement,
  state: AccountState,
  facts: AccountFacts,
): CancellationReversed[] => {
  const { replacesKey } = live.settled.data;
  if (replacesKey === null) return [];
  const replaced = settlementOf(standingHere(replacesKey, state, facts));
  if (replaced?.undone.reversed) return [];
  const replacement = replaced?.undone.replacements.find(({ byKey }) => byKey === live.settled.data.key);
  if (!replaced || !replacement) throw new Error('the settlement that was replaced is not among the facts');
  const { institutionCode } = replaced.settled.data;
  const { parts, cardId } = replacement;
  const gaveBack = cardId === null ? [] : BUCKETS.map((bucket) => ({ cardId, bucket, amountFen: parts.byBucketFen[bucket] }));
  const after = foresee(state, [reversed]);
  const { legs, receivableFen } = takenAgain(gaveBack, live.settled.decidedAt, after);
  return [
    {
      type: 'CancellationReversed.v1',
      decidedAt: facts.decidedAt,
      data: {
        key: null,
        commandHash: null,
        institutionCode: reversed.data.institutionCode,
        serial: null,
        cancellationKey: live.settled.data.key,
        settlementKey: replacesKey,
        note: reversed.data.note,
        businessDate: businessDateOf(facts.decidedAt),
        amountFen: parts.amountFen,
        fundReturnedFen: parts.fundReturnedFen,
        cashRefundFen: parts.cashRefundFen,
        receivableFen: medicalFen(receivableFen),
        lastSwipe: standsAgain(replaced, after),
        legs: [...legs, ...legsOf(['receivable', -receivableFen], [`payable:${institutionCode}`, parts.accountFen])],
      },
    },
  ];
};

/** A swipe that had been undone in part only has counted all the while. */
const standsAgain = ({ settled, undone }: LiveSettlement, state: AccountState): LastSwipe | null =>
  leftOf(settled, undone).amountFen === 0 ? lastSwipeWith(settled, state) : null;

type Cancelled = LiveSettlement & Readonly<{ cancelled: Posting['original'] & Recorded<SettlementCancelled> }>;

const reverseCancellation = ({ data }: ReverseSettlement, target: Cancelled, state: AccountState, facts: AccountFacts): Outcome => {
  const { settled, undone, cancelled } = target;
  const refusals = [...institutionRefusals(data, facts), ...declaredRefusals(target, data.byAgency, facts), ...elsewhere(target, state)];
  if (undone.reversed || undone.reversedCancellationKeys.includes(data.targetKey)) refusals.push({ code: 'already-undone' });
  if (refusals.length > 0) return refuse(refusals);
  const here = cancelled.data.legs.filter(isSubAccountLeg).map(({ account, amountFen }) => {
    const [, cardId = '', bucket] = account.split(':');
    return { cardId, bucket: bucket === 'priorYear' ? ('priorYear' as const) : ('currentYear' as const), amountFen };
  });
  const gaveBack = [...here, ...handOverParts(cancelled.data.legs)]; // What went to a survivor has come back with the undone merge.
  const { legs, receivableFen } = takenAgain(gaveBack, cancelled.decidedAt, state);
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
      lastSwipe: standsAgain(target, state),
      legs: [
        ...legs,
        ...legsOf(['receivable', -receivableFen], [`payable:${settled.data.institutionCode}`, 0 - sumOf(cancelled.data.legs, 'payable:')]),
      ],
    },
  });
};

type GaveBack = Readonly<{ cardId: string; bucket: Bucket; amountFen: number }>;

/** From where the money stands now: its own bucket first, then the other one of the same sub-account; what is gone the holder owes. */
const takenAgain = (
  gaveBack: readonly GaveBack[],
  at: Instant,
  state: AccountState,
): Readonly<{ legs: MedicalLeg[]; receivableFen: number }> => {
  const taken = new Map<`subAccount:${string}`, number>();
  let receivableFen = 0;
  for (const { cardId, bucket, amountFen } of gaveBack.filter((back) => back.amountFen > 0)) {
    const home = locationOrHome(state, cardId);
    const rolledOver = at < state.rolledOverThrough;
    const order = rolledOver || bucket === 'priorYear' ? BUCKETS.toReversed() : BUCKETS;
    let restFen = amountFen;
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
