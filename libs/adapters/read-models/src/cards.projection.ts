import type { CardRow } from '#libs/application';
import { businessDateOf } from '#libs/kernel';
import { CARDLESS, type CardKind, type CardRecord, type CardState, type MedicalAccountEvent } from '#libs/medical-account';
import { type ProjectedEvent, type Projection, type Rows, standing } from './projection';

/** The cardless row of an account keeps what its cards have of it; it has neither kind nor state, and no query shows it. */
export type StoredCard = Omit<CardRow, 'kind' | 'state'> & Readonly<{ kind: CardKind | null; state: CardState | null; wasInUse: boolean }>;

type TypeOf = MedicalAccountEvent['type'];
type Told<T extends TypeOf> = ProjectedEvent & Readonly<{ type: T; data: Extract<MedicalAccountEvent, { type: T }>['data'] }>;
type Apply = { [T in TypeOf]: ((rows: Rows<StoredCard>, event: Told<T>) => void) | null };

const change = (rows: Rows<StoredCard>, { accountId, logIndex }: ProjectedEvent, cardId: string, changed: Partial<StoredCard>): void =>
  rows.put({ ...standing(rows.get(accountId, cardId), `card ${cardId}`), ...changed, logIndex });

const enter =
  (state: CardState) =>
  (rows: Rows<StoredCard>, event: ProjectedEvent & Readonly<{ data: Readonly<{ cardId: string }> }>): void =>
    change(rows, event, event.data.cardId, { state });

/** A card that was lost, or kept by a machine, before it was enabled waits for that again. */
const comeBack = (rows: Rows<StoredCard>, event: ProjectedEvent & Readonly<{ data: Readonly<{ cardId: string }> }>): void => {
  const { wasInUse } = standing(rows.get(event.accountId, event.data.cardId), `card ${event.data.cardId}`);
  change(rows, event, event.data.cardId, { state: wasInUse ? 'inUse' : 'registered' });
};

/** A row that changes with every swipe would be dear: it changes with the day. Late entries of earlier days change nothing. */
const swiped = (rows: Rows<StoredCard>, event: Told<'SwipeSettled.v1'>): void => {
  const { presentedCardId, credentialKind, occurredAt } = event.data;
  const cardId = presentedCardId ?? event.data.cardId;
  if (credentialKind !== 'socialSecurityCard' || cardId === CARDLESS) return;
  const card = rows.get(event.accountId, cardId);
  const day = businessDateOf(occurredAt);
  if (card === undefined || (card.lastSwipedOn !== null && card.lastSwipedOn >= day)) return;
  rows.put({ ...card, lastSwipedOn: day, logIndex: event.logIndex });
};

type Undoing = 'SettlementCancelled.v1' | 'SettlementReversed.v1' | 'CancellationReversed.v1';
const undone = (rows: Rows<StoredCard>, event: Told<Undoing>): void => {
  const { lastSwipe } = event.data;
  if (lastSwipe !== null) change(rows, event, lastSwipe.cardId, { lastSwipedOn: lastSwipe.on });
};

const EMPTY = {
  district: null,
  kind: null,
  state: null,
  wasInUse: false,
  hasPersonalAccount: false,
  carriesPersonalAccount: false,
  registeredOn: '',
  lastSwipedOn: null,
  enabledAt: null,
  enabledThrough: null,
  enabledUnder: null,
  enabledAtRevision: null,
  stopPhase: null,
  stoppedAt: null,
  successorCardId: null,
} as const;

type Cards = readonly (readonly [cardId: string, card: CardRecord])[];

/** A card that is another account's now has neither kind nor state here, and no query shows it. */
const leave = (rows: Rows<StoredCard>, event: ProjectedEvent, cards: Cards): void => {
  for (const [cardId] of cards) change(rows, event, cardId, { kind: null, state: null });
};

/** With what was known of it on the account that it comes from. */
const come = (
  rows: Rows<StoredCard>,
  { accountId, logIndex }: ProjectedEvent,
  { cards, absorbedAccountId }: Readonly<{ cards: Cards; absorbedAccountId: string }>,
): void => {
  const { poolingArea, district, hasPersonalAccount } = standing(rows.get(accountId, CARDLESS), `account ${accountId}`);
  for (const [cardId, { kind, timeline, carriesPersonalAccount, lastSwipedOn, successorCardId }] of cards) {
    const known = standing(rows.get(absorbedAccountId, cardId), `card ${cardId}`);
    const now = { kind, state: timeline.at(-1)?.state ?? null, carriesPersonalAccount, lastSwipedOn, successorCardId };
    rows.put({ ...known, accountId, poolingArea, district, hasPersonalAccount, ...now, logIndex });
  }
};

