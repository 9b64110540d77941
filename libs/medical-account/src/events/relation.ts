import type { BusinessDate, Event, Instant } from '#libs/kernel';
import type { HolderStatus, PaysUntil } from '../relation-records';
import type { Keyed, Legs, MedicalFen } from '../vocabulary';

/** `holderStatus`: null for one that follows another. Deadlines are working days by the calendar; provisional: into a year not known then. */
export type RelationTransferRequested = Event<
  'RelationTransferRequested.v1',
  Keyed & {
    transferId: string;
    toPoolingArea: string;
    holderStatus: HolderStatus | null;
    followsTransferId: string | null;
    legalBasis: string;
    packId: string;
    paysUntil: PaysUntil;
    remitBy: BusinessDate;
    isProvisional: boolean;
    lapsesAt: Instant | null;
  }
>;
/**
 * Ended before any money left: the applicant withdrew, or the agency does not carry it out. Without a key: a follower that has nothing left to
 * follow, ended by the act that is recorded before it.
 */
export type RelationTransferClosed = Event<
  'RelationTransferClosed.v1',
  (Keyed | { key: null; commandHash: null }) & { transferId: string; cause: 'withdrawn' | 'rejected'; reason: string }
>;
/** By time alone, where the pack lets a request lapse. */
export type RelationTransferLapsed = Event<'RelationTransferLapsed.v1', { transferId: string; effectiveAt: Instant }>;
/**
 * All that stands on the account is on its way, interest up to the day included; what the holder owes is kept back (a leg on `receivable`)
 * and comes off the first of the legs, which stand in the draw order of the pack.
 * `batchReference`: the agency's own number of the remittance, which its treasury knows the bank's by.
 */
export type RelationTransferRemitted = Event<
  'RelationTransferRemitted.v1',
  Keyed &
    Legs & {
      transferId: string;
      toPoolingArea: string;
      batchReference: string;
      amountFen: MedicalFen;
      legalBasis: string;
      packId: string;
      confirmBy: BusinessDate;
      isProvisional: boolean;
    }
>;
/** The receiving side has it. `confirmation`: number of its confirmation. */
export type RelationTransferConfirmed = Event<
  'RelationTransferConfirmed.v1',
  Keyed & Legs & { transferId: string; amountFen: MedicalFen; confirmation: string }
>;
/** The money came back to the buckets that it left; after a rollover, to the prior year's. */
export type RelationTransferReturned = Event<
  'RelationTransferReturned.v1',
  Keyed & Legs & { transferId: string; amountFen: MedicalFen; reason: string }
>;
/** Insured here again after a confirmed transfer. */
export type RelationResumed = Event<'RelationResumed.v1', Keyed & { transferId: string; reason: string }>;
/** Money of a relation that came from elsewhere, after file and money were matched; offsets what the holder owes first. */
export type RelationTakenIn = Event<
  'RelationTakenIn.v1',
  Keyed &
    Legs & {
      transferInId: string;
      fromPoolingArea: string;
      amountFen: MedicalFen;
      cardId: string;
      legalBasis: string;
      packId: string;
      resumesTransferId: string | null;
    }
>;
