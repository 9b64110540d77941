import type { BalanceRow } from '#libs/application';
import { BUCKETS, CARDLESS, type MedicalLeg } from '#libs/medical-account';
import type { ProjectedEvent, Projection, Rows } from './projection';

const SUB_ACCOUNT = /^subAccount:(.+):(currentYear|priorYear)$/;

/** What stands on each sub-account and bucket, and whether it is sealed; every account has the rows of its cardless sub-account. */
export const balances: Projection<BalanceRow> = {
  name: 'balances',
  version: 2,
  shape: {
    columns: { accountId: 'text', cardId: 'text', bucket: 'text', amountFen: 'integer', sealed: 'boolean', logIndex: 'integer' },
    key: ['accountId', 'cardId', 'bucket'],
    indexes: [{ on: ['accountId'], only: 'sealed' }],
  },
  apply(rows, event) {
    if (event.type === 'AccountOpened.v1') touch(rows, event, CARDLESS, {});
    if (event.type === 'CardRegistered.v1') touch(rows, event, event.data.cardId, {});
    if (event.type === 'SubAccountSealed.v1') touch(rows, event, event.data.cardId, { sealed: true });
    if (event.type === 'SubAccountUnsealed.v1') touch(rows, event, event.data.cardId, { sealed: false });
    if (event.type === 'AccountAbsorbed.v1' || event.type === 'MergeUndone.v1')
      for (const [cardId] of event.data.cards) touch(rows, event, cardId, { sealed: false });
    if (event.type === 'AccountMerged.v1' || event.type === 'AccountRestored.v1')
      for (const [cardId, { sealed }] of event.data.cards) touch(rows, event, cardId, { sealed });
    if ('legs' in event.data) move(rows, event, event.data.legs);
  },
};

const rowOf = (rows: Rows<BalanceRow>, { accountId }: ProjectedEvent, cardId: string, bucket: string): BalanceRow =>
  rows.get(accountId, cardId, bucket) ?? { accountId, cardId, bucket, amountFen: 0, sealed: false, logIndex: -1 };

const touch = (rows: Rows<BalanceRow>, event: ProjectedEvent, cardId: string, changed: Partial<BalanceRow>): void => {
  for (const bucket of BUCKETS) rows.put({ ...rowOf(rows, event, cardId, bucket), ...changed, logIndex: event.logIndex });
};

/** @throws Error when a sub-account would become negative: judged on the event as a whole, its legs have no order. */
const move = (rows: Rows<BalanceRow>, event: ProjectedEvent, legs: readonly MedicalLeg[]): void => {
  const touched = new Map<string, BalanceRow>();
  for (const { account, amountFen } of legs) {
    const [, cardId, bucket] = SUB_ACCOUNT.exec(account) ?? [];
    if (cardId === undefined || bucket === undefined) continue;
    const row = touched.get(account) ?? rowOf(rows, event, cardId, bucket);
    touched.set(account, { ...row, amountFen: row.amountFen + amountFen, logIndex: event.logIndex });
  }
  for (const [account, row] of touched) {
    if (row.amountFen < 0) throw new Error(`${account} would hold ${row.amountFen} fen`);
    rows.put(row);
  }
};
