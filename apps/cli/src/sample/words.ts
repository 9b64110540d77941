/** The words of the HTTP interface that the sample says. The engine has its own list: the sample comes to it from outside, as an institution does. */
export type InstitutionKind = 'hospital' | 'clinic' | 'communityHealthInstitution' | 'villageClinic' | 'pharmacy';
export type CardMedium = 'stripe' | 'memory' | 'contactChip' | 'contactless' | 'qr';
export type CardKind = 'labourSecurity' | 'residentMedical' | 'medicalInsurance' | 'socialSecurity2' | 'socialSecurity3' | 'temporary';
export type InsuranceType = 'employee' | 'resident';
export type PaymentMode = 'upToBalance' | 'full' | 'none';
export type HolderCheckMethod = 'password' | 'passwordNotUsed' | 'identityVerified' | 'signature';
export type MedicalCategory =
  | 'outpatient'
  | 'registration'
  | 'emergency'
  | 'designatedDisease'
  | 'inpatient'
  | 'pharmacyPurchase'
  | 'maternity'
  | 'physicalExamination';
export type FreezeCause =
  | 'settlementSuspension'
  | 'precautionarySuspension'
  | 'judicialFreeze'
  | 'death'
  | 'duplicateInsurance'
  | 'contributionArrears';
