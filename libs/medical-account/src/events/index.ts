import type { Recorded } from '#libs/kernel';
import type { AccountCorrected, AccountCredited, AccountOpened } from './account';
import type {
  CardCancelled,
  CardCollected,
  CardDestroyed,
  CardEnabled,
  CardExpired,
  CardRegistered,
  CardRestored,
  CardRetained,
  CardReturned,
  CardStopped,
  FinancialAreaLossLifted,
  FinancialAreaLossReported,
  FinancialAreaReported,
  FinancialAreaRestored,
  FormalLossLifted,
  FormalLossReported,
  PinLocked,
  PinUnlocked,
  PinVerdictReported,
  TemporaryLossLifted,
  TemporaryLossReported,
} from './card-life';
import type { BalanceTransferred, SubAccountSealed, SubAccountShared, SubAccountUnsealed, TransferDeferred } from './card-money';
import type { AccountCarriedForward, InterestPosted, YearRolledOver } from './closings';
import type { FreezeEnded, FreezeLifted, FreezePlaced } from './freezes';
import type { PersonEvent } from './persons';
import type {
  RelationResumed,
  RelationTakenIn,
  RelationTransferClosed,
  RelationTransferConfirmed,
  RelationTransferLapsed,
  RelationTransferRemitted,
  RelationTransferRequested,
  RelationTransferReturned,
} from './relation';
import type { CancellationReversed, SettlementCancelled, SettlementReversed, SwipeSettled } from './settlements';

export type { CardRecord, CarriedState, FreezeRecord, PinRecord, TransferDeferral } from '../carried-state';
export type { HolderStatus, PaysUntil, RelationStage, RelationTransferRecord, Remittance } from '../relation-records';
export * from '../vocabulary';
export type * from './account';
export type * from './card-life';
export type * from './card-money';
export type * from './closings';
export type * from './freezes';
export type * from './persons';
export type * from './relation';
export type * from './settlements';

/** Every fact of a `medicalAccount-<accountId>` stream, newest form only; older stored forms end in the codec. */
export type MedicalAccountEvent =
  | AccountOpened
  | AccountCredited
  | AccountCorrected
  | CardRegistered
  | CardEnabled
  | CardStopped
  | CardCancelled
  | TemporaryLossReported
  | TemporaryLossLifted
  | CardRestored
  | CardRetained
  | CardReturned
  | FormalLossReported
  | FormalLossLifted
  | CardExpired
  | CardCollected
  | CardDestroyed
  | FinancialAreaReported
  | FinancialAreaLossReported
  | FinancialAreaLossLifted
  | FinancialAreaRestored
  | PinVerdictReported
  | PinLocked
  | PinUnlocked
  | SubAccountSealed
  | SubAccountUnsealed
  | TransferDeferred
  | SubAccountShared
  | BalanceTransferred
  | FreezePlaced
  | FreezeLifted
  | FreezeEnded
  | PersonEvent
  | SwipeSettled
  | SettlementCancelled
  | SettlementReversed
  | CancellationReversed
  | RelationTransferRequested
  | RelationTransferClosed
  | RelationTransferLapsed
  | RelationTransferRemitted
  | RelationTransferConfirmed
  | RelationTransferReturned
  | RelationResumed
  | RelationTakenIn
  | InterestPosted
  | YearRolledOver
  | AccountCarriedForward;

/** An event that answers a key. */
export type AnsweringEvent = Recorded<Extract<MedicalAccountEvent, { data: { key: unknown } }>>;
