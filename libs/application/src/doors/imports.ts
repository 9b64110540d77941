import type { CardKind, CardMedium, CardTakenOver, InsuranceType, MedicalFen } from '#libs/medical-account';
import type { Tracing } from '../envelope';
import type { PersonRecord } from '../vault.port';
import type { Answer } from './answer';

type OpeningBalances = Readonly<{ currentYearFen: MedicalFen; priorYearFen: MedicalFen }>;
/** A card as a legacy system leaves it, with what stands on it. */
export type TakenOverCard = OpeningBalances &
  Readonly<{
    cardNumber: string;
    kind: CardKind;
    state: CardTakenOver['state'];
    lastSwipedOn: string | null;
    media: readonly CardMedium[] | null;
  }>;
/** An account of a legacy system; its own balances stand with the person and on no card. `sourceId`: what it is known by there. */
export type TakeOverOrder = OpeningBalances &
  Readonly<{
    sourceId: string;
    poolingArea: string;
    district?: string | null;
    insuranceType: InsuranceType;
    person: PersonRecord;
    cards: readonly TakenOverCard[];
  }>;
/** `place`: where the account belongs in the order in which writing is cheapest; it tells nothing of the source. */
export type TakeOverPlan = Readonly<{ accountId: string; place: string }>;

/** Sums of an import as the log has them; `all`: of every account in it. Units: fen. */
export type LogSums = Readonly<{ accounts: number; cards: number; currentYearFen: number; priorYearFen: number; agreements: number }>;
export type ImportedTotals = Readonly<{ imported: LogSums; all: LogSums; events: number; asOfLogIndex: number }>;

export interface Imports {
  /** What would become of an account; nothing is written. `replayed`: it is here already, word for word. */
  plan(source: string, order: TakeOverOrder, tracing: Tracing): Promise<Answer<TakeOverPlan>>;
  /** Takes an account over. Idempotency: by source and source id; another content under the same id is refused. */
  takeOver(source: string, order: TakeOverOrder, tracing: Tracing): Promise<Answer<TakeOverPlan>>;
  /** Reads the log again up to an index and adds up. Throws: on outage or damage; when `signal` aborts. */
  totals(
    source: string,
    upToLogIndex: number,
    watch: Readonly<{ onProgress: (events: number) => void; signal: AbortSignal }>,
  ): Promise<ImportedTotals>;
}
