import { canonicalJson, decideWithDue, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  carriedStateOf,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type MedicalLeg,
  medicalAccount,
  wholeCommand,
} from '#libs/medical-account';
import { CitedFacts, type PolicyOfDocument } from './cited-facts';
import { type Entry, entryOf, type LogEntry } from './entry';

export type { LogEntry } from './entry';
export type Finding = Readonly<{
  check: 'canonical' | 'order' | 'legs' | 'claims' | 'C1' | 'C7a' | 'C7c' | 'fold';
  logIndex: number;
  stream: string;
  detail: string;
}>;
export type ReplayReport = Readonly<{
  events: number;
  /** Account events whose decision was made again; the rest of the account events are the later ones of the same appends. */
  decisionsRepeated: number;
  closingsChecked: number;
  claims: number;
  findings: readonly Finding[];
  /** What every fund account holds at the end. Units: fen. Sums to zero. */
  totals: ReadonlyMap<string, number>;
}>;

type Pending = { first: Entry; events: Recorded<MedicalAccountEvent>[]; stateBefore: AccountState };

/**
 * Replays a whole log, trusting nothing but its bytes: form, order, claims, legs, every decision again, every closing against the fold of
 * the full history. Keeps every account's state: memory grows with the accounts. Throws: never on a fault of the log; it is a finding.
 */
export const replayLog = async (entries: AsyncIterable<LogEntry>, policyOfDocument: PolicyOfDocument): Promise<ReplayReport> => {
  const replay = new Replay(policyOfDocument);
  for await (const entry of entries) replay.take(entry);
  return replay.report();
};

class Replay {
  private readonly findings: Finding[] = [];
  private readonly states = new Map<string, AccountState>();
  private readonly heads = new Map<string, number>();
  private readonly claims = new Map<string, string>();
  private readonly cited: CitedFacts;
  private readonly pending = new Map<string, Pending>();
  private readonly totals = new Map<string, number>();
  private events = 0;
  private decisionsRepeated = 0;
  private closingsChecked = 0;

  constructor(policyOfDocument: PolicyOfDocument) {
    this.cited = new CitedFacts(policyOfDocument);
  }

  take({ logIndex, bytes }: LogEntry): void {
    const text = Buffer.from(bytes).toString('utf8');
    const entry = entryOf(text, logIndex);
    if (canonicalJson(JSON.parse(text)) !== text) this.find('canonical', entry, 'the bytes are not canonical JSON');
    if (logIndex !== this.events) this.find('order', entry, `log index ${logIndex} where ${this.events} follows`);
    this.events += 1;
    const expected = (this.heads.get(entry.stream) ?? -1) + 1;
    if (entry.revision !== expected) this.find('order', entry, `revision ${entry.revision} where ${expected} follows`);
    this.heads.set(entry.stream, entry.revision);
    for (const { key } of entry.claims) this.claim(key, entry);
    const event = this.cited.take(entry);
    if (event && entry.stream.startsWith('medicalAccount-')) this.account(entry, event as Recorded<MedicalAccountEvent>);
  }

  report(): ReplayReport {
    for (const { first } of this.pending.values()) this.find('order', first, 'an append is not whole');
    const sum = [...this.totals.values()].reduce((total, fen) => total + fen, 0);
    if (sum !== 0) this.findings.push({ check: 'C1', logIndex: this.events - 1, stream: '', detail: `all legs sum to ${sum} fen` });
    const { events, decisionsRepeated, closingsChecked, findings, totals } = this;
    return { events, decisionsRepeated, closingsChecked, claims: this.claims.size, findings, totals };
  }

  private find(check: Finding['check'], { logIndex, stream }: Entry, detail: string): void {
    this.findings.push({ check, logIndex, stream, detail });
  }

  private claim(key: string, entry: Entry): void {
    const place = `${entry.stream}@${entry.revision}`;
    const earlier = this.claims.get(key);
    if (earlier !== undefined) this.find('claims', entry, `claimed before by ${earlier}`);
    this.claims.set(key, place);
  }

  private account(entry: Entry, event: Recorded<MedicalAccountEvent>): void {
    this.countLegs(entry, event);
    const state = this.states.get(entry.stream) ?? medicalAccount.initialState();
    const { index, count } = entry.meta.append;
    if (index === 0) this.pending.set(entry.stream, { first: entry, events: [], stateBefore: structuredClone(state) });
    const pending = this.pending.get(entry.stream);
    pending?.events.push(event);
    this.fold(entry, event, state);
    if (pending && index === count - 1) {
      this.pending.delete(entry.stream);
      this.decideAgain(pending);
    }
  }

  private fold(entry: Entry, event: Recorded<MedicalAccountEvent>, state: AccountState): void {
    try {
      this.states.set(entry.stream, medicalAccount.evolve(state, event));
    } catch (error) {
      this.find('fold', entry, String(error));
    }
    if (event.type !== 'YearRolledOver.v1' && event.type !== 'AccountCarriedForward.v1') return;
    this.closingsChecked += 1;
    const folded = this.states.get(entry.stream);
    if (!folded || canonicalJson(carriedStateOf(folded)) !== canonicalJson(event.data.carried))
      this.find('C7c', entry, 'the closing is not the fold of the full history');
  }

  private countLegs(entry: Entry, { data }: Recorded<MedicalAccountEvent>): void {
    const legs = (data as { legs?: readonly MedicalLeg[] }).legs ?? [];
    const sumFen = legs.reduce((sum, { amountFen }) => sum + amountFen, 0);
    if (sumFen !== 0) this.find('legs', entry, `legs sum to ${sumFen} fen`);
    for (const { account, amountFen } of legs) {
      const name = account.startsWith('subAccount:') ? 'subAccounts' : account;
      this.totals.set(name, (this.totals.get(name) ?? 0) + amountFen);
    }
  }

  /** C7a: the recorded command, on the state before, by the recorded facts, gives the recorded events. */
  private decideAgain({ first, events, stateBefore }: Pending): void {
    const { command: short, facts: recorded } = first.meta;
    const command = wholeCommand(short, events);
    const facts = this.cited.factsOf(recorded, { command, decidedAt: first.decidedAt, poolingArea: areaOf(stateBefore, command) });
    if (!facts) {
      this.find('C7a', first, 'the facts cite what is not in the log');
      return;
    }
    const record = (made: readonly MedicalAccountEvent[], offset: number): Recorded<MedicalAccountEvent>[] =>
      made.map((event, i) => ({ ...event, id: events[offset + i]?.id ?? '', stream: first.stream, revision: first.revision + offset + i }));
    const inputs = { state: stateBefore, facts, record };
    const decided =
      command.type === 'SettleDue'
        ? settleDue(medicalAccount, inputs).events
        : eventsOf(decideWithDue(medicalAccount, { ...inputs, command }));
    this.decisionsRepeated += 1;
    const words = (list: readonly MedicalAccountEvent[]) =>
      canonicalJson(list.map(({ type, decidedAt, data }) => ({ type, decidedAt, data })));
    if (words(decided) !== words(events)) this.find('C7a', first, 'deciding again gives other events');
  }
}

/** The account's pooling area; that which it is opened in, before there is an account. */
const areaOf = ({ holder }: AccountState, { data }: MedicalAccountCommand): string =>
  holder?.poolingArea ?? ('poolingArea' in data ? data.poolingArea : '');

const eventsOf = (
  decision: ReturnType<typeof decideWithDue<MedicalAccountCommand, MedicalAccountEvent, AccountState, unknown, AccountFacts>>,
) => (decision.kind === 'accepted' ? decision.events : []);
