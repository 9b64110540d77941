import type { PersonChangeGrounds } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { PersonVersion, VaultReader } from '../vault.port';
import type { ActAnswer } from './accounts';
import type { Answer } from './answer';

/** `document`: number of the proof; `reason`: why, without naming anybody. */
export type Grounded = Readonly<{ reference: string; reason: string; document: string }>;
/** What is to become of name and number; what is left out stays as it is. */
export type PersonChangeOrder = Grounded &
  Readonly<{ grounds: PersonChangeGrounds; name: string | null; identityKind: string | null; identityNumber: string | null }>;

/** How far a case has come: waiting for another operator; done; approved, and its money on the way; taken back, or not possible any more. */
export type PersonCaseState = 'proposed' | 'done' | 'underWay' | 'withdrawn';
export type PersonCaseAnswer = ActAnswer & Readonly<{ caseId: string; state: PersonCaseState }>;

/** Two operators' business about who somebody is. Idempotency of each: by the organisation's reference. */
export interface Persons {
  proposeMerge(
    survivorAccountId: string,
    order: Grounded & Readonly<{ absorbedAccountId: string }>,
    tracing: Tracing,
  ): Promise<Answer<PersonCaseAnswer>>;
  proposeUndo(survivorAccountId: string, mergeId: string, order: Grounded, tracing: Tracing): Promise<Answer<PersonCaseAnswer>>;
  proposeChange(accountId: string, order: PersonChangeOrder, tracing: Tracing): Promise<Answer<PersonCaseAnswer>>;
  /** By another operator than the one who proposed; what is approved is carried out before it answers, else it says `underWay`. */
  approve(accountId: string, caseId: string, order: Readonly<{ reference: string }>, tracing: Tracing): Promise<Answer<PersonCaseAnswer>>;
  withdraw(
    accountId: string,
    caseId: string,
    order: Readonly<{ reference: string; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<PersonCaseAnswer>>;
  /** Present and former names and numbers, newest first; the look is logged. Undefined: no such account. */
  history(accountId: string, reader: VaultReader): Promise<readonly PersonVersion[] | undefined>;
}
