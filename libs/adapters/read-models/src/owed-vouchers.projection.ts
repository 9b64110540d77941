import type { SignedBy } from '#libs/card-service';
import type { ProjectedApplication, ProjectedEvent, Projection, Rows } from './projection';

/** An act that leaves a voucher, and its number once it is there. `signedBy`: as JSON. */
export type StoredOwedVoucher = Readonly<{
  actKey: string;
  stream: string;
  revision: number;
  type: string;
  accountId: string;
  outletCode: string;
  signedBy: string;
  decidedAt: string;
  voucherNo: string | null;
  isOwed: boolean;
  logIndex: number;
}>;

const VOUCHER_OF = 'voucher-';
/** Whose an application is stands in its acceptance. */
const OF_THE_APPLICATION = '';

/** What acts say of the voucher that goes with them, against the vouchers that were issued. */
export const owedVouchers: Projection<StoredOwedVoucher> = {
  name: 'owedVouchers',
  version: 1,
  shape: {
    columns: {
      actKey: 'text',
      stream: 'text',
      revision: 'integer',
      type: 'text',
      accountId: 'text',
      outletCode: 'text',
      signedBy: 'text',
      decidedAt: 'text',
      voucherNo: 'text?',
      isOwed: 'boolean',
      logIndex: 'integer',
    },
    key: ['actKey'],
    indexes: [{ on: ['logIndex'], only: 'isOwed' }],
  },
  apply: (rows, event) => owe(rows, event, event.accountId),
  applyApplication: (rows, event) => owe(rows, event, OF_THE_APPLICATION),
  applyVoucher(rows, { key, voucherNo }) {
    const row = key.startsWith(VOUCHER_OF) ? rows.get(key.slice(VOUCHER_OF.length)) : undefined;
    if (row !== undefined) rows.put({ ...row, voucherNo, isOwed: false });
  },
};

type Act = (ProjectedEvent | ProjectedApplication) &
  Readonly<{ voucherOwed?: Readonly<{ outletCode: string; signedBy: SignedBy }> | undefined }>;

const owe = (
  rows: Rows<StoredOwedVoucher>,
  { voucherOwed, data, stream, revision, type, decidedAt, logIndex }: Act,
  accountId: string,
): void => {
  const { key: actKey } = data as Readonly<{ key?: string | null }>;
  if (voucherOwed === undefined || actKey == null) return;
  const { outletCode, signedBy } = voucherOwed;
  const act = { actKey, stream, revision, type, accountId, outletCode, signedBy: JSON.stringify(signedBy), decidedAt };
  rows.put({ ...act, voucherNo: null, isOwed: true, logIndex });
};
