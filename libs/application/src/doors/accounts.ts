import type {
  CardArea,
  CardIssue,
  CardKind,
  CardMedium,
  CarriedState,
  EnablementChannel,
  FreezeCause,
  FundSource,
  HolderProxy,
  InsuranceType,
  MedicalFen,
  TransferPlace,
} from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { PersonRecord, VaultReader } from '../vault.port';
import type { Answer, Credential } from './answer';

/** `district`: code of the district or county whose agency opens the account; for counts, and no rule depends on it. */
export type OpenAccountOrder = Readonly<{
  reference: string;
  poolingArea: string;
  district?: string | null;
  insuranceType: InsuranceType;
  person: PersonRecord;
}>;
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
  /** Which card it is made in place of, or why it is a temporary one. */
  issue?: CardIssue | null;
  /** Of a temporary card; else as many as the pack says. */
  validDays?: number | null;
}>;
/** Acts in person: the number of the identity check is kept, never what was checked. */
export type CheckedCardAct = 'formalLoss' | 'liftFormalLoss' | 'returnCard' | 'unlockPin' | 'resetPin';
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
  /** Whether the account would take a new card that is made for it; nothing is recorded. */
  askForCard(accountId: string, order: Pick<RegisterCardOrder, 'kind' | 'issue'>, tracing: Tracing): Promise<Answer<null>>;
  enableCard(
    accountId: string,
    cardId: string,
    order: Readonly<{
      reference: string;
      channel: Exclude<EnablementChannel, 'firstSwipe'>;
      financialAreaActivated: boolean;
      proxy?: Omit<HolderProxy, 'holderAge'> | null;
    }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  actOnCard(
    accountId: string,
    cardId: string,
    order: Readonly<{
      reference: string;
      act: 'stop' | 'cancel' | 'reportLoss' | 'liftLoss' | 'seal' | 'unseal';
      reason: string;
      /** Of a loss: the area that it is of; else the social security area. */
      area?: CardArea;
    }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  checkedActOnCard(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; act: CheckedCardAct; identityCheck: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  /** `place`: number of the machine, outlet or record of the destruction. */
  handleCard(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; act: 'retain' | 'collect' | 'destroy'; place: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  reportFinancialArea(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; active: boolean }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  /** `verdictReference`: the number under which the terminal or security module keeps its verdict. */
  reportPinVerdict(
    accountId: string,
    cardId: string,
    order: Readonly<{ reference: string; verdict: 'right' | 'wrong'; verdictReference: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  /** The same from where the card was presented. */
  reportPinVerdictByCredential(
    credential: Credential,
    order: Readonly<{ reference: string; verdict: 'right' | 'wrong'; verdictReference: string }>,
    tracing: Tracing,
  ): Promise<Answer<ActAnswer>>;
  transfer(
    accountId: string,
    order: Readonly<{ reference: string; fromCardId: string; toCardId: string; place?: TransferPlace | null }>,
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
  Readonly<{
    revision: number;
    asOf: string;
    cardInUse: string | null;
    cardTails: Readonly<Record<string, string>>;
    /** What was asked for, where that account was merged into this one. */
    askedAccountId?: string;
  }>;
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
