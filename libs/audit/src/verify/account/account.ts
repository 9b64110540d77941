import { canonicalJson } from '#libs/kernel';
import { type Place, type Tally, words } from '../checks';
import { dateOf } from '../days';
import type { AccountEvent } from '../recorded';
import { Cards } from './cards';
import { Ledger, type Leg } from './ledger';
import { Settlements, type UndoneSince } from './settlements';

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

/**
 * One account, folded from revision 0 by the page of the log format and by nothing of the engine's rules: a second opinion on money, cards,
 * settlements and closings. No `carried` is ever used; each is held against the fold.
 * Source: docs/reference/log-format.md, 6 to 9.
 */
export class AuditedAccount {
  private readonly ledger: Ledger;
  private readonly cards: Cards;
  private readonly settlements: Settlements;
  private readonly freezes = new Map<string, Freeze>();
  private holder: Holder | null = null;
  private rolledOverThrough = '';

  constructor(
    private readonly tally: Tally,
    tellUndone: UndoneSince,
  ) {
    this.ledger = new Ledger(tally);
    this.cards = new Cards(tally, this.ledger);
    this.settlements = new Settlements(tally, tellUndone);
  }

  /** `presented`: the card that the append's command names, if any. `isLast`: of its append. */
  take(event: AccountEvent, presented: string | null, place: Place, isLast: boolean): void {
    if (this.holder === null && event.type !== 'AccountOpened.v1') this.tally.find('closings', place, NOT_OPEN);
    if ('legs' in event.data) this.move(event, event.data.legs, place);
    this.fold(event, presented, place);
    if (event.type === 'YearRolledOver.v1' || event.type === 'AccountCarriedForward.v1') this.close(event.data.carried, place);
    if (isLast) this.cards.settleAppend(place);
  }

  private move(event: AccountEvent, legs: readonly Leg[], place: Place): void {
    const isOfYear = event.type === 'InterestPosted.v1' || event.type === 'YearRolledOver.v1';
    this.tally.checked('legs');
    this.ledger.post(legs, dateOf(isOfYear ? event.data.effectiveAt : event.decidedAt), place);
    for (const { account } of legs) if (account.startsWith('subAccount:')) this.cards.touch(account.split(':')[1] ?? '');
  }

  private fold(event: AccountEvent, presented: string | null, place: Place): void {
    const { cards } = this;
    const { decidedAt } = event;
    switch (event.type) {
      case 'AccountOpened.v1':
        return this.open(event, place);
      case 'CardRegistered.v1':
        this.commitments(event.data.commitments, place);
        return cards.register(event, place);
      case 'CardEnabled.v1':
      case 'TemporaryLossLifted.v1':
        return cards.enter(event.data.cardId, decidedAt, 'inUse', place);
      case 'CardRestored.v1':
        return cards.enter(event.data.cardId, event.data.effectiveAt, 'inUse', place);
      case 'TemporaryLossReported.v1':
        return cards.enter(event.data.cardId, decidedAt, 'temporarilyLost', place);
      case 'CardStopped.v1':
        return cards.enter(event.data.cardId, event.data.effectiveAt, 'stopped', place);
      case 'CardCancelled.v1':
        cards.enter(event.data.cardId, decidedAt, 'cancelled', place);
        return cards.succeed(event.data.cardId, event.data.successorCardId, place);
      case 'SubAccountSealed.v1':
      case 'SubAccountUnsealed.v1':
        return cards.seal(event.data.cardId, event.type === 'SubAccountSealed.v1', place);
      case 'BalanceTransferred.v1':
        return cards.transfer(event.data.fromCardId, event.data.toCardId);
      case 'FreezePlaced.v1': {
        const { freezeId, scope, cause, legalDocument, from, until } = event.data;
        this.freezes.set(freezeId, { scope, cause, legalDocument, from, until, endedAt: null });
        return;
      }
      case 'FreezeLifted.v1':
        return this.endFreeze(event.data.freezeId, decidedAt, place);
      case 'FreezeEnded.v1':
        return this.endFreeze(event.data.freezeId, event.data.effectiveAt, place);
      case 'SwipeSettled.v1':
        this.settlements.settle(event, place);
        return cards.settle(event, presented, place);
      case 'SettlementCancelled.v1':
      case 'SettlementReversed.v1':
        return this.settlements.undo(event, place);
      case 'CancellationReversed.v1':
        return this.settlements.redo(event, place);
      case 'YearRolledOver.v1':
        this.ledger.restartProducts(dateOf(event.data.effectiveAt));
        this.rolledOverThrough = event.data.effectiveAt;
    }
  }

  private open({ data, decidedAt }: Extract<AccountEvent, { type: 'AccountOpened.v1' }>, place: Place): void {
    if (this.holder !== null) this.tally.find('closings', place, OPEN_TWICE);
    const { accountId, personId, poolingArea, insuranceType, hasPersonalAccount } = data;
    this.holder = { accountId, personId, poolingArea, insuranceType, hasPersonalAccount, openedAt: decidedAt };
    this.rolledOverThrough = decidedAt;
    this.commitments(data.commitments, place);
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
    if (freeze?.endedAt !== null) return this.tally.find('closings', place, FREEZE, { found: freezeId });
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
      rolledOverThrough,
    };
  }
}
