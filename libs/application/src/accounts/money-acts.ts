import { creditKey } from '#libs/medical-account';
import type { Accounts } from '../engine';
import type { AccountActs } from './account-acts';

/** Money into an account, out of it by correction, and from card to card. */
export const moneyActs = (acts: AccountActs): Pick<Accounts, 'credit' | 'correct' | 'transfer'> => ({
  /** Idempotency: by source and reference, whoever sends it. */
  credit: (accountId, { reference, source, period, amountFen, bucket, legalBasis }, tracing) => {
    const key = creditKey(source, reference);
    const commandHash = acts.hashOf('CreditAccount', key, accountId, period, amountFen, bucket, legalBasis);
    const data = { key, commandHash, source, reference, period, amountFen, bucket, legalBasis };
    return acts.run({ accountId, command: { type: 'CreditAccount', data }, tracing });
  },
  /** Idempotency: by the organisation's reference. */
  correct: (accountId, { reference, amountFen, legalBasis, reason }, tracing) => {
    const own = acts.keyed(tracing, reference, 'CorrectAccount', accountId, amountFen, legalBasis, reason);
    return acts.run({ accountId, command: { type: 'CorrectAccount', data: { ...own, amountFen, legalBasis, reason } }, tracing });
  },
  /** Idempotency: by the organisation's reference. */
  transfer: (accountId, { reference, fromCardId, toCardId }, tracing) => {
    const own = acts.keyed(tracing, reference, 'TransferBalance', accountId, fromCardId, toCardId);
    return acts.run({ accountId, command: { type: 'TransferBalance', data: { ...own, fromCardId, toCardId } }, tracing });
  },
});
