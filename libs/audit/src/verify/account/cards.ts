import { type Place, type Tally, words } from '../checks';
import { dateOf } from '../days';
import type { AccountEvent } from '../recorded';
import { cardOf, type Ledger } from './ledger';

type CardState = 'registered' | 'inUse' | 'temporarilyLost' | 'stopped' | 'cancelled';
export type Card = {
  kind: string;
  media: readonly string[];
  carriesPersonalAccount: boolean;
  lastSwipedOn: string | null;
  timeline: { from: string; state: CardState }[];
  sealed: boolean;
  successorCardId: string | null;
  registeredAtRevision: number;
};

const UNKNOWN = words('卡不属于该账户', 'a card that is not on this account');
const TWICE = words('卡登记两次', 'a card registered twice');
const OUT_OF_USE = words('不在用的卡支付了', 'a card that was not in use paid');
const SEALED = words('封存的分户支付了', 'a sealed sub-account paid');
const LEFT_BEHIND = words('停用或注销的卡上留有未封存的余额', 'money left unsealed on a card out of use');

const stateAt = ({ timeline }: Card, at: string): CardState | undefined => {
  for (let i = timeline.length - 1; i >= 0; i--) {
    const entry = timeline[i];
    if (entry && entry.from <= at) return entry.state;
  }
  return undefined;
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
    const { cardId, kind, media, carriesPersonalAccount, lastSwipedOn, state } = event.data;
    if (this.all.has(cardId)) this.tally.find('cards', place, TWICE);
    const timeline = [{ from: event.decidedAt, state }];
    const registeredAtRevision = event.revision;
    const record = { kind, media, carriesPersonalAccount, lastSwipedOn, timeline, sealed: false, successorCardId: null };
    this.all.set(cardId, { ...record, registeredAtRevision });
  }

  enter(cardId: string, from: string, state: CardState, place: Place): void {
    this.of(cardId, place)?.timeline.push({ from, state });
  }

  seal(cardId: string, sealed: boolean, place: Place): void {
    const card = this.of(cardId, place);
    if (card) card.sealed = sealed;
  }

  succeed(cardId: string, successorCardId: string | null, place: Place): void {
    const card = this.of(cardId, place);
    if (card) card.successorCardId = successorCardId;
  }

  /** What comes back later to a card out of use goes where its money went. */
  transfer(fromCardId: string, toCardId: string): void {
    const from = this.all.get(fromCardId);
    const last = from?.timeline.at(-1)?.state;
    if (from && this.all.has(toCardId) && (last === 'stopped' || last === 'cancelled')) from.successorCardId = toCardId;
  }

  /** C3 of one settlement. `presented`: the card that was shown; null for a credential that names the person. */
  settle({ data, decidedAt }: Swipe, presented: string | null, place: Place): void {
    this.tally.checked('cards');
    const { cardId, credentialKind, entry, occurredAt } = data;
    this.demandUnsealed(data.legs, place);
    const isCard = credentialKind === 'socialSecurityCard';
    const shown = (isCard ? presented : null) ?? cardId;
    const isLate = entry === 'late';
    if (shown !== 'cardless') this.demandUsable(shown, isLate ? occurredAt : decidedAt, isLate, place);
    if (isCard) this.swipe(cardId, dateOf(occurredAt));
  }

  private demandUnsealed(legs: Swipe['data']['legs'], place: Place): void {
    for (const { account, amountFen } of legs) {
      const drawn = amountFen < 0 ? cardOf(account) : null;
      if (drawn !== null && this.all.get(drawn)?.sealed === true) this.tally.find('cards', place, SEALED, { found: drawn });
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
  }

  touch(cardId: string): void {
    this.touched.add(cardId);
  }

  /** At the end of an append: a card out of use has nothing that is not sealed. */
  settleAppend(place: Place): void {
    for (const cardId of this.touched) {
      const card = this.all.get(cardId);
      const last = card?.timeline.at(-1)?.state;
      if (!card || card.sealed || (last !== 'stopped' && last !== 'cancelled')) continue;
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
