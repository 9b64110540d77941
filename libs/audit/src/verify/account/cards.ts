import { type Place, type Tally, words } from '../checks';
import { dateOf } from '../days';
import type { AccountEvent } from '../recorded';
import { cardOf, type Ledger } from './ledger';

/**
 * The words of log-format.md, 9, written once more on purpose: a second opinion that took them from the engine's own rules would share a slip
 * in them. The compiler holds the two lists against each other where events are folded.
 */
type CardState =
  | 'registered'
  | 'inUse'
  | 'temporarilyLost'
  | 'retained'
  | 'lost'
  | 'stopped'
  | 'expired'
  | 'cancelled'
  | 'collected'
  | 'destroyed';
type Pin = {
  wrongInRow: number;
  wrongOnDay: { day: string; count: number } | null;
  locks: { from: string; until: string | null }[];
};
export type Card = {
  kind: string;
  media: readonly string[];
  carriesPersonalAccount: boolean;
  lastSwipedOn: string | null;
  timeline: { from: string; state: CardState }[];
  sealed: boolean;
  successorCardId: string | null;
  registeredAtRevision: number;
  expiresAt: string | null;
  replacesCardId: string | null;
  deferred: { toCardId: string; until: string | null; place: string | null } | null;
  financialAreaActive: boolean;
  financialAreaLostFrom: string | null;
  pin: Pin | null;
  sealedByLoss: boolean;
  agencySeals: { from: string; until: string | null }[] | null;
};

const UNKNOWN = words('卡不属于该账户', 'a card that is not on this account');
const TWICE = words('卡登记两次', 'a card registered twice');
const OUT_OF_USE = words('不在用的卡支付了', 'a card that was not in use paid');
const SEALED = words('封存的分户支付了', 'a sealed sub-account paid');
const LOCKED = words('密码锁定的卡支付了', 'a card whose PIN was locked paid');
const LEFT_BEHIND = words('停用或注销的卡上留有未封存的余额', 'money left unsealed on a card out of use');

const stateAt = ({ timeline }: Card, at: string): CardState | undefined => {
  for (let i = timeline.length - 1; i >= 0; i--) {
    const entry = timeline[i];
    if (entry && entry.from <= at) return entry.state;
  }
  return undefined;
};

/** Out of use for good. */
const ENDED: readonly (CardState | undefined)[] = ['stopped', 'expired', 'cancelled', 'collected', 'destroyed'];
const lastOf = (card: Card | undefined): CardState | undefined => card?.timeline.at(-1)?.state;

const isWithin = ({ from, until }: Readonly<{ from: string; until: string | null }>, at: string): boolean =>
  from <= at && (until === null || at < until);

const pinOf = (card: Card): Pin => {
  card.pin ??= { wrongInRow: 0, wrongOnDay: null, locks: [] };
  return card.pin;
};

type Swipe = Extract<AccountEvent, { type: 'SwipeSettled.v1' }>;

/** The cards of one account, and whether one of them paid that must not. Source: log-format.md, 9 (cards). */
export class Cards {
  readonly all = new Map<string, Card>();
  private readonly touched = new Set<string>();

  constructor(
    private readonly tally: Tally,
    private readonly ledger: Ledger,
  ) {}

  register(event: Extract<AccountEvent, { type: 'CardRegistered.v1' }>, place: Place): void {
    const { cardId, kind, media, carriesPersonalAccount, lastSwipedOn, state, issue, expiresAt } = event.data;
    if (this.all.has(cardId)) this.tally.find('cards', place, TWICE);
    const timeline = [{ from: event.decidedAt, state }];
    const registeredAtRevision = event.revision;
    const record = { kind, media, carriesPersonalAccount, lastSwipedOn, timeline, sealed: false, successorCardId: null };
    const life = {
      expiresAt,
      replacesCardId: issue?.replacesCardId ?? null,
      deferred: null,
      financialAreaActive: false,
      financialAreaLostFrom: null,
      pin: null,
      sealedByLoss: false,
      agencySeals: null,
    };
    this.all.set(cardId, { ...record, registeredAtRevision, ...life });
  }

