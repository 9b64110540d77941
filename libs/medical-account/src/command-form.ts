import { canonicalJson, type Json } from '#libs/kernel';
import type { MedicalAccountCommand } from './commands';
import { layoutOf } from './form';

type Members = { readonly [T in MedicalAccountCommand['type']]: readonly (keyof Extract<MedicalAccountCommand, { type: T }>['data'])[] };

const KEYED = ['key', 'commandHash'] as const;
const MEMBERS: Members = {
  OpenAccount: [...KEYED, 'accountId', 'personId', 'poolingArea', 'district', 'insuranceType', 'commitments'],
  TakeOverAccount: [
    ...KEYED,
    'accountId',
    'personId',
    'poolingArea',
    'district',
    'insuranceType',
    'commitments',
    'cards',
    'currentYearFen',
    'priorYearFen',
  ],
  CreditAccount: [...KEYED, 'source', 'reference', 'period', 'amountFen', 'bucket', 'legalBasis'],
  CorrectAccount: [...KEYED, 'amountFen', 'legalBasis', 'reason'],
  RegisterCard: [...KEYED, 'cardId', 'kind', 'state', 'lastSwipedOn', 'media', 'commitments', 'opening', 'issue', 'validDays'],
  EnableCard: [...KEYED, 'cardId', 'channel', 'financialAreaActivated', 'proxy'],
  StopCard: [...KEYED, 'cardId', 'reason'],
  CancelCard: [...KEYED, 'cardId', 'cause', 'reason'],
  ReportTemporaryLoss: [...KEYED, 'cardId'],
  LiftTemporaryLoss: [...KEYED, 'cardId'],
  ReportFormalLoss: [...KEYED, 'cardId', 'identityCheck'],
  LiftFormalLoss: [...KEYED, 'cardId', 'identityCheck'],
  RetainCard: [...KEYED, 'cardId', 'place'],
  ReturnCard: [...KEYED, 'cardId', 'identityCheck'],
  CollectCard: [...KEYED, 'cardId', 'place'],
  DestroyCard: [...KEYED, 'cardId', 'batch'],
  ReportFinancialArea: [...KEYED, 'cardId', 'active'],
  ReportFinancialAreaLoss: [...KEYED, 'cardId'],
  LiftFinancialAreaLoss: [...KEYED, 'cardId'],
  ReportPinVerdict: [...KEYED, 'cardId', 'verdict', 'reference'],
  UnlockPin: [...KEYED, 'cardId', 'cause', 'identityCheck'],
  SealSubAccount: [...KEYED, 'cardId', 'reason'],
  UnsealSubAccount: [...KEYED, 'cardId', 'reason'],
  TransferBalance: [...KEYED, 'fromCardId', 'toCardId', 'place'],
  PlaceFreeze: [...KEYED, 'freezeId', 'scope', 'cause', 'legalDocument', 'from', 'until', 'placedBy'],
  LiftFreeze: [...KEYED, 'freezeId', 'reason', 'liftedBy'],
  ProposePersonCase: [...KEYED, 'caseId', 'kind', 'absorbedAccountId', 'mergeId', 'change', 'reason', 'document', 'proposedBy'],
  ApprovePersonCase: [...KEYED, 'caseId', 'approvedBy'],
  WithdrawPersonCase: [...KEYED, 'caseId', 'reason'],
  AbsorbAccount: [...KEYED, 'caseId', 'survivorAccountId'],
  ReceiveHandOver: [...KEYED, 'handOverId'],
  ConfirmHandOver: [...KEYED, 'handOverId'],
  PostSwipe: [
    ...KEYED,
    'institutionCode',
    'serial',
    'entry',
    'lateReason',
    'approval',
    'occurredAt',
    'credentialKind',
    'cardId',
    'insuranceType',
    'medicalCategory',
    'visitNo',
    'chargeBatchNo',
    'invoiceNo',
    'totalFeeFen',
    'fundPaidFen',
    'accountEligibleFen',
    'payment',
    'holderCheck',
    'operatorCode',
    'terminalCode',
    'linesHash',
    'replacesKey',
  ],
  CancelSettlement: [...KEYED, 'institutionCode', 'serial', 'settlementKey', 'reason', 'note', 'amountFen', 'fundReturnedFen', 'byAgency'],
  ReverseSettlement: [...KEYED, 'institutionCode', 'serial', 'targetKey', 'note', 'byAgency'],
  RequestRelationTransfer: [...KEYED, 'transferId', 'toPoolingArea', 'holderStatus'],
  FollowRelationTransfer: [...KEYED, 'transferId', 'followsTransferId'],
  CloseRelationTransfer: [...KEYED, 'transferId', 'cause', 'reason'],
  RemitRelationTransfer: [...KEYED, 'transferId', 'batchReference'],
  ConfirmRelationTransfer: [...KEYED, 'transferId', 'amountFen', 'confirmation'],
  ReturnRelationTransfer: [...KEYED, 'transferId', 'amountFen', 'reason'],
  ResumeRelation: [...KEYED, 'transferId', 'reason'],
  TakeInRelation: [...KEYED, 'transferInId', 'fromPoolingArea', 'currentYearFen', 'priorYearFen'],
  SettleDue: [],
};

/** A command's members, all null, to be copied and filled. */
const LAYOUT = Object.fromEntries(
  Object.entries(MEMBERS).map(([type, names]) => [type, layoutOf(Object.fromEntries(names.map((name) => [name, null])))]),
) as Readonly<Record<MedicalAccountCommand['type'], object>>;

