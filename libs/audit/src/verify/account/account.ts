import { canonicalJson } from '#libs/kernel';
import { type Place, type Tally, words } from '../checks';
import { dateOf } from '../days';
import type { HandOvers } from '../hand-overs';
import type { AccountEvent } from '../recorded';
import { Cards } from './cards';
import { cardOf, Ledger, type Leg } from './ledger';
import { Relations } from './relations';
import { Settlements, type UndoneSince } from './settlements';
import { Successions } from './succession';

type Freeze = { scope: unknown; cause: string; legalDocument: string; from: string; until: string | null; endedAt: string | null };
type Holder = Readonly<{
  accountId: string;
  personId: string;
  poolingArea: string;
  insuranceType: string;
  hasPersonalAccount: boolean;
  openedAt: string;
}>;

const NOT_OPEN = words('开户之前的事件', 'an event before the account was opened');
const OPEN_TWICE = words('账户开立两次', 'an account opened twice');
const FREEZE = words('解除了没有或已结束的冻结', 'ends a freeze that is not there or has ended');
const DIFFERS = words('结转与全程折叠不符', 'the closing is not the fold of the full history');
const COMMITMENT = words('承诺值不是 64 位十六进制', 'a commitment is not 64 hex digits');
const HEX_64 = /^[0-9a-f]{64}$/;

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const ONLY_MONEY = null; // Its legs are posted, and its `carried` is held against the fold, where it has them.
type Fold<E> = (self: AuditedAccount, event: E, place: Place, presented: string | null) => void;
/** Every type is named: the compiler asks what one that is added changes here, so that none is passed over without a word. */
type Folds = { readonly [T in AccountEvent['type']]: Fold<Extract<AccountEvent, { type: T }>> | typeof ONLY_MONEY };

/**
 * One account, folded from revision 0 by the page of the log format and by nothing of the engine's rules: a second opinion on money, cards,
 * settlements and closings. No `carried` is ever used; each is held against the fold.
 * Source: docs/reference/log-format.md, 6 to 9.
 */
