import type { Command } from '#libs/kernel';
import type { CorrectAccount, CreditAccount, OpenAccount } from './account';
import type {
  CancelCard,
  CollectCard,
  DestroyCard,
  EnableCard,
  LiftFinancialAreaLoss,
  LiftFormalLoss,
  LiftTemporaryLoss,
  RegisterCard,
  ReportFinancialArea,
  ReportFinancialAreaLoss,
  ReportFormalLoss,
  ReportPinVerdict,
  ReportTemporaryLoss,
  RetainCard,
  ReturnCard,
  StopCard,
  UnlockPin,
} from './card-life';
import type { SealSubAccount, TransferBalance, UnsealSubAccount } from './card-money';
import type { LiftFreeze, PlaceFreeze } from './freezes';
import type { PersonCommand } from './persons';
import type {
  CloseRelationTransfer,
  ConfirmRelationTransfer,
  FollowRelationTransfer,
  RemitRelationTransfer,
  RequestRelationTransfer,
  ResumeRelation,
  ReturnRelationTransfer,
  TakeInRelation,
} from './relation';
import type { CancelSettlement, PostSwipe, ReverseSettlement } from './settlements';
import type { TakeOverAccount } from './take-over';

export type * from '../account-policy';
export * from '../facts';
export * from '../stream-keys';
export type * from './account';
export type * from './card-life';
export type * from './card-money';
export type * from './freezes';
export type * from './persons';
export type * from './relation';
export type * from './settlements';
export type * from './take-over';

/** Asks for nothing but what time has brought about. */
export type SettleDue = Command<'SettleDue', Record<never, never>>;

export type MedicalAccountCommand =
  | OpenAccount
  | CreditAccount
  | CorrectAccount
  | RegisterCard
  | TakeOverAccount
  | EnableCard
  | StopCard
  | CancelCard
  | ReportTemporaryLoss
  | LiftTemporaryLoss
  | ReportFormalLoss
  | LiftFormalLoss
  | RetainCard
  | ReturnCard
  | CollectCard
  | DestroyCard
  | ReportFinancialArea
  | ReportFinancialAreaLoss
  | LiftFinancialAreaLoss
  | ReportPinVerdict
  | UnlockPin
  | SealSubAccount
  | UnsealSubAccount
  | TransferBalance
  | PlaceFreeze
  | LiftFreeze
  | PersonCommand
  | PostSwipe
  | CancelSettlement
  | ReverseSettlement
  | RequestRelationTransfer
  | FollowRelationTransfer
  | CloseRelationTransfer
  | RemitRelationTransfer
  | ConfirmRelationTransfer
  | ReturnRelationTransfer
  | ResumeRelation
  | TakeInRelation
  | SettleDue;
