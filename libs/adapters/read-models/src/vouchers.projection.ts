import { accountStream } from '#libs/medical-account';
import type { Projection } from './projection';

/** A voucher, by the event of an account that it is about. */
export type StoredVoucher = Readonly<{ accountId: string; revision: number; voucherNo: string; logIndex: number }>;

const ACCOUNTS = accountStream('');

/** The vouchers that were issued for acts on accounts; those for applications are no act on an account. */
export const vouchers: Projection<StoredVoucher> = {
  name: 'vouchers',
  version: 1,
  shape: {
    columns: { accountId: 'text', revision: 'integer', voucherNo: 'text', logIndex: 'integer' },
    key: ['accountId', 'revision', 'voucherNo'],
    indexes: [],
  },
  apply: () => undefined,
  applyVoucher(rows, { voucherNo, about, logIndex }) {
    if (!about.stream.startsWith(ACCOUNTS)) return;
    rows.put({ accountId: about.stream.slice(ACCOUNTS.length), revision: about.revision, voucherNo, logIndex });
  },
};
