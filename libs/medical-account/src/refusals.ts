import { byPrecedence, type Decision, type Instant, nonEmpty } from '#libs/kernel';
import type {
  CardKind,
  CardMedium,
  CardState,
  CredentialKind,
  EnablementChannel,
  ExchangeReason,
  FreezeCause,
  FreezeScope,
  HolderCheckMethod,
  InstitutionKind,
  InsuranceType,
  MedicalAccountEvent,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
  ProxyRelation,
  TemporaryReason,
  TransferPlace,
} from './events';
import { REFUSALS } from './refusal-catalogue';
import type { RelationRefusal } from './relation-refusals';

/** Why a command on a medical account is refused, with what a clerk needs. Closed: a new reason is a new member here and a row in the catalogue. */
export type AccountRefusal =
  | Readonly<{ code: 'settlement-key-voided'; voidedAt: Instant }>
  | Readonly<{ code: 'serial-used-for-other-act'; firstAt: Instant; act: string }>
  | Readonly<{ code: 'settlement-exists-with-different-card'; firstAt: Instant }>
  | Readonly<{ code: 'settlement-exists-with-different-amount'; firstAt: Instant; recordedFen: MedicalFen }>
  | Readonly<{ code: 'settlement-exists-with-different-fund-part'; firstAt: Instant; recordedFen: MedicalFen }>
  | Readonly<{ code: 'settlement-exists-with-different-eligible'; firstAt: Instant; recordedFen: MedicalFen }>
  | Readonly<{ code: 'settlement-exists-with-different-category'; firstAt: Instant; recorded: MedicalCategory }>
  | Readonly<{ code: 'settlement-exists-with-different-payment'; firstAt: Instant; recorded: PaymentMode }>
  | Readonly<{ code: 'settlement-exists-with-different-content'; firstAt: Instant }>
  | Readonly<{ code: 'key-used-with-different-content'; firstAt: Instant; act: string }>
  | Readonly<{ code: 'verdict-counted-already'; countedAt: Instant; verdict: 'right' | 'wrong' }>
  | Readonly<{ code: 'already-settled'; settlementKey: string; institutionCode: string; serial: string; firstAt: Instant }>
  | Readonly<{ code: 'account-exists'; openedAt: Instant }>
  | Readonly<{ code: 'card-already-registered'; cardId: string }>
  | Readonly<{ code: 'freeze-exists'; freezeId: string }>
  | Readonly<{ code: 'account-not-found' }>
  | Readonly<{ code: 'settlement-not-found'; settlementKey: string }>
  | Readonly<{ code: 'freeze-not-found'; freezeId: string }>
  | Readonly<{ code: 'institution-not-registered' }>
  | Readonly<{ code: 'institution-closed'; agreementRevision: number }>
  | Readonly<{ code: 'institution-succeeded'; byInstitutionCode: string }>
  | Readonly<{ code: 'agreement-missing'; agreementRevision: number }>
  | Readonly<{ code: 'agreement-suspended'; agreementRevision: number }>
  | Readonly<{ code: 'agreement-terminated'; agreementRevision: number }>
  | Readonly<{ code: 'terminal-unknown'; terminalCode: string }>
  | Readonly<{ code: 'operator-barred'; operatorCode: string }>
  | Readonly<{ code: 'card-of-another-pooling-area'; poolingArea: string }>
  | Readonly<{ code: 'category-not-at-this-institution'; medicalCategory: MedicalCategory; kind: InstitutionKind }>
  | Readonly<{ code: 'service-not-in-agreement'; service: string; agreementRevision: number }>
  | Readonly<{ code: 'category-not-payable-by-account'; medicalCategory: MedicalCategory }>
  | Readonly<{ code: 'credential-not-accepted'; credentialKind: CredentialKind }>
  | Readonly<{ code: 'card-unknown' }>
  | Readonly<{ code: 'card-not-on-account'; cardId: string }>
  | Readonly<{ code: 'card-not-enabled'; cardId: string }>
  | Readonly<{ code: 'card-temporarily-lost'; cardId: string; lapsesAt: Instant | null }>
  | Readonly<{ code: 'card-retained'; cardId: string }>
  | Readonly<{ code: 'card-lost'; cardId: string }>
  | Readonly<{ code: 'card-stopped'; cardId: string }>
  | Readonly<{ code: 'card-expired'; cardId: string }>
  | Readonly<{ code: 'card-cancelled'; cardId: string; replaced: boolean }>
  | Readonly<{ code: 'card-collected'; cardId: string }>
  | Readonly<{ code: 'card-destroyed'; cardId: string }>
  | Readonly<{ code: 'pin-locked'; cardId: string }>
  | Readonly<{ code: 'card-in-use-already'; cardId: string }>
  | Readonly<{ code: 'newer-card-in-use'; cardId: string; newerCardId: string; bring: CardKind }>
  | Readonly<{ code: 'card-not-lost'; cardId: string }>
  | Readonly<{ code: 'card-reissued'; cardId: string; byCardId: string }>
  | Readonly<{ code: 'formal-loss-final'; cardId: string }>
  | Readonly<{ code: 'card-not-retained'; cardId: string }>
  | Readonly<{ code: 'card-not-out-of-use'; cardId: string; state: CardState }>
  | Readonly<{ code: 'card-not-collected'; cardId: string; state: CardState }>
  | Readonly<{ code: 'card-not-exchangeable'; cardId: string; exchange: ExchangeReason; state: CardState }>
  | Readonly<{ code: 'exchange-reason-missing'; cardId: string }>
  | Readonly<{ code: 'temporary-reason-missing'; accepted: readonly TemporaryReason[] }>
  | Readonly<{ code: 'temporary-reason-not-accepted'; reason: TemporaryReason; accepted: readonly TemporaryReason[] }>
  | Readonly<{ code: 'temporary-term-too-long'; days: number; daysMax: number }>
  | Readonly<{ code: 'not-a-temporary-card'; kind: CardKind }>
  | Readonly<{ code: 'proxy-missing'; channel: EnablementChannel }>
  | Readonly<{ code: 'proxy-not-accepted'; relation: ProxyRelation; accepted: readonly ProxyRelation[] }>
  | Readonly<{ code: 'guardian-of-an-adult' }>
  | Readonly<{ code: 'proxy-for-financial-business' }>
  | Readonly<{ code: 'financial-area-told-by-bank-only'; channel: EnablementChannel }>
  | Readonly<{ code: 'financial-area-not-kept' }>
  | Readonly<{ code: 'financial-area-as-reported'; cardId: string; active: boolean }>
  | Readonly<{ code: 'financial-area-not-active'; cardId: string }>
  | Readonly<{ code: 'financial-area-lost'; cardId: string; lapsesAt: Instant | null }>
  | Readonly<{ code: 'financial-area-not-lost'; cardId: string }>
  | Readonly<{ code: 'pin-not-counted' }>
  | Readonly<{ code: 'pin-not-locked'; cardId: string }>
  | Readonly<{ code: 'transfer-place-not-allowed'; place: TransferPlace; allowed: readonly TransferPlace[] }>
  | Readonly<{ code: 'another-card-in-use'; cardId: string }>
  | Readonly<{ code: 'another-card-not-enabled'; cardId: string }>
  | Readonly<{ code: 'card-kind-not-accepted'; kind: CardKind }>
  | Readonly<{ code: 'channel-not-allowed'; channel: EnablementChannel; allowed: readonly EnablementChannel[] }>
  | Readonly<{ code: 'card-carries-no-personal-account'; cardId: string }>
  | Readonly<{ code: 'no-personal-account' }>
  | Readonly<{
      code: 'terminal-cannot-read-credential';
      reads: readonly CardMedium[];
      needs: readonly CardMedium[];
      bring: readonly (CardKind | CredentialKind)[];
    }>
  | Readonly<{ code: 'holder-check-not-accepted'; method: HolderCheckMethod; accepted: readonly HolderCheckMethod[] }>
  | Readonly<{ code: 'insurance-type-differs'; recorded: InsuranceType }>
  | Readonly<{ code: 'sub-account-sealed'; cardId: string }>
  | Readonly<{ code: 'sub-account-not-sealed'; cardId: string }>
  | Readonly<{ code: 'debit-frozen'; cause: FreezeCause; scope: FreezeScope['kind']; until: Instant | null }>
  | Readonly<{ code: 'credit-frozen'; cause: FreezeCause; until: Instant | null }>
  | Readonly<{ code: 'freeze-ended'; freezeId: string; endedAt: Instant }>
  | Readonly<{ code: 'freeze-ends-before-it-begins'; from: Instant; until: Instant }>
  | RelationRefusal
  | Readonly<{ code: 'occurred-outside-online-window'; occurredAt: Instant; minutes: number }>
  | Readonly<{ code: 'occurred-in-the-future'; occurredAt: Instant }>
  | Readonly<{ code: 'late-reason-missing' }>
  | Readonly<{ code: 'late-entry-needs-approval'; occurredAt: Instant; days: number }>
  | Readonly<{ code: 'month-declared'; declaredThrough: string }>
  | Readonly<{ code: 'already-undone' }>
  | Readonly<{ code: 'not-reversible'; act: string }>
  | Readonly<{ code: 'nothing-due' }>
  | Readonly<{ code: 'amount-not-positive'; field: string }>
  | Readonly<{ code: 'fund-paid-beyond-total' }>
  | Readonly<{ code: 'eligible-beyond-own-part'; ownPartFen: MedicalFen }>
  | Readonly<{ code: 'legal-basis-missing' }>
  | Readonly<{ code: 'nothing-to-transfer'; fromCardId: string }>
  | Readonly<{ code: 'same-sub-account'; cardId: string }>
  | Readonly<{ code: 'amount-beyond-what-is-left'; leftFen: MedicalFen }>
  | Readonly<{ code: 'fund-beyond-what-is-left'; leftFen: MedicalFen }>
  | Readonly<{ code: 'own-part-beyond-what-is-left'; leftFen: MedicalFen }>
  | Readonly<{ code: 'case-not-found'; caseId: string }>
  | Readonly<{ code: 'case-done'; caseId: string; doneAt: Instant }>
  | Readonly<{ code: 'merge-not-found'; mergeId: string }>
  | Readonly<{ code: 'other-account-not-found'; accountId: string }>
  | Readonly<{ code: 'hand-over-not-found'; handOverId: string }>
  | Readonly<{ code: 'account-merged'; accountId: string; survivorAccountId: string }>
  | Readonly<{ code: 'case-approved-by-proposer'; caseId: string }>
  | Readonly<{ code: 'case-open'; caseId: string }>
  | Readonly<{ code: 'merge-with-itself' }>
  | Readonly<{ code: 'merge-across-areas'; poolingArea: string; own: string }>
  | Readonly<{ code: 'merge-under-way'; accountId: string; caseId: string }>
  | Readonly<{ code: 'relation-under-way'; accountId: string; transferId: string | null }>
  | Readonly<{ code: 'survivor-without-personal-account' }>
  | Readonly<{ code: 'account-frozen'; accountId: string; freezeId: string; cause: FreezeCause; until: Instant | null }>
  | Readonly<{ code: 'settlement-with-another-account'; accountId: string }>
  | Readonly<{ code: 'balance-insufficient'; needsFen: MedicalFen; hasFen: MedicalFen }>;

export type Outcome = Decision<MedicalAccountEvent, AccountRefusal>;

export const accept = (...events: readonly MedicalAccountEvent[]): Outcome => ({ kind: 'accepted', events: nonEmpty(events) });

/** Every reason once, most important first. @throws Error when there is none: refusing without a reason is a bug. */
export const refuse = (refusals: readonly AccountRefusal[]): Outcome => ({
  kind: 'refused',
  refusals: nonEmpty(byPrecedence(REFUSALS, refusals)),
});
