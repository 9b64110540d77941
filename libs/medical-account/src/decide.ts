import { assertNever, type Decider } from '#libs/kernel';
import { cancelSettlement } from './cancellation';
import { collectCard, destroyCard, liftFormalLoss, reportFormalLoss, retainCard, returnCard } from './card-life';
import { cancelCard, enableCard, registerCard, sealSubAccount, stopCard, transferBalance, unsealSubAccount } from './cards';
import type { AccountFacts, MedicalAccountCommand } from './commands';
import { correctAccount, creditAccount, openAccount } from './credits';
import { due } from './due';
import type { MedicalAccountEvent } from './events';
import { evolve } from './evolve';
import { reportFinancialArea } from './financial-area';
import { liftFreeze, placeFreeze } from './freezes';
import { liftFinancialAreaLoss, liftTemporaryLoss, reportFinancialAreaLoss, reportTemporaryLoss } from './losses';
import { absorbAccount, confirmHandOver, receiveHandOver } from './persons/absorb';
import { barredByMerge } from './persons/barred';
import { approvePersonCase, proposePersonCase, withdrawPersonCase } from './persons/cases';
import { reportPinVerdict, unlockPin } from './pin';
import { type AccountRefusal, type Outcome, refuse } from './refusals';
import { confirmRelationTransfer, remitRelationTransfer, returnRelationTransfer, takeInRelation } from './relation-remittance';
import { closeRelationTransfer, followRelationTransfer, requestRelationTransfer, resumeRelation } from './relation-transfer';
import { reverseSettlement } from './reversal';
import { type AccountState, initialState } from './state';
import { postSwipe } from './swipe';
import { takeOverAccount } from './take-over';

type Rules = {
  [T in MedicalAccountCommand['type']]: (
    command: Extract<MedicalAccountCommand, { type: T }>,
    state: AccountState,
    facts: AccountFacts,
  ) => Outcome;
};

const RULES: Rules = {
  OpenAccount: openAccount,
  CreditAccount: creditAccount,
  CorrectAccount: correctAccount,
  RegisterCard: registerCard,
  TakeOverAccount: takeOverAccount,
  EnableCard: enableCard,
  StopCard: stopCard,
  CancelCard: cancelCard,
  ReportTemporaryLoss: reportTemporaryLoss,
  LiftTemporaryLoss: liftTemporaryLoss,
  ReportFormalLoss: reportFormalLoss,
  LiftFormalLoss: liftFormalLoss,
  RetainCard: retainCard,
  ReturnCard: returnCard,
  CollectCard: collectCard,
  DestroyCard: destroyCard,
  ReportFinancialArea: reportFinancialArea,
  ReportFinancialAreaLoss: reportFinancialAreaLoss,
  LiftFinancialAreaLoss: liftFinancialAreaLoss,
  ReportPinVerdict: reportPinVerdict,
  UnlockPin: unlockPin,
  SealSubAccount: sealSubAccount,
  UnsealSubAccount: unsealSubAccount,
  TransferBalance: transferBalance,
  PlaceFreeze: placeFreeze,
  LiftFreeze: liftFreeze,
  ProposePersonCase: proposePersonCase,
  ApprovePersonCase: approvePersonCase,
  WithdrawPersonCase: withdrawPersonCase,
  AbsorbAccount: absorbAccount,
  ReceiveHandOver: receiveHandOver,
  ConfirmHandOver: confirmHandOver,
  PostSwipe: postSwipe,
  CancelSettlement: cancelSettlement,
  ReverseSettlement: reverseSettlement,
  RequestRelationTransfer: requestRelationTransfer,
  FollowRelationTransfer: followRelationTransfer,
  CloseRelationTransfer: closeRelationTransfer,
  RemitRelationTransfer: remitRelationTransfer,
  ConfirmRelationTransfer: confirmRelationTransfer,
  ReturnRelationTransfer: returnRelationTransfer,
  ResumeRelation: resumeRelation,
  TakeInRelation: takeInRelation,
  /** It asks for nothing of its own: what is due stands before it, and who sends it appends that with the kernel's `settleDue`. */
  SettleDue: () => refuse([{ code: 'nothing-due' }]),
};

const decide = (command: MedicalAccountCommand, state: AccountState, facts: AccountFacts): Outcome => {
  const rule = RULES[command.type] as ((c: MedicalAccountCommand, s: AccountState, f: AccountFacts) => Outcome) | undefined;
  if (rule === undefined) return assertNever(command as never);
  return barredByMerge(command, state, facts) ?? rule(command, state, facts);
};

/** The rules of one medical account. Pure: state and facts in, events or reasons out. */
export const medicalAccount: Decider<MedicalAccountCommand, MedicalAccountEvent, AccountState, AccountRefusal, AccountFacts> = {
  decide,
  due,
  evolve,
  initialState,
  isClosing: ({ type }) => type === 'YearRolledOver.v1' || type === 'AccountCarriedForward.v1',
};
