import type { CardTransferRow } from '#libs/application';
import { type Bucket, subAccount } from '#libs/medical-account';
import type { Projection } from './projection';

/** Without what is known of the cards, and of the act that moved the money, elsewhere. */
export type StoredTransfer = Omit<CardTransferRow, 'fromKind' | 'toKind' | 'channel' | 'vouchers'>;

/** Each movement of money from an old card (or the cardless sub-account) to its successor. */
export const cardTransfers: Projection<StoredTransfer> = {
  name: 'cardTransfers',
  version: 2,
  shape: {
    columns: {
      logIndex: 'integer',
      accountId: 'text',
      fromCardId: 'text',
      toCardId: 'text',
      cause: 'text',
      wasSealed: 'boolean',
      currentYearFen: 'integer',
      priorYearFen: 'integer',
      amountFen: 'integer',
      decidedAt: 'text',
      eventId: 'text',
      revision: 'integer',
      actKey: 'text?',
    },
    key: ['logIndex'],
    indexes: [{ on: ['accountId', 'logIndex'] }, { on: ['fromCardId', 'logIndex'] }, { on: ['toCardId', 'logIndex'] }],
  },
  apply(rows, event) {
    if (event.type !== 'BalanceTransferred.v1') return;
    const { fromCardId, toCardId, cause, amountFen, wasSealed, legs } = event.data;
    const takenFen = (bucket: Bucket) =>
      legs.reduce((sum, leg) => (leg.account === subAccount(fromCardId, bucket) ? sum - leg.amountFen : sum), 0);
    const currentYearFen = takenFen('currentYear');
    const priorYearFen = takenFen('priorYear');
    if (currentYearFen + priorYearFen !== amountFen) throw new Error(`a transfer of ${amountFen} fen takes another amount from the card`);
    rows.put({
      logIndex: event.logIndex,
      accountId: event.accountId,
      fromCardId,
      toCardId,
      cause,
      wasSealed,
      currentYearFen,
      priorYearFen,
      amountFen,
      decidedAt: event.decidedAt,
      eventId: event.id,
      revision: event.revision,
      actKey: event.data.key,
    });
  },
};
