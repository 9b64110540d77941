import type { FreezeRow } from '#libs/application';
import { type Projection, standing } from './projection';

/** With the place in the log, so that paging meets later freezes last. */
export type StoredFreeze = FreezeRow & Readonly<{ placedLogIndex: number }>;

/** Every freeze that was ever placed, and how it ended. */
export const freezes: Projection<StoredFreeze> = {
  name: 'freezes',
  version: 1,
  shape: {
    columns: {
      freezeId: 'text',
      accountId: 'text',
      scopeKind: 'text',
      cardId: 'text?',
      amountFen: 'integer?',
      cause: 'text',
      legalDocument: 'text',
      placedAt: 'text',
      from: 'text',
      until: 'text?',
      placedBy: 'text',
      endedAt: 'text?',
      endedBy: 'text?',
      placedLogIndex: 'integer',
    },
    key: ['freezeId'],
    indexes: [['placedLogIndex'], ['accountId', 'placedLogIndex'], ['cause', 'placedLogIndex']],
  },
  apply(rows, event) {
    switch (event.type) {
      case 'FreezePlaced.v1': {
        const { freezeId, scope, cause, legalDocument, from, until, placedBy } = event.data;
        if (rows.get(freezeId) !== undefined) throw new Error(`freeze ${freezeId} is placed twice`);
        return rows.put({
          freezeId,
          accountId: event.accountId,
          scopeKind: scope.kind,
          cardId: 'cardId' in scope ? scope.cardId : null,
          amountFen: 'amountFen' in scope ? scope.amountFen : null,
          cause,
          legalDocument,
          placedAt: event.decidedAt,
          from,
          until,
          placedBy,
          endedAt: null,
          endedBy: null,
          placedLogIndex: event.logIndex,
        });
      }
      case 'FreezeLifted.v1': {
        const row = standing(rows.get(event.data.freezeId), `freeze ${event.data.freezeId}`);
        return rows.put({ ...row, endedAt: event.decidedAt, endedBy: 'lifted' });
      }
      case 'FreezeEnded.v1': {
        const row = standing(rows.get(event.data.freezeId), `freeze ${event.data.freezeId}`);
        return rows.put({ ...row, endedAt: event.data.effectiveAt, endedBy: 'term' });
      }
      default:
    }
  },
};