export class AuditedAccount {
  private static readonly FOLDS: Folds = {
    'AccountCredited.v1': ONLY_MONEY,
    'AccountCorrected.v1': ONLY_MONEY,
    'InterestPosted.v1': ONLY_MONEY,
    'AccountCarriedForward.v1': ONLY_MONEY,
    'AccountOpened.v1': (self, event, place) => self.open(event, place),
    'CardRegistered.v1': (self, event, place) => {
      self.commitments(event.data.commitments, place);
      self.cards.register(event, place);
    },
    'CardEnabled.v1': ({ cards }, { data, decidedAt }, place) => cards.enter(data.cardId, decidedAt, 'inUse', place),
    'TemporaryLossLifted.v1': ({ cards }, { data, decidedAt }, place) => cards.comeBack(data.cardId, decidedAt, place),
    'CardRestored.v1': ({ cards }, { data }, place) => cards.comeBack(data.cardId, data.effectiveAt, place),
    'TemporaryLossReported.v1': ({ cards }, { data, decidedAt }, place) => cards.enter(data.cardId, decidedAt, 'temporarilyLost', place),
    'CardStopped.v1': ({ cards }, { data }, place) => cards.enter(data.cardId, data.effectiveAt, 'stopped', place),
    'CardCancelled.v1': ({ cards }, { data, decidedAt }, place) => {
      cards.enter(data.cardId, decidedAt, 'cancelled', place);
      cards.succeed(data.cardId, data.successorCardId, place);
    },
    'CardRetained.v1': ({ cards }, { data, decidedAt }, place) => cards.enter(data.cardId, decidedAt, 'retained', place),
    'CardReturned.v1': ({ cards }, { data, decidedAt }, place) => cards.comeBack(data.cardId, decidedAt, place),
    'FormalLossReported.v1': ({ cards }, { data, decidedAt }, place) => {
      cards.enter(data.cardId, decidedAt, 'lost', place);
      cards.loseFinancialArea(data.cardId, null, place);
    },
    'FormalLossLifted.v1': ({ cards }, { data, decidedAt }, place) => cards.comeBack(data.cardId, decidedAt, place),
    'CardExpired.v1': ({ cards }, { data }, place) => cards.enter(data.cardId, data.effectiveAt, 'expired', place),
    'CardCollected.v1': ({ cards }, { data, decidedAt }, place) => cards.enter(data.cardId, decidedAt, 'collected', place),
    'CardDestroyed.v1': ({ cards }, { data, decidedAt }, place) => cards.enter(data.cardId, decidedAt, 'destroyed', place),
    'FinancialAreaReported.v1': ({ cards }, { data }, place) => cards.reportFinancialArea(data.cardId, data.active, place),
    'FinancialAreaLossReported.v1': ({ cards }, { data, decidedAt }, place) => cards.loseFinancialArea(data.cardId, decidedAt, place),
    'FinancialAreaLossLifted.v1': ({ cards }, { data }, place) => cards.loseFinancialArea(data.cardId, null, place),
    'FinancialAreaRestored.v1': ({ cards }, { data }, place) => cards.loseFinancialArea(data.cardId, null, place),
    'PinVerdictReported.v1': ({ cards }, { data, decidedAt }, place) => cards.verify(data.cardId, data.verdict, decidedAt, place),
    'PinLocked.v1': ({ cards }, { data, decidedAt }, place) => cards.lock(data.cardId, decidedAt, place),
    'PinUnlocked.v1': ({ cards }, { data, decidedAt }, place) => cards.unlock(data.cardId, decidedAt, place),
    'TransferDeferred.v1': ({ cards }, { data: { cardId, ...deferred } }, place) => cards.defer(cardId, deferred, place),
    'SubAccountShared.v1': ({ cards }, { data }, place) => cards.succeed(data.cardId, data.withCardId, place),
    'SubAccountSealed.v1': ({ cards }, { data, decidedAt }, place) => cards.seal(data.cardId, data.cause, decidedAt, place),
    'SubAccountUnsealed.v1': ({ cards }, { data, decidedAt }, place) => cards.seal(data.cardId, null, decidedAt, place),
    'BalanceTransferred.v1': ({ cards }, { data }) => cards.transfer(data.fromCardId, data.toCardId),
    'FreezePlaced.v1': ({ freezes }, { data: { freezeId, scope, cause, legalDocument, from, until } }) =>
      void freezes.set(freezeId, { scope, cause, legalDocument, from, until, endedAt: null }),
    'FreezeLifted.v1': (self, { data, decidedAt }, place) => self.endFreeze(data.freezeId, decidedAt, place),
    'FreezeEnded.v1': (self, { data }, place) => self.endFreeze(data.freezeId, data.effectiveAt, place),
    'SwipeSettled.v1': (self, event, place, presented) => {
      self.settlements.settle(event, place);
      self.cards.settle(event, presented, place);
      self.relations.pay(event.data.entry === 'late' ? event.data.occurredAt : event.decidedAt, place);
    },
    'SettlementCancelled.v1': ({ settlements, successions, cards }, event, place) => {
      settlements.undo(event, place);
      cards.swipedLast(event.data.lastSwipe, place);
      successions.sendOn(event);
    },
    'SettlementReversed.v1': ({ settlements, successions, cards }, event, place) => {
      settlements.undo(event, place);
      cards.swipedLast(event.data.lastSwipe, place);
      successions.sendOn(event);
    },
    'CancellationReversed.v1': ({ settlements, cards }, event, place) => {
      settlements.redo(event, place);
      cards.swipedLast(event.data.lastSwipe, place);
    },
    'RelationTransferRequested.v1': ({ relations }, event, place) => relations.request(event, place),
    'RelationTransferClosed.v1': ({ relations }, { data, decidedAt }, place) =>
      relations.close(data.transferId, data.cause, decidedAt, place),
    'RelationTransferLapsed.v1': ({ relations }, { data }, place) => relations.close(data.transferId, 'lapsed', data.effectiveAt, place),
    'RelationTransferRemitted.v1': ({ relations, ledger }, event, place) => {
      ledger.restartProducts(dateOf(event.decidedAt)); // Interest up to here went along.
      relations.remit(event, place);
    },
    'RelationTransferConfirmed.v1': ({ relations }, event, place) => relations.settle(event, place),
    'RelationTransferReturned.v1': ({ relations }, event, place) => relations.settle(event, place),
    'RelationResumed.v1': ({ relations }, { data, decidedAt }, place) => relations.resume(data.transferId, decidedAt, place),
    'RelationTakenIn.v1': ({ relations }, { data, decidedAt }, place) => {
      if (data.resumesTransferId !== null) relations.resume(data.resumesTransferId, decidedAt, place);
    },
    'PersonCaseProposed.v1': ({ successions }, event) => successions.propose(event),
    'PersonCaseApproved.v1': ({ successions }, event, place) => successions.approve(event, place),
    'PersonCaseWithdrawn.v1': ({ successions }, event, place) => successions.withdraw(event, place),
    'AccountAbsorbed.v1': (self, event) => {
      self.cards.leave(new Set(self.cards.all.keys()));
      self.freezes.clear();
      self.ledger.empty();
      self.successions.absorb(event);
    },
    'AccountMerged.v1': (self, event, place) => {
      self.takeIn(event.data, event.decidedAt);
      self.successions.merge(event, place);
    },
    'MergeUndone.v1': (self, event, place) => {
      const cardIds = new Set(event.data.cards.map(([cardId]) => cardId));
      self.ledger.forget(cardIds);
      self.cards.leave(cardIds);
      for (const [freezeId] of event.data.freezes) self.freezes.delete(freezeId);
      self.successions.undo(event, place);
    },
    'AccountRestored.v1': (self, event) => {
      self.takeIn(event.data, event.decidedAt);
      self.rolledOverThrough = event.data.rolledOverThrough;
      self.successions.restore();
    },
    'RefundReceived.v1': ({ successions }, event) => successions.refund(event),
    'HandOverDelivered.v1': ({ successions }, event, place) => successions.deliver(event, place),
    'PersonChanged.v1': (self, event, place) => {
      self.commitments(event.data.commitments, place);
      self.successions.change(event, place);
    },
    'YearRolledOver.v1': (self, { data }) => {
      self.ledger.restartProducts(dateOf(data.effectiveAt));
      self.rolledOverThrough = data.effectiveAt;
    },
  };

