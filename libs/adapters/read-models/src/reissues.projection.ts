import type { ReissueRow } from '#libs/application';
import type { ProjectedEvent, Projection, Rows } from './projection';

export type StoredReissue = ReissueRow & Readonly<{ isOpen: boolean; logIndex: number }>;

/** After these a card is in nobody's hand any more: there is nothing left to reissue. */
const OUT_OF_HAND: ReadonlySet<string> = new Set(['CardCancelled.v1', 'CardCollected.v1', 'CardDestroyed.v1']);

/** Cards that bear a name or number which is not their holder's any more, or are one too many after a merge, until another takes their place. */
export const reissues: Projection<StoredReissue> = {
  name: 'reissues',
  version: 1,
  shape: {
    columns: {
      accountId: 'text',
      cardId: 'text',
      reason: 'text',
      caseId: 'text',
      since: 'text',
      replacedAt: 'text?',
      replacedByCardId: 'text?',
      isOpen: 'boolean',
      logIndex: 'integer',
    },
    key: ['accountId', 'cardId'],
    indexes: [{ on: ['since', 'accountId', 'cardId'], only: 'isOpen' }],
  },
  apply(rows, event) {
    if (event.type === 'PersonChanged.v1') list(rows, event, event.data.grounds);
    if (event.type === 'AccountAbsorbed.v1' || event.type === 'MergeUndone.v1')
      for (const [cardId] of event.data.cards) strike(rows, event, cardId, null);
    if (event.type === 'AccountMerged.v1') list(rows, event, 'merged');
    if (event.type === 'CardRegistered.v1' && event.data.issue?.replacesCardId)
      strike(rows, event, event.data.issue.replacesCardId, event.data.cardId);
    if (OUT_OF_HAND.has(event.type)) strike(rows, event, (event.data as { cardId: string }).cardId, successorIn(event));
  },
};

const successorIn = (event: ProjectedEvent): string | null => (event.type === 'CardCancelled.v1' ? event.data.successorCardId : null);

const list = (rows: Rows<StoredReissue>, event: ProjectedEvent, reason: ReissueRow['reason']): void => {
  if (event.type !== 'PersonChanged.v1' && event.type !== 'AccountMerged.v1') return;
  const { accountId, decidedAt, logIndex, data } = event;
  for (const cardId of data.affectedCardIds)
    rows.put({
      ...{ accountId, cardId, reason, caseId: data.caseId, since: decidedAt },
      ...{ replacedAt: null, replacedByCardId: null, isOpen: true, logIndex },
    });
};

const strike = (
  rows: Rows<StoredReissue>,
  { accountId, decidedAt, logIndex }: ProjectedEvent,
  cardId: string,
  replacedByCardId: string | null,
): void => {
  const row = rows.get(accountId, cardId);
  if (row?.isOpen) rows.put({ ...row, replacedAt: decidedAt, replacedByCardId, isOpen: false, logIndex });
};
