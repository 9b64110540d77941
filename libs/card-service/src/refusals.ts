import type { Instant } from '#libs/kernel';
import type { Applicant, ApplicationKind, ApplicationStage, Obstacle, Relation, Signer } from './words';

/** Why an act of card business is refused, with what a clerk needs. Closed: a new reason is a new member here. */
export type CardServiceRefusal = Readonly<
  | { code: 'card-application-unknown' }
  | { code: 'card-service-key-used-with-other-content'; firstAt: Instant; differs: readonly string[] }
  | { code: 'holder-not-insured-here' }
  | { code: Obstacle; detail: string | null }
  | { code: 'application-reason-does-not-fit'; kind: string; reasons: readonly string[] }
  | { code: 'unit-without-its-application'; applicant: Applicant; unitCode: string }
  | { code: 'application-of-another-kind'; wanted: ApplicationKind; cardId: string; state: string }
  | { code: 'application-without-card-to-replace' }
  | { code: 'card-to-replace-unknown'; cardId: string }
  | { code: 'old-card-not-reissued'; cardId: string }
  | { code: 'loss-not-reported'; cardId: string }
  | { code: 'linked-card-of-another-kind'; kind: string; wanted: string }
  | { code: 'linked-card-not-in-use'; cardId: string; state: string }
  | { code: 'linked-card-to-be-replaced'; cardId: string }
  | { code: 'application-under-way'; applicationId: string; dueOn: string | null }
  | { code: 'application-not-at-this-step'; stage: ApplicationStage; wanted: readonly ApplicationStage[] }
  | { code: 'application-closed'; stage: ApplicationStage; closedAt: Instant }
  | { code: 'card-already-with-holder'; receivedAt: Instant }
  | { code: 'receiver-not-the-applicant'; receivedBy: Applicant; applicant: Applicant }
  | { code: 'receiver-not-the-signer'; receivedBy: Applicant; signer: Signer; relation: Relation | null }
  | { code: 'holder-too-young-to-sign' }
  | { code: 'representative-is-holder' }
  | { code: 'representative-not-of-age' }
  | { code: 'failure-without-reason' }
  | { code: 'voucher-of-another-year'; year: number }
  | { code: 'voucher-about-nothing'; stream: string; revision: number }
  | { code: 'voucher-issued-already'; voucherNo: string | null }
  | { code: 'voucher-unknown' }
  | { code: 'signed-copy-already-filed'; firstAt: Instant }
  | { code: 'notice-without-reason' }
  | { code: 'notice-reason-without-words'; reasonCode: string }
  | { code: 'notice-unknown' }
>;
export type CardServiceRefusalCode = CardServiceRefusal['code'];