  private readonly ledger: Ledger;
  private readonly cards: Cards;
  private readonly relations: Relations;
  private readonly settlements: Settlements;
  private readonly successions: Successions;
  private readonly freezes = new Map<string, Freeze>();
  private holder: Holder | null = null;
  private rolledOverThrough = '';

  constructor(
    private readonly tally: Tally,
    tellUndone: UndoneSince,
    private readonly handOvers: HandOvers,
  ) {
    this.successions = new Successions(tally);
    this.ledger = new Ledger(tally);
    this.cards = new Cards(tally, this.ledger);
    this.relations = new Relations(tally, this.ledger);
    this.settlements = new Settlements(tally, tellUndone);
  }

  /** `presented`: the card that the append's command names, if any. `isLast`: of its append. */
  take(event: AccountEvent, presented: string | null, place: Place, isLast: boolean): void {
    if (this.holder === null && event.type !== 'AccountOpened.v1') this.tally.find('closings', place, NOT_OPEN);
    this.successions.judge(event, place);
    if ('legs' in event.data) this.move(event, event.data.legs, place);
    this.fold(event, presented, place);
    if (event.type === 'YearRolledOver.v1' || event.type === 'AccountCarriedForward.v1') this.close(event.data.carried, place);
    if (isLast) this.cards.settleAppend(place);
  }

