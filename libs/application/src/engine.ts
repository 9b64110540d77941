import type { NonEmpty, Recorded, RefusalRow } from '#libs/kernel';
import type {
  CancellationReason,
  CardKind,
  CardMedium,
  CarriedState,
  CredentialKind,
  EnablementChannel,
  FreezeCause,
  FundSource,
  HolderCheckMethod,
  InstitutionKind,
  InsuranceType,
  MedicalAccountEvent,
  MedicalCategory,
  MedicalFen,
  PaymentMode,
  Receipt,
  Undone,
} from '#libs/medical-account';
import type { Tracing } from './envelope';
import type { LoggedEvent } from './event-store.port';
import type { PersonRecord, VaultReader } from './vault.port';

/** Every reason is the catalogue's row for its code, with the facts that the refusal carries (amounts still in fen, names ending in `Fen`). */
export type Reason = Readonly<{ code: string }> & Readonly<Record<string, unknown>>;
export type Catalogue = Readonly<Record<string, RefusalRow>>;

/** What a door gets back from a write. Nothing else can come back; a bug throws. */
export type Answer<T> =
  | Readonly<{ kind: 'done'; replayed: boolean; value: T }>
  | Readonly<{ kind: 'refused'; reasons: NonEmpty<Reason> }>
  | Readonly<{ kind: 'throttled'; retryAfterSeconds: number }> // The same refused attempt too often: counted, not decided again.
  | Readonly<{ kind: 'contended' }> // Others kept winning until the deadline; nothing of this command is stored.
  | Readonly<{ kind: 'outcomeUnknown' }> // Never to be told as "not settled".
  | Readonly<{ kind: 'unavailable'; cause: 'full' | 'closing' | 'readOnly' | 'busy' | 'outage' }>;

export type Credential = Readonly<{ kind: CredentialKind; number: string }>;
export type BillLine = Readonly<{
  lineNo: number;
  code: string;
  name: string;
  quantity: string;
  price: string;
  amount: string;
  traceCodes: readonly string[];
}>;

/** A swipe in the door's words, form already checked: amounts in fen, instants in UTC. */
export type SwipeOrder = Readonly<{
  institutionCode: string;
  serial: string;
  entry: 'online' | 'late';
  lateReason: string | null;
  approval: string | null;
  occurredAt: string;
  credential: Credential;
  insuranceType: InsuranceType;
  medicalCategory: MedicalCategory;
  visitNo: string | null;
  chargeBatchNo: string | null;
  invoiceNo: string | null;
  totalFeeFen: MedicalFen;
  fundPaidFen: MedicalFen;
  accountEligibleFen: MedicalFen;
  payment: PaymentMode;
  holderCheck: Readonly<{ method: HolderCheckMethod; reference: string | null }>;
  operatorCode: string;
  terminalCode: string;
  replacesSerial: string | null;
  lines: readonly BillLine[];
}>;
export type CancellationOrder = Readonly<{
  institutionCode: string;
  targetSerial: string;
  serial: string;
  reason: Exclude<CancellationReason, 'replaced'>;
  note: string | null;
  amountFen: MedicalFen | null;
  fundReturnedFen: MedicalFen | null;
  byAgency: boolean;
}>;
export type ReversalOrder = Readonly<{
  institutionCode: string;
  targetSerial: string;
  serial: string;
  note: string | null;
  byAgency: boolean;
}>;

export type SettlementAnswer = Receipt & Readonly<{ cardTail: string }>;
export type UndoAnswer = Readonly<{
  kind: 'settlementCancelled' | 'settlementReversed' | 'cancellationReversed' | 'keyVoided';
  institutionCode: string;
  serial: string;
  targetSerial: string;
  settlementId: string | null;
  amountFen: MedicalFen;
  accountReturnedFen: MedicalFen;
  fundReturnedFen: MedicalFen;
  cashRefundFen: MedicalFen;
  decidedAt: string;
  stream: string;
  revision: number;
  eventId: string;
}>;
/** What stands under a serial today. */
export type SettlementView =
  | Readonly<{
      kind: 'settlement';
      receipt: SettlementAnswer;
      event: Recorded<MedicalAccountEvent>;
      undone: Undone;
      state: 'live' | 'partlyUndone' | 'undone';
    }>
  | Readonly<{ kind: 'undo'; answer: UndoAnswer }>
  | Readonly<{ kind: 'absent' }>;

