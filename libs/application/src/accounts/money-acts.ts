import { type CreditAccount, creditKey } from '#libs/medical-account';
import type { Accounts, CreditOrder } from '../engine';
import type { AccountActs, Field } from './account-acts';

type HashOf = (...says: readonly [type: string, ...fields: Field[]]) => string;

/** The same order is the same command, whether it comes alone or as a line of a month's file. Idempotency: by source and reference. */
export const creditCommand = (hashOf: HashOf, accountId: string, order: CreditOrder): CreditAccount => {
  const { reference, source, period, amountFen, bucket, legalBasis } = order;
  const key = creditKey(source, reference);
  const hash = hashOf('CreditAccount', key, accountId, period, amountFen, bucket, legalBasis);
  return { type: 'CreditAccount', data: { key, commandHash: hash, source, reference, period, amountFen, bucket, legalBasis } };
};

/** Money into an account, out of it by correction, and from card to card. */
export const moneyActs = (acts: AccountActs): Pick<Accounts, 'credit' | 'correct' | 'transfer'> => ({
  /** Idempotency: by source and reference, whoever sends it. */
  credit: (accountId, order, tracing) =>
    acts.run({ accountId, command: creditCommand((...says) => acts.hashOf(...says), accountId, order), tracing }),
  /** Idempotency: by the organisation's reference. */
  correct: (accountId, { reference, amountFen, legalBasis, reason }, tracing) => {
    const own = acts.keyed(tracing, reference, 'CorrectAccount', accountId, amountFen, legalBasis, reason);
    return acts.run({ accountId, command: { type: 'CorrectAccount', data: { ...own, amountFen, legalBasis, reason } }, tracing });
  },
  /** Idempotency: by the organisation's reference. */
  transfer: (accountId, { reference, fromCardId, toCardId, place = null }, tracing) => {
    const own = acts.keyed(tracing, reference, 'TransferBalance', accountId, fromCardId, toCardId, ...(place === null ? [] : [place]));
    return acts.run({ accountId, command: { type: 'TransferBalance', data: { ...own, fromCardId, toCardId, place } }, tracing });
  },
});