  /** As another account has sent them. */
  take(all: readonly (readonly [string, object])[]): void {
    for (const [cardId, card] of all) this.all.set(cardId, structuredClone(card) as Card);
  }

  /** They are another account's now, and nothing here follows them any more. */
  leave(cardIds: ReadonlySet<string>): void {
    for (const cardId of cardIds) this.all.delete(cardId);
    for (const card of this.all.values()) {
      if (card.successorCardId !== null && cardIds.has(card.successorCardId)) card.successorCardId = null;
      if (card.deferred !== null && cardIds.has(card.deferred.toCardId)) card.deferred = null;
    }
  }

  enter(cardId: string, from: string, state: CardState, place: Place): void {
    this.of(cardId, place)?.timeline.push({ from, state });
  }

  /** As it was before it was lost or kept: in use where it ever was, else waiting to be enabled. */
  comeBack(cardId: string, from: string, place: Place): void {
    const card = this.of(cardId, place);
    const wasInUse = card?.timeline.some(({ state }) => state === 'inUse') === true;
    card?.timeline.push({ from, state: wasInUse ? 'inUse' : 'registered' });
  }

  /** `cause`: of a seal that is put on; null takes it off. */
  seal(cardId: string, cause: string | null, decidedAt: string, place: Place): void {
    const card = this.of(cardId, place);
    if (!card) return;
    card.sealed = cause !== null;
    card.sealedByLoss = cause === 'cardLost';
    if (cause === 'agency') card.agencySeals = [...(card.agencySeals ?? []), { from: decidedAt, until: null }];
    if (cause === null) for (const one of card.agencySeals ?? []) one.until ??= decidedAt;
  }

  succeed(cardId: string, successorCardId: string | null, place: Place): void {
    const card = this.of(cardId, place);
    if (card) card.successorCardId = successorCardId;
  }

  /** What comes back later to a card out of use goes where its money went. */
  transfer(fromCardId: string, toCardId: string): void {
    const from = this.all.get(fromCardId);
    if (!from) return;
    if (this.all.has(toCardId) && ENDED.includes(lastOf(from))) from.successorCardId = toCardId;
    from.deferred = null;
  }

  defer(cardId: string, deferred: Card['deferred'], place: Place): void {
    const card = this.of(cardId, place);
    if (card) card.deferred = deferred;
  }

  reportFinancialArea(cardId: string, active: boolean, place: Place): void {
    const card = this.of(cardId, place);
    if (!card) return;
    card.financialAreaActive = active;
    if (!active) card.financialAreaLostFrom = null;
  }

  loseFinancialArea(cardId: string, from: string | null, place: Place): void {
    const card = this.of(cardId, place);
    if (card) card.financialAreaLostFrom = from;
  }

  /** A right verdict ends the row of wrong ones; a card of which nothing was counted stays so. */
  verify(cardId: string, verdict: 'right' | 'wrong', decidedAt: string, place: Place): void {
    const card = this.of(cardId, place);
    if (!card) return;
    if (verdict === 'right') {
      if (card.pin) card.pin.wrongInRow = 0;
      return;
    }
    const pin = pinOf(card);
    const day = dateOf(decidedAt);
    pin.wrongInRow += 1;
    pin.wrongOnDay = { day, count: pin.wrongOnDay?.day === day ? pin.wrongOnDay.count + 1 : 1 };
  }

  lock(cardId: string, from: string, place: Place): void {
    const card = this.of(cardId, place);
    if (card) pinOf(card).locks.push({ from, until: null });
  }

