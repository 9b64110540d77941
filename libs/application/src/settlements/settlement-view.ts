import type { Recorded } from '#libs/kernel';
import { type MedicalAccountEvent, type MedicalLeg, medicalFen, type Posting, type SettlementKeyVoided } from '#libs/medical-account';
import type { SettlementAnswer, SettlementView, UndoAnswer } from '../engine';
import { uuidOf } from '../streams/command-identity';

/** The id of the settlement that stands under a key, or would. */
export const settlementIdOf = (key: string): string => uuidOf(`settlement:${key}`);
const serialOf = (key: string): string => key.split('-').slice(2).join('-');
const NO_MONEY = {
  amountFen: medicalFen(0),
  accountReturnedFen: medicalFen(0),
  fundReturnedFen: medicalFen(0),
  cashRefundFen: medicalFen(0),
};

/** What an undo tells its institution, from the recorded event alone. @throws Error on an event that undoes nothing. */
export const undoAnswerOf = (event: Recorded<MedicalAccountEvent | SettlementKeyVoided>): UndoAnswer => {
  const place = { decidedAt: event.decidedAt, stream: event.stream, revision: event.revision, eventId: event.id };
  switch (event.type) {
    case 'SettlementCancelled.v1':
    case 'SettlementReversed.v1': {
      const { institutionCode, serial, settlementKey, amountFen, fundReturnedFen, cashRefundFen, legs } = event.data;
      return {
        kind: event.type === 'SettlementCancelled.v1' ? 'settlementCancelled' : 'settlementReversed',
        institutionCode,
        serial: serial ?? '',
        targetSerial: serialOf(settlementKey),
        settlementId: settlementIdOf(settlementKey),
        amountFen,
        accountReturnedFen: institutionSide(legs),
        fundReturnedFen,
        cashRefundFen,
        ...place,
      };
    }
    case 'CancellationReversed.v1': {
      const { institutionCode, serial, cancellationKey, settlementKey, amountFen, fundReturnedFen, cashRefundFen, legs } = event.data;
      return {
        kind: 'cancellationReversed',
        institutionCode,
        serial: serial ?? '',
        targetSerial: serialOf(cancellationKey),
        settlementId: settlementIdOf(settlementKey),
        amountFen,
        accountReturnedFen: institutionSide(legs),
        fundReturnedFen,
        cashRefundFen,
        ...place,
      };
    }
    case 'SettlementKeyVoided.v1': {
      const { institutionCode, serial, voidedKey } = event.data;
      return { kind: 'keyVoided', institutionCode, serial, targetSerial: serialOf(voidedKey), settlementId: null, ...NO_MONEY, ...place };
    }
    default:
      throw new Error(`${event.type} undoes nothing`);
  }
};

/** Account money that the institution gives back (positive) or gets again (negative). */
const institutionSide = (legs: readonly MedicalLeg[]) =>
  medicalFen(legs.reduce((sum, { account, amountFen }) => (account.startsWith('payable:') ? sum - amountFen : sum), 0));

/** What stands under a serial today, for its institution, the agency and the auditor. */
export const viewOf = async (
  posting: Posting | undefined,
  serial: string,
  withTail: (event: Recorded<MedicalAccountEvent>) => Promise<SettlementAnswer>,
): Promise<SettlementView> => {
  if (!posting) return { kind: 'absent' };
  const { original, undone } = posting;
  if (original.type !== 'SwipeSettled.v1') {
    const answer = undoAnswerOf(original);
    return { kind: 'undo', answer: { ...answer, serial: answer.serial || serial } };
  }
  const state = undone.amountFen === 0 ? 'live' : undone.amountFen < original.data.totalFeeFen ? 'partlyUndone' : 'undone';
  return { kind: 'settlement', receipt: await withTail(original), event: original, undone, state };
};
