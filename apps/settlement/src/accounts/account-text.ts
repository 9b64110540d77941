import type { AccountView, ActAnswer, StatementRow } from '#libs/application';
import { inYuan, yuanOf } from '../problem/yuan-text';

/** Inner bookkeeping of an event that an answer leaves to the log. */
const INNER = new Set(['key', 'commandHash', 'commitments', 'carried', 'cards', 'freezes', 'fenDays', 'change', 'releasedClaim']);

/** What an act left behind. Units: yuan as text. */
export const actText = ({ accountId, id, events, decidedAt, stream }: ActAnswer): object => ({
  accountId,
  ...(id === null ? {} : { id }),
  events: events.map(({ type, eventId, revision, data }) => ({
    type,
    eventId,
    revision,
    ...(inYuan(Object.fromEntries(Object.entries(data).filter(([name]) => !INNER.has(name)))) as object),
  })),
  decidedAt,
  stream,
});

type SubAccountText = { cardId: string; cardTail: string | null; sealed: boolean; currentYear: string; priorYear: string; total: string };

/** Sub-accounts and buckets, freezes, cards, as the events have them at `asOf`. Units: yuan as text. */
export const accountText = (view: AccountView): object => ({
  accountId: view.accountId,
  askedAccountId: view.askedAccountId ?? view.accountId,
  absorbedAccountIds: (view.succession?.merges ?? []).flatMap(([, { absorbedAccountId, mergedAt }]) =>
    mergedAt === null ? [] : [absorbedAccountId],
  ),
  poolingArea: view.poolingArea,
  insuranceType: view.insuranceType,
  hasPersonalAccount: view.hasPersonalAccount,
  openedAt: view.openedAt,
  asOf: view.asOf,
  revision: view.revision,
  balance: yuanOf(view.balances.reduce((sum, [, amountFen]) => sum + amountFen, 0)),
  owedByHolder: yuanOf(0 - view.receivableFen),
  cardInUse: view.cardInUse,
  subAccounts: subAccountsOf(view),
  cards: view.cards.map(([cardId, card]) => ({
    cardId,
    cardTail: view.cardTails[cardId] ?? null,
    kind: card.kind,
    media: card.media,
    carriesPersonalAccount: card.carriesPersonalAccount,
    state: card.timeline.at(-1)?.state ?? null,
    stateSince: card.timeline.at(-1)?.from ?? null,
    sealed: card.sealed,
    lastSwipedOn: card.lastSwipedOn,
    successorCardId: card.successorCardId,
    expiresAt: card.expiresAt,
    replacesCardId: card.replacesCardId,
    movesLater: card.deferred,
    financialAreaActive: card.financialAreaActive,
    financialAreaLostSince: card.financialAreaLostFrom,
    pinLockedSince: card.pin?.locks.find(({ until }) => until === null)?.from ?? null,
  })),
  freezes: view.freezes.map(([freezeId, freeze]) => ({ freezeId, ...(inYuan(freeze) as object) })),
});

const subAccountsOf = (view: AccountView): readonly SubAccountText[] => {
  const sealed = new Set(view.cards.filter(([, card]) => card.sealed).map(([cardId]) => cardId));
  const amountsFen = new Map<string, { currentYear: number; priorYear: number }>();
  for (const [subAccount, amountFen] of view.balances) {
    const [, cardId = '', bucket = ''] = subAccount.split(':');
    const amounts = amountsFen.get(cardId) ?? { currentYear: 0, priorYear: 0 };
    amounts[bucket === 'currentYear' ? 'currentYear' : 'priorYear'] += amountFen;
    amountsFen.set(cardId, amounts);
  }
  return [...amountsFen].map(([cardId, { currentYear, priorYear }]) => ({
    cardId,
    cardTail: view.cardTails[cardId] ?? null,
    sealed: sealed.has(cardId),
    currentYear: yuanOf(currentYear),
    priorYear: yuanOf(priorYear),
    total: yuanOf(currentYear + priorYear),
  }));
};

export const statementText = ({ rows, next }: Readonly<{ rows: readonly StatementRow[]; next: number | null }>): object => ({
  rows: rows.map((row) => inYuan(row)),
  next: next === null ? null : String(next),
});
