import type { RelationInEvent } from '#libs/medical-account';
import { type Place, type Tally, words } from './checks';
import type { RecordedEvent } from './recorded';

type Leg = Readonly<{ account: string; amountFen: number }>;
type Credit = Readonly<{ transferInId: string; amountFen: number; legs: readonly Leg[] }>;
const creditIn = (event: RecordedEvent | undefined): Credit | undefined =>
  event?.type === 'RelationTakenIn.v1' ? (event.data as unknown as Credit) : undefined;
/** By the legs, and not by what the event says of them. */
const fromFundFen = (credit: Credit | undefined): number =>
  (credit?.legs ?? []).reduce((sum, { account, amountFen }) => (account === 'fund:transferIn' ? sum - amountFen : sum), 0);

/** What stands at a place of an account's stream. */
type EventAt = (stream: string, revision: number) => Readonly<{ event: RecordedEvent }> | undefined;

const UNMATCHED = words('计入的转入没有金额一致的资金与信息', 'a transfer credited without money and file that agree');
const OTHER_CREDIT = words('转入所指的账户入账不存在或金额不同', 'the credit that a transfer names is not there, or of another amount');
const AFTER = words('转入计入之后又变动', 'a transfer that moved after it was credited');

/**
 * One relation from elsewhere: credited at most once, only what money and file agree on, and exactly that on the account that it names.
 * That no account is credited for it twice follows from the claim on the transfer's key. Source: log-format.md, 4.
 */
export class RelationsIn {
  private fileFen: number | null = null;
  private moneyFen: number | null = null;
  private isCredited = false;

  constructor(
    private readonly tally: Tally,
    private readonly eventAt: EventAt,
  ) {}

  take(recorded: RecordedEvent, place: Place): void {
    const { type, data } = recorded as unknown as RelationInEvent;
    if (this.isCredited) this.tally.find('settlements', place, AFTER, { found: type });
    if (type === 'RelationFileRegistered.v1') this.fileFen = data.currentYearFen + data.priorYearFen;
    if (type === 'RelationFileWithdrawn.v1') this.fileFen = null;
    if (type === 'RelationMoneyReceived.v1') this.moneyFen = data.amountFen;
    if (type === 'RelationMoneySentBack.v1') this.moneyFen = null;
    if (type !== 'RelationCredited.v1') return;
    this.isCredited = true;
    const { fileFen, moneyFen } = this;
    if (fileFen === null || fileFen !== moneyFen)
      this.tally.find('legs', place, UNMATCHED, { expected: `file ${fileFen ?? '-'} fen`, found: `money ${moneyFen ?? '-'} fen` });
    this.demandCredit(data, place);
  }

  private demandCredit(
    { transferInId, accountId, revision }: Readonly<{ transferInId: string; accountId: string; revision: number }>,
    place: Place,
  ): void {
    const { event } = this.eventAt(`medicalAccount-${accountId}`, revision) ?? {};
    const credit = creditIn(event);
    const paidFen = fromFundFen(credit);
    if (credit?.transferInId !== transferInId || credit.amountFen !== this.fileFen || paidFen !== this.fileFen)
      this.tally.find('legs', place, OTHER_CREDIT, {
        expected: `RelationTakenIn of ${transferInId}, ${this.fileFen ?? '-'} fen`,
        found: `${event?.type ?? 'nothing'} at ${accountId}@${revision}, ${paidFen} fen`,
      });
  }
}
