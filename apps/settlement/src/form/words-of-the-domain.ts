import type { Right } from '#libs/application';
import type {
  CancellationReason,
  CardArea,
  CardKind,
  CardMedium,
  CardTakenOver,
  CredentialKind,
  EnablementChannel,
  ExchangeReason,
  FreezeCause,
  FundSource,
  HolderCheckMethod,
  InstitutionKind,
  InsuranceType,
  MedicalCategory,
  PaymentMode,
  ProxyRelation,
  TemporaryReason,
  TransferPlace,
} from '#libs/medical-account';

/** All words of a closed type, once each: forgetting one does not compile. */
const allOf = <T extends string>(words: Readonly<Record<T, true>>): readonly T[] => Object.keys(words) as T[];

export const CREDENTIAL_KINDS = allOf<CredentialKind>({ eCredential: true, identityCard: true, socialSecurityCard: true });
export const CARD_AREAS = allOf<CardArea>({ socialSecurity: true, financial: true });
export const INSURANCE_TYPES = allOf<InsuranceType>({ employee: true, resident: true });
export const PAYMENT_MODES = allOf<PaymentMode>({ upToBalance: true, full: true, none: true });
export const HOLDER_CHECKS = allOf<HolderCheckMethod>({ password: true, passwordNotUsed: true, identityVerified: true, signature: true });
export const MEDICAL_CATEGORIES = allOf<MedicalCategory>({
  outpatient: true,
  registration: true,
  emergency: true,
  designatedDisease: true,
  inpatient: true,
  pharmacyPurchase: true,
  maternity: true,
  physicalExamination: true,
});
/** `replaced` is the engine's own word, for a settlement that names the one it replaces. */
export const CANCELLATION_REASONS = allOf<Exclude<CancellationReason, 'replaced'>>({
  returnGoods: true,
  priceError: true,
  wrongHolder: true,
  wrongCategory: true,
  duplicate: true,
});
export const CREDIT_SOURCES = allOf<Exclude<FundSource, 'interest' | 'opening'>>({
  contribution: true,
  retiree: true,
  correction: true,
  transferIn: true,
});
export const CARD_KINDS = allOf<CardKind>({
  labourSecurity: true,
  residentMedical: true,
  medicalInsurance: true,
  socialSecurity2: true,
  socialSecurity3: true,
  temporary: true,
});
/** States that a legacy system may leave a card in. */
export const CARD_STATES = allOf<CardTakenOver['state']>({
  registered: true,
  inUse: true,
  temporarilyLost: true,
  stopped: true,
  cancelled: true,
});
export const CARD_MEDIA = allOf<CardMedium>({ stripe: true, memory: true, contactChip: true, contactless: true, qr: true });
export const ENABLEMENT_CHANNELS = allOf<Exclude<EnablementChannel, 'firstSwipe'>>({
  bankOutlet: true,
  hotline: true,
  centre: true,
  proxy: true,
  guardian: true,
  batch: true,
});
export const EXCHANGE_REASONS = allOf<ExchangeReason>({
  formalLoss: true,
  photo: true,
  expiry: true,
  damage: true,
  changedDetails: true,
  changedBank: true,
});
export const TEMPORARY_REASONS = allOf<TemporaryReason>({ rareOrLongName: true, urgent: true, dataMismatch: true, other: true });
export const PROXY_RELATIONS = allOf<ProxyRelation>({
  spouse: true,
  parent: true,
  child: true,
  guardian: true,
  otherRelative: true,
  employer: true,
  school: true,
});
export const TRANSFER_PLACES = allOf<TransferPlace>({ agency: true, centre: true, bankOutlet: true });
export const FREEZE_CAUSES = allOf<FreezeCause>({
  settlementSuspension: true,
  precautionarySuspension: true,
  judicialFreeze: true,
  death: true,
  duplicateInsurance: true,
  contributionArrears: true,
});
export const FREEZE_SCOPES = ['person', 'cardArea', 'subAccount', 'amount'] as const;
export const INSTITUTION_KINDS = allOf<InstitutionKind>({
  hospital: true,
  clinic: true,
  communityHealthInstitution: true,
  villageClinic: true,
  pharmacy: true,
});
export const RIGHTS = allOf<Right>({
  institution: true,
  agency: true,
  auditor: true,
  bankOutlet: true,
  centre: true,
  hotline: true,
  employer: true,
  school: true,
  committee: true,
  online: true,
  selfService: true,
  operator: true,
});
