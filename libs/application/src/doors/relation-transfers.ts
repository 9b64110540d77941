import type { HolderStatus, MedicalFen, RelationInStage, RelationStage } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { ActAnswer } from './accounts';
import type { Answer } from './answer';

export type RelationTransferOrder = Readonly<{ reference: string; toPoolingArea: string; holderStatus: HolderStatus }>;
/** What is done to a transfer that was asked for. `batchReference`: the treasury's own number of the remittance, and no bank data. */
export type RelationTransferAct =
  | Readonly<{ act: 'remit'; batchReference: string }>
  | Readonly<{ act: 'confirm'; amountFen: MedicalFen; confirmation: string }>
  | Readonly<{ act: 'return'; amountFen: MedicalFen; reason: string }>
  | Readonly<{ act: 'withdraw' | 'reject'; reason: string }>
  | Readonly<{ act: 'follow' }>
  | Readonly<{ act: 'resume'; reason: string }>;

/** `dueOn`: by when the next step is due; null: nothing is awaited. Units: fen; working days by the calendar of the pack in force. */
export type Deadline = Readonly<{ dueOn: string | null; overdueWorkingDays: number }>;
export type RelationTransferOut = Deadline &
  Readonly<{
    transferId: string;
    toPoolingArea: string;
    followsTransferId: string | null;
    stage: RelationStage;
    requestedAt: string;
    remittedAt: string | null;
    batchReference: string | null;
    currentYearFen: MedicalFen;
    priorYearFen: MedicalFen;
    amountFen: MedicalFen;
    inTransitFen: MedicalFen;
    /** What has come in since and is still here, though the relation is not. */
    toFollowFen: MedicalFen;
    endedAt: string | null;
    resumedAt: string | null;
  }>;

/** Which transfer a message from another area is about. */
export type RelationInName = Readonly<{ poolingArea: string; fromPoolingArea: string; transferNo: string }>;
export type RelationFileOrder = RelationInName &
  Readonly<{
    reference: string;
    person: Readonly<{ identityKind: string; identityNumber: string }>;
    currentYearFen: MedicalFen;
    priorYearFen: MedicalFen;
  }>;
export type RelationMoneyOrder = RelationInName &
  Readonly<{ reference: string; batchReference: string; amountFen: MedicalFen; receivedOn: string }>;
/** `waitsFor`: `file`, `money`, `account`, or the codes for which the account does not take it now. `ageDays`: since the first message. */
export type RelationTransferIn = Deadline &
  RelationInName &
  Readonly<{
    transferInId: string;
    stage: RelationInStage;
    waitsFor: readonly string[];
    file: Readonly<{ registeredAt: string; currentYearFen: MedicalFen; priorYearFen: MedicalFen; amountFen: MedicalFen }> | null;
    money: Readonly<{ registeredAt: string; receivedOn: string; batchReference: string; amountFen: MedicalFen }> | null;
    matchedAt: string | null;
    accountId: string | null;
    creditedAt: string | null;
    ageDays: number;
    stream: string;
    revision: number;
  }>;

/** Insurance relations that go to another pooling area and come from one. Idempotency: by the organisation's reference. Throws: on outage. */
export interface RelationTransfers {
  request(accountId: string, order: RelationTransferOrder, tracing: Tracing): Promise<Answer<ActAnswer>>; // id: transferId
  act(
    accountId: string,
    transferId: string,
    order: RelationTransferAct & { reference: string },
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  ofAccount(accountId: string): Promise<readonly RelationTransferOut[] | undefined>;

  registerFile(order: RelationFileOrder, tracing: Tracing): Promise<Answer<RelationTransferIn>>;
  registerMoney(order: RelationMoneyOrder, tracing: Tracing): Promise<Answer<RelationTransferIn>>;
  withdrawFile(
    transferInId: string,
    order: Readonly<{ reference: string; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<RelationTransferIn>>;
  sendMoneyBack(
    transferInId: string,
    order: Readonly<{ reference: string; batchReference: string; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<RelationTransferIn>>;
  /** Goes on where the account was not there or did not take it. Idempotency: credited once, however often it is asked. */
  credit(transferInId: string, tracing: Tracing): Promise<Answer<RelationTransferIn>>;
  /** Somebody has an account now: credits what is known to wait for it. Idempotency: each is credited once. What fails goes on waiting. */
  opened(
    order: Readonly<{ poolingArea: string; person: Readonly<{ identityKind: string; identityNumber: string }> }>,
    tracing: Tracing,
  ): Promise<void>;
  incoming(transferInId: string): Promise<RelationTransferIn | undefined>;
  /** How late something is that was due on a day, by the calendar of the area. Units: working days; 0 on the day itself. */
  lateness(poolingArea: string, dueOn: string | null): Promise<number>;
}
