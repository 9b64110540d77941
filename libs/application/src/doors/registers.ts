import type { CardMedium, InstitutionKind } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { ActAnswer } from './accounts';
import type { Answer } from './answer';

export type InstitutionOrder =
  | Readonly<{ act: 'register'; name: string; kind: InstitutionKind; poolingArea: string; identityCheckEquipped: boolean }>
  | Readonly<{ act: 'signAgreement'; agreementNo: string; from: string; until: string; services: readonly string[] }>
  | Readonly<{ act: 'suspendAgreement'; from: string | null; until: string | null; reason: string }>
  | Readonly<{ act: 'resumeAgreement'; reason: string }>
  | Readonly<{ act: 'terminateAgreement'; at: string | null; reason: string }>
  | Readonly<{ act: 'rename'; name: string }>
  | Readonly<{ act: 'succeed'; byInstitutionCode: string }>
  | Readonly<{ act: 'close'; reason: string }>
  | Readonly<{ act: 'registerTerminal'; terminalCode: string; media: readonly CardMedium[] }>
  | Readonly<{ act: 'retireTerminal'; terminalCode: string }>
  | Readonly<{ act: 'barOperator'; operatorCode: string; until: string | null; reason: string }>
  | Readonly<{ act: 'unbarOperator'; operatorCode: string }>
  | Readonly<{ act: 'setIdentityCheck'; equipped: boolean }>
  | Readonly<{ act: 'declareMonth'; month: string }>;

export interface Institutions {
  act(institutionCode: string, reference: string, order: InstitutionOrder, tracing: Tracing): Promise<Answer<ActAnswer>>;
  view(institutionCode: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

export type Right =
  | 'institution'
  | 'agency'
  | 'auditor'
  | 'bankOutlet'
  | 'centre'
  | 'hotline'
  | 'employer'
  | 'school'
  | 'committee'
  | 'online'
  | 'selfService'
  | 'operator';
/** How far the rights of a key go: institutions, counters, and the bank as a whole. */
export type KeyScope = Readonly<{ institutionCodes: readonly string[]; outletCodes?: readonly string[]; bankCode?: string }>;
export type Principal = KeyScope & Readonly<{ keyId: string; organisation: string; rights: readonly Right[] }>;
export interface AccessKeys {
  /** Returns the key's text once; only its SHA-256 is kept. */
  create(
    order: KeyScope & Readonly<{ organisation: string; rights: readonly Right[]; note: string }>,
    tracing: Tracing,
  ): Promise<Answer<Readonly<{ keyId: string; key: string }>>>;
  revoke(keyId: string, reason: string, tracing: Tracing): Promise<Answer<Readonly<{ keyId: string }>>>;
  list(): Promise<
    readonly (KeyScope &
      Readonly<{
        keyId: string;
        organisation: string;
        rights: readonly Right[];
        createdAt: string;
        revokedAt: string | null;
        note: string;
      }>)[]
  >;
  /** Constant-time compare; undefined: unknown, wrong or revoked. In force within 2 s of revocation. */
  authenticate(key: string): Promise<Principal | undefined>;
}
export interface PolicyPacks {
  /** Parses and proposes a pack; refusals name file, line and field. */
  propose(yaml: string, file: string, tracing: Tracing): Promise<Answer<Readonly<{ packId: string; hash: string }>>>;
  /** Four-eyes: by another principal than the one that proposed. */
  approve(
    packId: string,
    hash: string,
    tracing: Tracing,
  ): Promise<Answer<Readonly<{ packId: string; hash: string; effectiveFrom: string }>>>;
  list(): Promise<
    readonly Readonly<{ packId: string; hash: string; poolingArea: string; effectiveFrom: string; state: 'proposed' | 'published' }>[]
  >;
}
