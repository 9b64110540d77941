import { type BusinessDate, businessDateOf, plusDays, type Recorded } from '#libs/kernel';
import type { MedicalAccountCommand, Posting } from './commands';
import type { LastSwipe, MedicalAccountEvent, SwipeSettled } from './events';
import type { AccountState } from './state';

/** The card that was in the hand; null where another credential named the person. */
const swipedCard = ({ data }: SwipeSettled): string | null =>
  data.credentialKind === 'socialSecurityCard' ? (data.presentedCardId ?? data.cardId) : null;

export const swipedOn = ({ data }: SwipeSettled): BusinessDate => businessDateOf(data.occurredAt);

/** What a card's last swipe becomes when this one is undone as a whole: it is as if it had never been. null: it stays. */
export const lastSwipeWithout = (settled: SwipeSettled, undone: Posting['undone'], { cards }: AccountState): LastSwipe | null => {
  const cardId = swipedCard(settled);
  const card = cardId === null ? undefined : cards.get(cardId);
  if (cardId === null || card?.lastSwipedOn !== swipedOn(settled)) return null;
  const { swipedBefore } = undone; // Not told: it was decided by an engine of before, and changed nothing.
  return swipedBefore === undefined || swipedBefore === card.lastSwipedOn ? null : { cardId, on: swipedBefore };
};

/** What it becomes when this one stands again. null: it stays. */
export const lastSwipeWith = (settled: SwipeSettled, { cards }: AccountState): LastSwipe | null => {
  const cardId = swipedCard(settled);
  const card = cardId === null ? undefined : cards.get(cardId);
  const on = swipedOn(settled);
  return cardId === null || card === undefined || (card.lastSwipedOn ?? '') >= on ? null : { cardId, on };
};

/** The key of the settlement that a command may undo as a whole. */
const mayUndo = ({ type, data }: MedicalAccountCommand): string | null => {
  if (type === 'PostSwipe') return data.replacesKey;
  if (type === 'CancelSettlement') return data.settlementKey;
  return type === 'ReverseSettlement' ? data.targetKey : null;
};

export type SwipeAsked = Readonly<{ cardId: string; settlementKey: string }>;

/**
 * Whether a decision needs to know the swipe before: only when the last one of its card may be undone, which the state tells by its day. How
 * often a card was swiped is not in the state, and needs not be: what came before stands in the stream.
 */
export const asksForSwipeBefore = (command: MedicalAccountCommand, { original }: Posting, { cards }: AccountState): SwipeAsked | null => {
  if (original.type !== 'SwipeSettled.v1' || original.data.key !== mayUndo(command)) return null;
  const cardId = swipedCard(original);
  if (cardId === null || cards.get(cardId)?.lastSwipedOn !== swipedOn(original)) return null;
  return { cardId, settlementKey: original.data.key };
};

/** Where a card came to this account: registered, or brought by a merge with what was known of it there. */
const cameWith = (event: MedicalAccountEvent, cardId: string): Readonly<{ lastSwipedOn: BusinessDate | null }> | undefined => {
  if (event.type === 'CardRegistered.v1') return event.data.cardId === cardId ? event.data : undefined;
  if (event.type !== 'AccountMerged.v1' && event.type !== 'AccountRestored.v1') return undefined;
  return event.data.cards.find(([id]) => id === cardId)?.[1];
};

/**
 * The day of the last swipe of a card that stands, besides one, from the events of its account read backwards: what undid a swipe is met
 * before it. `take` says when enough was read: nobody's swipe is of a day more than one after its own entry.
 */
export const swipeBefore = ({ cardId, settlementKey }: SwipeAsked) => {
  const undoneFen = new Map<string, number>();
  let found: BusinessDate | null = null;
  const undo = (key: string, amountFen: number): void => void undoneFen.set(key, (undoneFen.get(key) ?? 0) + amountFen);
  const consider = (day: BusinessDate | null): void => {
    if (day !== null && (found === null || day > found)) found = day;
  };
  const read = (event: MedicalAccountEvent): boolean => {
    if (event.type === 'SettlementCancelled.v1' || event.type === 'SettlementReversed.v1')
      undo(event.data.settlementKey, event.data.amountFen);
    if (event.type === 'CancellationReversed.v1') undo(event.data.settlementKey, 0 - event.data.amountFen);
    if (event.type === 'SwipeSettled.v1' && swipedCard(event) === cardId && event.data.key !== settlementKey)
      if ((undoneFen.get(event.data.key) ?? 0) < event.data.totalFeeFen) consider(swipedOn(event));
    const came = cameWith(event, cardId);
    if (came !== undefined) consider(came.lastSwipedOn);
    return came !== undefined;
  };
  return {
    take: (event: MedicalAccountEvent): boolean => read(event) || (found !== null && plusDays(businessDateOf(event.decidedAt), 1) <= found),
    found: (): BusinessDate | null => found,
  };
};

/** The same from a history at hand. */
export const withSwipeBefore = (
  command: MedicalAccountCommand,
  posting: Posting,
  state: AccountState,
  history: readonly Recorded<MedicalAccountEvent>[],
): Posting => {
  const asked = asksForSwipeBefore(command, posting, state);
  if (asked === null) return posting;
  const search = swipeBefore(asked);
  history.toReversed().some(search.take);
  return { ...posting, undone: { ...posting.undone, swipedBefore: search.found() } };
};
