import type { Recorded } from '#libs/kernel';
import { type MedicalFen, medicalFen, type SwipeSettled } from './events';

export type Receipt = Readonly<{
  institutionCode: string;
  serial: string;
  cardId: string;
  stream: string;
  revision: number;
  eventId: string;
  decidedAt: string;
  occurredAt: string;
  packId: string;
  totalFeeFen: MedicalFen;
  fundPaidFen: MedicalFen;
  /** null: the person has no personal account. */
  accountPaidFen: Readonly<{ currentYear: MedicalFen; priorYear: MedicalFen; total: MedicalFen }> | null;
  cashPaymentFen: MedicalFen;
  balanceBeforeFen: MedicalFen;
  balanceAfterFen: MedicalFen;
}>;

/** Derives the receipt from the recorded event and nothing else: first answer and repeat are the same, years and closings later too. Units: fen. */
export const receiptOf = ({ id, stream, revision, decidedAt, data }: Recorded<SwipeSettled>): Receipt => {
  const paidFen = (end: string) => medicalFen(data.legs.reduce((sum, leg) => (leg.account.endsWith(end) ? sum - leg.amountFen : sum), 0));
  const currentYear = paidFen(':currentYear');
  const priorYear = paidFen(':priorYear');
  const total = medicalFen(currentYear + priorYear);
  return {
    institutionCode: data.institutionCode,
    serial: data.serial,
    cardId: data.cardId,
    stream,
    revision,
    eventId: id,
    decidedAt,
    occurredAt: data.occurredAt,
    packId: data.packId,
    totalFeeFen: data.totalFeeFen,
    fundPaidFen: data.fundPaidFen,
    accountPaidFen: data.hasPersonalAccount ? { currentYear, priorYear, total } : null,
    cashPaymentFen: data.cashPaymentFen,
    balanceBeforeFen: data.balanceBeforeFen,
    balanceAfterFen: medicalFen(data.balanceBeforeFen - total),
  };
};