/** The command that a kind of answer usually answers: then its name is not written. */
const USUAL: Readonly<Record<string, MedicalAccountCommand['type']>> = {
  'AccountOpened.v1': 'OpenAccount',
  'AccountCredited.v1': 'CreditAccount',
  'AccountCorrected.v1': 'CorrectAccount',
  'CardRegistered.v1': 'RegisterCard',
  'CardEnabled.v1': 'EnableCard',
  'CardStopped.v1': 'StopCard',
  'CardCancelled.v1': 'CancelCard',
  'TemporaryLossReported.v1': 'ReportTemporaryLoss',
  'TemporaryLossLifted.v1': 'LiftTemporaryLoss',
  'FormalLossReported.v1': 'ReportFormalLoss',
  'FormalLossLifted.v1': 'LiftFormalLoss',
  'CardRetained.v1': 'RetainCard',
  'CardReturned.v1': 'ReturnCard',
  'CardCollected.v1': 'CollectCard',
  'CardDestroyed.v1': 'DestroyCard',
  'FinancialAreaReported.v1': 'ReportFinancialArea',
  'FinancialAreaLossReported.v1': 'ReportFinancialAreaLoss',
  'FinancialAreaLossLifted.v1': 'LiftFinancialAreaLoss',
  'PinVerdictReported.v1': 'ReportPinVerdict',
  'PinUnlocked.v1': 'UnlockPin',
  'SubAccountSealed.v1': 'SealSubAccount',
  'SubAccountUnsealed.v1': 'UnsealSubAccount',
  'BalanceTransferred.v1': 'TransferBalance',
  'FreezePlaced.v1': 'PlaceFreeze',
  'FreezeLifted.v1': 'LiftFreeze',
  'RelationTransferRequested.v1': 'RequestRelationTransfer',
  'RelationTransferClosed.v1': 'CloseRelationTransfer',
  'RelationTransferRemitted.v1': 'RemitRelationTransfer',
  'RelationTransferConfirmed.v1': 'ConfirmRelationTransfer',
  'RelationTransferReturned.v1': 'ReturnRelationTransfer',
  'RelationResumed.v1': 'ResumeRelation',
  'RelationTakenIn.v1': 'TakeInRelation',
  'PersonCaseProposed.v1': 'ProposePersonCase',
  'PersonCaseApproved.v1': 'ApprovePersonCase',
  'PersonCaseWithdrawn.v1': 'WithdrawPersonCase',
  'MergeUndone.v1': 'ApprovePersonCase',
  'PersonChanged.v1': 'ApprovePersonCase',
  'AccountAbsorbed.v1': 'AbsorbAccount',
  'AccountMerged.v1': 'ReceiveHandOver',
  'AccountRestored.v1': 'ReceiveHandOver',
  'RefundReceived.v1': 'ReceiveHandOver',
  'HandOverDelivered.v1': 'ConfirmHandOver',
  'SwipeSettled.v1': 'PostSwipe',
  'SettlementCancelled.v1': 'CancelSettlement',
  'SettlementReversed.v1': 'ReverseSettlement',
};

type Named = Readonly<Record<string, unknown>>;
type Answer = Readonly<{ type: string; data: Named }>;
const UNANSWERED: Answer = { type: '', data: {} };
/** Of the events of an append, the one that answers the command: the first that has a key. Without one it is the work of a job. */
const answerIn = (events: readonly Readonly<{ type: string; data: unknown }>[]): Answer =>
  (events as readonly Answer[]).find(({ data }) => typeof data.key === 'string') ?? UNANSWERED;
const usualFor = ({ type }: Answer): MedicalAccountCommand['type'] => USUAL[type] ?? 'SettleDue';

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && canonicalJson(a) === canonicalJson(b));

/**
 * The command as it stands beside its events: without what the answering event says in the same word or what is null in both, and without
 * its name where it is the usual one. Undefined when nothing is left to be said.
 */
export const shortCommand = (
  { type, data }: MedicalAccountCommand,
  events: readonly Readonly<{ type: string; data: unknown }>[],
): Json | undefined => {
  const answer = answerIn(events);
  const own: Record<string, unknown> = {};
  for (const name of MEMBERS[type]) {
    const value = (data as Named)[name];
    if (!isSame(value, answer.data[name] ?? null)) own[name] = value;
  }
  const isUsual = type === usualFor(answer);
  const isSaid = Object.keys(own).length === 0;
  if (isUsual && isSaid) return undefined;
  return { ...(isSaid ? {} : { data: own }), ...(isUsual ? {} : { type }) } as Json;
};

/** The whole command again. @throws Error on a command that this engine does not know. */
export const wholeCommand = (stored: unknown, events: readonly Readonly<{ type: string; data: unknown }>[]): MedicalAccountCommand => {
  const answer = answerIn(events);
  const { type = usualFor(answer), data = {} } = (stored ?? {}) as Readonly<{ type?: MedicalAccountCommand['type']; data?: Named }>;
  if (!Object.hasOwn(MEMBERS, type)) throw new Error(`stored event: unknown command ${type}`);
  const whole: Record<string, unknown> = { ...LAYOUT[type] };
  for (const name of MEMBERS[type]) whole[name] = answer.data[name] ?? null;
  for (const name of Object.keys(data)) if (Object.hasOwn(whole, name)) whole[name] = data[name];
  return { type, data: whole } as unknown as MedicalAccountCommand;
};