export interface Settlements {
  /** Idempotency: institution and serial. Durable when it answers. A refusal is recorded as an attempt. */
  post(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>>;
  /** The same decision; nothing is recorded. */
  quote(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>>;
  cancel(order: CancellationOrder, tracing: Tracing): Promise<Answer<UndoAnswer>>;
  /** Also of a key that nothing stands under: it takes the key, and nothing can settle under it any more. */
  reverse(order: ReversalOrder, tracing: Tracing): Promise<Answer<UndoAnswer>>;
  find(institutionCode: string, serial: string): Promise<SettlementView>;
  lines(hash: string): Promise<readonly BillLine[] | undefined>;
  /** Counts a print of the receipt and returns its number: 1 is the original. */
  countPrint(institutionCode: string, serial: string, tracing: Tracing): Promise<Answer<number>>;
}

export type OpenAccountOrder = Readonly<{ reference: string; poolingArea: string; insuranceType: InsuranceType; person: PersonRecord }>;
export type CreditOrder = Readonly<{
  reference: string;
  source: Exclude<FundSource, 'interest' | 'opening'>;
  period: string | null;
  amountFen: MedicalFen;
  bucket: 'currentYear' | 'priorYear';
  legalBasis: string | null;
}>;
export type RegisterCardOrder = Readonly<{
  reference: string;
  cardNumber: string;
  kind: CardKind;
  state: 'registered' | 'inUse';
  lastSwipedOn: string | null;
  media: readonly CardMedium[] | null;
  opening: Readonly<{ currentYearFen: MedicalFen; priorYearFen: MedicalFen }> | null;
}>;
export type FreezeOrder = Readonly<{
  reference: string;
  scope: CarriedState['freezes'][number][1]['scope'];
  cause: FreezeCause;
  legalDocument: string;
  from: string | null;
  until: string | null;
}>;
/** What an act on an account left behind: its events in the words of the log, and where they stand. */
export type ActAnswer = Readonly<{
  accountId: string;
  id: string | null;
  events: readonly Readonly<{ type: string; eventId: string; revision: number; data: object }>[];
  decidedAt: string;
  stream: string;
}>;

export interface Accounts {
  open(order: OpenAccountOrder, tracing: Tracing): Promise<Answer<ActAnswer>>; // id: accountId
  credit(accountId: string, order: CreditOrder, tracing: Tracing): Promise<Answer<ActAnswer>>;
  correct(
    accountId: string,
    order: Readonly<{ reference: string; amountFen: MedicalFen; legalBasis: string; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  registerCard(accountId: string, order: RegisterCardOrder, tracing: Tracing): Promise<Answer<ActAnswer>>; // id: cardId
  enableCard(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; channel: Exclude<EnablementChannel, 'firstSwipe'>; financialAreaActivated: boolean }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  actOnCard(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; act: 'stop' | 'cancel' | 'reportLoss' | 'liftLoss' | 'seal' | 'unseal'; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  transfer(
    accountId: string,
    order: Readonly<{ reference: string; fromCardId: string; toCardId: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  placeFreeze(accountId: string, order: FreezeOrder, tracing: Tracing): Promise<Answer<ActAnswer>>; // id: freezeId
  liftFreeze(
    accountId: string,
    freezeId: string,
    order: Readonly<{ reference: string; reason: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  settleDue(accountId: string, tracing: Tracing): Promise<Answer<ActAnswer>>;
  /** From the events; `asOf`: an instant (meaning decidedAt) or a stream revision. What is due by then is applied to the view. */
  view(accountId: string, asOf: Readonly<{ instant: string } | { revision: number }> | null): Promise<AccountView | undefined>;
  /** Balance for the institution that holds the card in its hand. */
  balanceByCredential(
    institutionCode: string,
    credential: Credential,
  ): Promise<Answer<Readonly<{ accountId: string; balanceFen: MedicalFen; cardTail: string; asOf: string }>>>;
  /** Every event of the account with its effect on the balance, oldest first, from a revision. */
  statement(
    accountId: string,
    fromRevision: number,
    limit: number,
  ): Promise<Readonly<{ rows: readonly StatementRow[]; next: number | null }> | undefined>;
  person(accountId: string, reader: VaultReader): Promise<PersonRecord | undefined>;
}
export type AccountView = CarriedState &
  Readonly<{ revision: number; asOf: string; cardInUse: string | null; cardTails: Readonly<Record<string, string>> }>;
export type StatementRow = Readonly<{
  revision: number;
  decidedAt: string;
  businessDate: string;
  type: string;
  eventId: string;
  institutionCode: string | null;
  serial: string | null;
  changeFen: MedicalFen;
  balanceFen: MedicalFen;
  legs: readonly Readonly<{ account: string; amountFen: number }>[];
}>;

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

export type Right = 'institution' | 'agency' | 'auditor' | 'bankOutlet' | 'centre' | 'hotline' | 'operator';
export type Principal = Readonly<{ keyId: string; organisation: string; rights: readonly Right[]; institutionCodes: readonly string[] }>;
export interface AccessKeys {
  /** Returns the key's text once; only its SHA-256 is kept. */
  create(
    order: Readonly<{ organisation: string; rights: readonly Right[]; institutionCodes: readonly string[]; note: string }>,
    tracing: Tracing,
  ): Promise<Answer<Readonly<{ keyId: string; key: string }>>>;
  revoke(keyId: string, reason: string, tracing: Tracing): Promise<Answer<Readonly<{ keyId: string }>>>;
  list(): Promise<
    readonly Readonly<{
      keyId: string;
      organisation: string;
      rights: readonly Right[];
      institutionCodes: readonly string[];
      createdAt: string;
      revokedAt: string | null;
      note: string;
    }>[]
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
export interface Log {
  /** Canonical envelopes with their log index. */
  read(fromLogIndex: number): AsyncIterable<LoggedEvent>;
  follow(fromLogIndex: number, signal: AbortSignal): AsyncIterable<LoggedEvent>;
  last(): Promise<number>;
}
export type Readiness = Readonly<{ ready: boolean; reasons: readonly Readonly<{ code: string; messageZh: string; messageEn: string }>[] }>;

/** All that a door may ask of the engine. Made by `makeEngine(parts)`; no framework in it. */
export type Engine = Readonly<{
  settlements: Settlements;
  accounts: Accounts;
  institutions: Institutions;
  keys: AccessKeys;
  packs: PolicyPacks;
  log: Log;
  catalogue: Catalogue;
  readiness(): Promise<Readiness>;
  /** Refuses new commands, finishes those under way. The adapters are closed by who made them. */
  drain(): Promise<void>;
}>;