/** What every kind of event does to a card. Each kind is named, so that a new one is thought about here, too. */
const APPLY: Apply = {
  'AccountOpened.v1': (rows, { accountId, logIndex, data }) =>
    rows.put({
      ...EMPTY,
      accountId,
      cardId: CARDLESS,
      poolingArea: data.poolingArea,
      district: data.district,
      hasPersonalAccount: data.hasPersonalAccount,
      logIndex,
    }),
  'CardRegistered.v1': (rows, { accountId, decidedAt, logIndex, data }) => {
    const { cardId, kind, state, carriesPersonalAccount, lastSwipedOn } = data;
    const { poolingArea, district, hasPersonalAccount } = standing(rows.get(accountId, CARDLESS), `account ${accountId}`);
    if (rows.get(accountId, cardId) !== undefined) throw new Error(`card ${cardId} is registered twice`);
    const own = { kind, state, wasInUse: state === 'inUse', carriesPersonalAccount, registeredOn: businessDateOf(decidedAt), lastSwipedOn };
    rows.put({ ...EMPTY, accountId, cardId, poolingArea, district, hasPersonalAccount, ...own, logIndex });
  },
  'CardEnabled.v1': (rows, event) => {
    const { cardId, channel, key } = event.data;
    change(rows, event, cardId, {
      state: 'inUse',
      wasInUse: true,
      enabledAt: event.decidedAt,
      enabledThrough: channel,
      enabledUnder: key,
      enabledAtRevision: event.revision,
    });
  },
  'CardStopped.v1': (rows, event) => {
    const { cardId, phase, effectiveAt } = event.data;
    change(rows, event, cardId, { state: 'stopped', stopPhase: phase, stoppedAt: effectiveAt });
  },
  'CardCancelled.v1': (rows, event) =>
    change(rows, event, event.data.cardId, { state: 'cancelled', successorCardId: event.data.successorCardId }),
  'TemporaryLossReported.v1': enter('temporarilyLost'),
  'TemporaryLossLifted.v1': comeBack,
  'CardRestored.v1': comeBack,
  'CardRetained.v1': enter('retained'),
  'CardReturned.v1': comeBack,
  'FormalLossReported.v1': enter('lost'),
  'FormalLossLifted.v1': comeBack,
  'CardExpired.v1': enter('expired'),
  'CardCollected.v1': enter('collected'),
  'CardDestroyed.v1': enter('destroyed'),
  'FinancialAreaReported.v1': null,
  'FinancialAreaLossReported.v1': null, // Of the other area: the card's state is that of the social security area.
  'FinancialAreaLossLifted.v1': null,
  'FinancialAreaRestored.v1': null,
  'PinVerdictReported.v1': null,
  'PinLocked.v1': null,
  'PinUnlocked.v1': null,
  'TransferDeferred.v1': null, // The transfer itself is told when it comes.
  'SubAccountShared.v1': (rows, event) => change(rows, event, event.data.cardId, { successorCardId: event.data.withCardId }),
  'BalanceTransferred.v1': (rows, event) => {
    const { fromCardId, toCardId } = event.data;
    const from = fromCardId === CARDLESS ? undefined : rows.get(event.accountId, fromCardId);
    const ended = from !== undefined && ['stopped', 'expired', 'cancelled', 'collected', 'destroyed'].includes(from.state ?? '');
    if (from && ended && toCardId !== CARDLESS && from.successorCardId !== toCardId)
      rows.put({ ...from, successorCardId: toCardId, logIndex: event.logIndex });
  },
  'SwipeSettled.v1': swiped,
  'AccountCredited.v1': null,
  'AccountCorrected.v1': null,
  'SubAccountSealed.v1': null, // Of money: in the balances.
  'SubAccountUnsealed.v1': null,
  'FreezePlaced.v1': null,
  'FreezeLifted.v1': null,
  'FreezeEnded.v1': null,
  'SettlementCancelled.v1': undone, // A swipe that was undone as a whole counts no more.
  'SettlementReversed.v1': undone,
  'CancellationReversed.v1': undone,
  'RelationTransferRequested.v1': null,
  'RelationTransferClosed.v1': null,
  'RelationTransferLapsed.v1': null,
  'RelationTransferRemitted.v1': null,
  'RelationTransferConfirmed.v1': null,
  'RelationTransferReturned.v1': null,
  'RelationResumed.v1': null,
  'RelationTakenIn.v1': null,
  'PersonCaseProposed.v1': null,
  'PersonCaseApproved.v1': null,
  'PersonCaseWithdrawn.v1': null,
  'AccountAbsorbed.v1': (rows, event) => leave(rows, event, event.data.cards),
  'AccountMerged.v1': (rows, event) => come(rows, event, event.data),
  'MergeUndone.v1': (rows, event) => leave(rows, event, event.data.cards),
  'AccountRestored.v1': (rows, event) => come(rows, event, { ...event.data, absorbedAccountId: event.data.fromAccountId }),
  'RefundReceived.v1': null,
  'HandOverDelivered.v1': null,
  'PersonChanged.v1': null,
  'InterestPosted.v1': null,
  'YearRolledOver.v1': null,
  'AccountCarriedForward.v1': null,
};

/** Every card of every account: its kind and state, when it was swiped last, how it was enabled, what stopped it and what came after it. */
export const cards: Projection<StoredCard> = {
  name: 'cards',
  version: 5,
  shape: {
    columns: {
      accountId: 'text',
      cardId: 'text',
      poolingArea: 'text',
      district: 'text?',
      kind: 'text?',
      state: 'text?',
      wasInUse: 'boolean',
      hasPersonalAccount: 'boolean',
      carriesPersonalAccount: 'boolean',
      registeredOn: 'text',
      lastSwipedOn: 'text?',
      enabledAt: 'text?',
      enabledThrough: 'text?',
      enabledUnder: 'text?',
      enabledAtRevision: 'integer?',
      stopPhase: 'text?',
      stoppedAt: 'text?',
      successorCardId: 'text?',
      logIndex: 'integer',
    },
    key: ['accountId', 'cardId'],
    indexes: [],
  },
  apply(rows, event) {
    (APPLY[event.type] as ((rows: Rows<StoredCard>, event: ProjectedEvent) => void) | null)?.(rows, event);
  },
};