  unlock(cardId: string, until: string, place: Place): void {
    const card = this.of(cardId, place);
    if (!card) return;
    const pin = pinOf(card);
    pin.wrongInRow = 0;
    pin.wrongOnDay = null;
    for (const lock of pin.locks) lock.until ??= until;
  }

  /** C3 of one settlement. `presented`: the card that was shown; null for a credential that names the person. */
  settle({ data, decidedAt }: Swipe, presented: string | null, place: Place): void {
    this.tally.checked('cards');
    const { cardId, credentialKind, entry, occurredAt } = data;
    this.demandUnsealed(data, place);
    const isCard = credentialKind === 'socialSecurityCard';
    const shown = (isCard ? presented : null) ?? cardId;
    const isLate = entry === 'late';
    if (shown !== 'cardless') this.demandUsable(shown, isLate ? occurredAt : decidedAt, isLate, place);
    const swiped = data.presentedCardId ?? cardId;
    if (isCard) this.swipe(swiped, dateOf(occurredAt));
    const pin = this.all.get(swiped)?.pin;
    if (isCard && pin && entry === 'online' && data.holderCheck.method === 'password') pin.wrongInRow = 0;
  }

  /** A swipe undone as a whole counts no more; one that stands again does. */
  swipedLast(last: Readonly<{ cardId: string; on: string | null }> | null, place: Place): void {
    const card = last === null ? undefined : this.of(last.cardId, place);
    if (last && card) card.lastSwipedOn = last.on;
  }

  /** A late entry may draw on what was sealed since it occurred, but not by the agency before. */
  private demandUnsealed({ legs, entry, occurredAt }: Swipe['data'], place: Place): void {
    for (const { account, amountFen } of legs) {
      const drawn = amountFen < 0 ? cardOf(account) : null;
      const card = drawn === null ? undefined : this.all.get(drawn);
      if (!card) continue;
      const isSealed = entry === 'late' ? card.agencySeals?.some((one) => isWithin(one, occurredAt)) : card.sealed;
      if (isSealed) this.tally.find('cards', place, SEALED, { found: drawn ?? '' });
    }
  }

  private swipe(cardId: string, day: string): void {
    const card = this.all.get(cardId);
    if (card && (card.lastSwipedOn === null || card.lastSwipedOn < day)) card.lastSwipedOn = day;
  }

  private demandUsable(cardId: string, judgedAt: string, late: boolean, place: Place): void {
    const card = this.of(cardId, place);
    if (!card) return;
    const then = stateAt(card, judgedAt);
    // A late entry from before the enablement was the first swipe in truth, when the card was enabled since.
    const wasFirst = late && then === 'registered' && card.timeline.some(({ state }) => state === 'inUse');
    if (then !== 'inUse' && !wasFirst)
      this.tally.find('cards', place, OUT_OF_USE, { expected: 'inUse', found: `${cardId} ${then ?? 'not registered'} at ${judgedAt}` });
    if (card.pin?.locks.some((lock) => isWithin(lock, judgedAt)))
      this.tally.find('cards', place, LOCKED, { found: `${cardId} at ${judgedAt}` });
  }

  touch(cardId: string): void {
    this.touched.add(cardId);
  }

  /** At the end of an append: a card out of use has nothing that is not sealed. */
  settleAppend(place: Place): void {
    for (const cardId of this.touched) {
      const card = this.all.get(cardId);
      const last = lastOf(card);
      if (!card || card.sealed || !(last === 'lost' || ENDED.includes(last))) continue;
      const fen = this.ledger.onCard(cardId);
      if (fen !== 0) this.tally.find('cards', place, LEFT_BEHIND, { expected: '0 fen, or sealed', found: `${cardId} ${last} ${fen} fen` });
    }
    this.touched.clear();
  }

  private of(cardId: string, place: Place): Card | undefined {
    const card = this.all.get(cardId);
    this.touched.add(cardId);
    if (!card) this.tally.find('cards', place, UNKNOWN, { found: cardId });
    return card;
  }
}
