import type { AccountFacts } from './commands';
import {
  type BalanceTransferred,
  BUCKETS,
  CARDLESS,
  type CardEnabled,
  type CardRecord,
  type EnablementChannel,
  type MedicalAccountEvent,
  subAccount,
} from './events';
import { legsOf } from './ledger';
import { type AccountState, bucketFen, cardStateNow, subAccountFen } from './state';

/** Legs that move all of one sub-account to another, bucket by bucket. */
export const transferLegs = (state: AccountState, fromCardId: string, toCardId: string) =>
  BUCKETS.flatMap((bucket) => {
    const amountFen = bucketFen(state, subAccount(fromCardId, bucket));
    return legsOf([subAccount(fromCardId, bucket), 0 - amountFen], [subAccount(toCardId, bucket), amountFen]);
  });

export type Enabling = Readonly<{
  cardId: string;
  channel: EnablementChannel;
  financialAreaActivated: boolean;
  keyed: Readonly<{ key: string; commandHash: string }> | Readonly<{ key: null; commandHash: null }>;
}>;

const UNKEYED = { key: null, commandHash: null } as const;

/**
 * Enables a card and lets it replace every earlier one, in one append: the seal is taken off, the old card is cancelled, its balance moves,
 * and cardless money too. Source: Q5, J1, J3, S3: one formal card of a person is in use at a time.
 */
export const enabled = ({ cardId, channel, financialAreaActivated, keyed }: Enabling, state: AccountState, facts: AccountFacts) => {
  const { decidedAt } = facts;
  const enabling: CardEnabled = { type: 'CardEnabled.v1', decidedAt, data: { ...keyed, cardId, channel, financialAreaActivated } };
  const events: MedicalAccountEvent[] = [enabling];
  const carries = state.cards.get(cardId)?.carriesPersonalAccount === true;
  const cause = channel === 'firstSwipe' ? 'firstSwipe' : 'enablement';
  for (const [oldId, old] of state.cards) {
    if (oldId === cardId || (!carries && old.carriesPersonalAccount)) continue; // Money never moves to a card that cannot hold it.
    events.push(...replacedBy(cardId, [oldId, old], state, { decidedAt, cause }));
  }
  if (carries) events.push(...movedTo(cardId, CARDLESS, state, { decidedAt, cause }));
  return events;
};

type How = Readonly<{ decidedAt: string; cause: BalanceTransferred['data']['cause'] }>;

const replacedBy = (cardId: string, [oldId, old]: readonly [string, CardRecord], state: AccountState, how: How): MedicalAccountEvent[] => {
  const { decidedAt } = how;
  const events: MedicalAccountEvent[] = [];
  if (old.sealed) {
    const reason = 'successor card enabled';
    events.push({ type: 'SubAccountUnsealed.v1', decidedAt, data: { ...UNKEYED, cardId: oldId, cause: 'successorEnabled', reason } });
  }
  if (['inUse', 'temporarilyLost', 'stopped'].includes(cardStateNow(old))) {
    const reason = 'successor card enabled';
    events.push({
      type: 'CardCancelled.v1',
      decidedAt,
      data: { ...UNKEYED, cardId: oldId, cause: 'replaced', successorCardId: cardId, reason },
    });
  }
  return [...events, ...movedTo(cardId, oldId, state, how)];
};

/** The transfer of what stands on a sub-account, or nothing when nothing stands there. */
export const movedTo = (toCardId: string, fromCardId: string, state: AccountState, { decidedAt, cause }: How): MedicalAccountEvent[] => {
  const amountFen = subAccountFen(state, fromCardId);
  if (amountFen === 0) return [];
  const wasSealed = state.cards.get(fromCardId)?.sealed === true;
  const legs = transferLegs(state, fromCardId, toCardId);
  return [{ type: 'BalanceTransferred.v1', decidedAt, data: { ...UNKEYED, fromCardId, toCardId, cause, amountFen, wasSealed, legs } }];
};