  private move(event: AccountEvent, legs: readonly Leg[], place: Place): void {
    const effectiveAt = ('effectiveAt' in event.data ? event.data.effectiveAt : null) ?? event.decidedAt;
    this.tally.checked('legs');
    this.ledger.post(legs, dateOf(effectiveAt), place);
    this.handOvers.take(this.ledger.takeSent(), place);
    for (const { account } of legs) {
      const card = cardOf(account);
      if (card !== null) this.cards.touch(card);
    }
  }

  private fold(event: AccountEvent, presented: string | null, place: Place): void {
    const fold = AuditedAccount.FOLDS[event.type] as Fold<AccountEvent> | typeof ONLY_MONEY;
    if (fold !== ONLY_MONEY) fold(this, event, place, presented);
  }

  private open({ data, decidedAt }: Extract<AccountEvent, { type: 'AccountOpened.v1' }>, place: Place): void {
    if (this.holder !== null) this.tally.find('closings', place, OPEN_TWICE);
    const { accountId, personId, poolingArea, insuranceType, hasPersonalAccount } = data;
    this.holder = { accountId, personId, poolingArea, insuranceType, hasPersonalAccount, openedAt: decidedAt };
    this.rolledOverThrough = decidedAt;
    this.commitments(data.commitments, place);
  }

  private takeIn(
    { cards, freezes, fenDays }: Pick<Extract<AccountEvent, { type: 'AccountMerged.v1' }>['data'], 'cards' | 'freezes' | 'fenDays'>,
    decidedAt: string,
  ): void {
    this.cards.take(cards);
    for (const [freezeId, freeze] of freezes) this.freezes.set(freezeId, { ...freeze });
    this.ledger.addProducts(fenDays, dateOf(decidedAt));
  }

  private commitments(all: Readonly<Record<string, string>>, place: Place): void {
    for (const [field, value] of Object.entries(all)) {
      this.tally.expect('commitments');
      this.tally.checked('commitments');
      if (!HEX_64.test(value)) this.tally.find('commitments', place, COMMITMENT, { expected: '64 hex digits', found: field });
    }
  }

  private endFreeze(freezeId: string, endedAt: string, place: Place): void {
    const freeze = this.freezes.get(freezeId);
    if (freeze?.endedAt !== null) {
      this.tally.find('closings', place, FREEZE, { found: freezeId });
      return;
    }
    freeze.endedAt = endedAt;
  }

  private close(carried: object, place: Place): void {
    this.tally.checked('closings');
    const folded = this.carried();
    for (const [member, value] of Object.entries(folded)) {
      const found = canonicalJson((carried as Record<string, unknown>)[member] ?? null);
      const expected = canonicalJson(value);
      if (expected !== found) this.tally.find('closings', place, DIFFERS, { expected: `${member}: ${expected}`, found });
    }
    if (Object.keys(carried).length !== Object.keys(folded).length) this.tally.find('closings', place, DIFFERS);
    // The order of a map is that of a closing from here on; our own checks ask for none.
  }

  private carried(): Readonly<Record<string, unknown>> {
    const { ledger, rolledOverThrough } = this;
    const subAccounts = [...ledger.sums].filter(([account]) => account.startsWith('subAccount:'));
    const earns = ([account, { fenDays }]: readonly [string, Readonly<{ fenDays: number }>]) =>
      fenDays !== 0 || (ledger.sums.get(account) ?? 0) !== 0;
    return {
      ...this.holder,
      balances: subAccounts.filter(([, fen]) => fen !== 0).sort(byKey),
      receivableFen: ledger.sums.get('receivable') ?? 0,
      products: [...ledger.products].filter(earns).sort(byKey),
      cards: [...this.cards.all].sort(byKey),
      freezes: [...this.freezes].sort(byKey),
      succession: this.successions.all,
      rolledOverThrough,
      relationTransfers: this.relations.all,
      inTransit: this.relations.inTransit,
    };
  }
}
