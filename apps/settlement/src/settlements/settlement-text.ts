import type { BillLine, SettlementAnswer, SettlementView, UndoAnswer } from '#libs/application';
import { yuanOf } from '../problem/yuan-text';

/** The answer of a settled swipe as the door tells it. Units: yuan as text. A person without a personal account: `accountPaid: "none"`. */
export const settlementText = (receipt: SettlementAnswer): object => ({
  settlementId: receipt.settlementId,
  institutionCode: receipt.institutionCode,
  serial: receipt.serial,
  totalFee: yuanOf(receipt.totalFeeFen),
  fundPaid: yuanOf(receipt.fundPaidFen),
  accountPaid: receipt.accountPaidFen
    ? {
        currentYear: yuanOf(receipt.accountPaidFen.currentYear),
        priorYear: yuanOf(receipt.accountPaidFen.priorYear),
        total: yuanOf(receipt.accountPaidFen.total),
      }
    : 'none',
  cashPayment: yuanOf(receipt.cashPaymentFen),
  balanceBefore: yuanOf(receipt.balanceBeforeFen),
  balanceAfter: yuanOf(receipt.balanceAfterFen),
  cardTail: receipt.cardTail,
  policy: receipt.packId,
  decidedAt: receipt.decidedAt,
  stream: receipt.stream,
  revision: receipt.revision,
  eventId: receipt.eventId,
});

export const undoText = (answer: UndoAnswer): object => ({
  kind: answer.kind,
  institutionCode: answer.institutionCode,
  serial: answer.serial,
  targetSerial: answer.targetSerial,
  settlementId: answer.settlementId,
  amount: yuanOf(answer.amountFen),
  accountReturned: yuanOf(answer.accountReturnedFen),
  fundReturned: yuanOf(answer.fundReturnedFen),
  cashRefund: yuanOf(answer.cashRefundFen),
  decidedAt: answer.decidedAt,
  stream: answer.stream,
  revision: answer.revision,
  eventId: answer.eventId,
});

export type StandingSettlement = Extract<SettlementView, { kind: 'settlement' }>;
export const swipeOf = ({ event }: StandingSettlement) => {
  if (event.type !== 'SwipeSettled.v1') throw new Error('a settlement was found with another event');
  return event.data;
};

/** What stands under a serial today: the answer of its time, and what has been undone since. */
export const viewText = (view: StandingSettlement, lines: readonly BillLine[]): object => {
  const swipe = swipeOf(view);
  const { undone } = view;
  return {
    kind: 'settlement',
    ...settlementText(view.receipt),
    entry: swipe.entry,
    occurredAt: swipe.occurredAt,
    businessDate: swipe.businessDate,
    insuranceType: swipe.insuranceType,
    medicalCategory: swipe.medicalCategory,
    visitNo: swipe.visitNo,
    chargeBatchNo: swipe.chargeBatchNo,
    invoiceNo: swipe.invoiceNo,
    operatorCode: swipe.operatorCode,
    terminalCode: swipe.terminalCode,
    state: view.state,
    undone: {
      amount: yuanOf(undone.amountFen),
      accountReturned: yuanOf(undone.accountFen),
      fundReturned: yuanOf(undone.fundReturnedFen),
      cashRefund: yuanOf(undone.cashRefundFen),
    },
    lines,
  };
};
