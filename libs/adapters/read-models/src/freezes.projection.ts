import type { FreezeRow } from '#libs/application';
import type { FreezePlaced } from '#libs/medical-account';
import { type ProjectedEvent, type Projection, type Rows, standing } from './projection';

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
    indexes: [{ on: ['placedLogIndex'] }, { on: ['accountId', 'placedLogIndex'] }, { on: ['cause', 'placedLogIndex'] }],
  },
  apply(rows, event) {
    if (event.type === 'FreezePlaced.v1') place(rows, event.data, event);
    if (event.type === 'FreezeLifted.v1') end(rows, event.data.freezeId, { endedAt: event.decidedAt, endedBy: 'lifted' });
    if (event.type === 'FreezeEnded.v1') end(rows, event.data.freezeId, { endedAt: event.data.effectiveAt, endedBy: 'term' });
  },
};

const place = (rows: Rows<StoredFreeze>, placed: FreezePlaced['data'], { accountId, decidedAt, logIndex }: ProjectedEvent): void => {
  const { freezeId, scope, cause, legalDocument, from, until, placedBy } = placed;
  if (rows.get(freezeId) !== undefined) throw new Error(`freeze ${freezeId} is placed twice`);
  rows.put({
    freezeId,
    accountId,
    scopeKind: scope.kind,
    cardId: 'cardId' in scope ? scope.cardId : null,
    amountFen: 'amountFen' in scope ? scope.amountFen : null,
    cause,
    legalDocument,
    placedAt: decidedAt,
    from,
    until,
    placedBy,
    endedAt: null,
    endedBy: null,
    placedLogIndex: logIndex,
  });
};

const end = (rows: Rows<StoredFreeze>, freezeId: string, how: Pick<FreezeRow, 'endedAt' | 'endedBy'>): void => {
  rows.put({ ...standing(rows.get(freezeId), `freeze ${freezeId}`), ...how });
};
