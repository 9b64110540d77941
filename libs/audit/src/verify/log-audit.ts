import { type AccountPolicy, wholeCommand } from '#libs/medical-account';
import { AuditedAccount } from './account/account';
import { Agreements, judgedAtOf } from './agreements';
import { type Appended, Appends } from './appends';
import { type Place, type Tally, words } from './checks';
import { Claims } from './claims';
import { expectChecksOf, leaveOutAppend, OF_EVERY_EVENT } from './coverage';
import { type AnyDecider, Decisions } from './decisions';
import { type Command, categoryOf, type Entry, type LogRow, placeOf } from './entry';
import { CitedFacts } from './facts';
import { HandOvers } from './hand-overs';
import { Ids } from './ids';
import { Packs } from './packs';
import { entryOf, readRow } from './reading';
import { type AccountEvent, type Decode, type RecordedEvent, recordedIn } from './recorded';
import { RelationsIn } from './relations-in';

/** The rules of packs, which are the caller's: the room that knows them is above this one. */
export type PackRules = Readonly<{
  decider: AnyDecider;
  decode: Decode;
  policyOf: (document: unknown, hash: string) => AccountPolicy;
}>;
export type AuditOptions = Readonly<{
  packs: PackRules;
  /** Random reads, for what an event cites and for what is asked about again. */
  rowAt: (stream: string, revision: number) => LogRow | undefined;
  rowAtIndex: (logIndex: number) => LogRow | undefined;
  /** Whether the content under a hash is there and has it; not given where there is no content file. */
  contentHolds?: (hash: string) => boolean;
  decide: boolean;
  /** Events before this log index are folded and not reported. */
  from: number;
  /** How many events will come, to make room for their ids and claims at once. */
  expected?: number;
}>;

const FORM = words('类型未知或形式不对', 'unknown type, or another form');
const GAP = words('流内修订号不连续', 'a revision is missing');
const BACK = words('裁决时间倒退', 'decided before the event before it');
const LOG_BACK = words('流内日志序号不升', 'log index does not rise within the stream');
const NO_LINES = words('费用明细不在 content.db 或已改动', 'the bill lines are not in content.db, or changed');
const NO_CONTENT = words('没有 content.db', 'there is no content.db');
const NO_DECIDING = words('未重新裁决（--no-decide）', 'deciding again was left out (--no-decide)');

type Swipe = Parameters<typeof judgedAtOf>[0] & Parameters<Agreements['settle']>[0];
type Stream = {
  readonly name: string;
  readonly category: string;
  readonly appends: Appends;
  readonly account: AuditedAccount | null;
  readonly relationIn: RelationsIn | null;
  readonly decisions: Decisions | null;
  next: number;
  decidedAt: string;
  logIndex: number;
  isBroken: boolean;
};

/**
 * Checks a log, stream by stream: rows come grouped by stream, oldest first, those of packs and institutions before all others. What is kept
 * is one stream's state at a time, and some 32 bytes an id and a claim: memory grows with the log by these and by nothing else.
 * Throws: never on a fault of the log; it is a finding.
 */
export class LogAudit {
  readonly claims: Claims;
  private readonly ids: Ids;
  private readonly handOvers: HandOvers;
  private readonly agreements: Agreements;
  private readonly packs: Packs;
  private readonly cited: CitedFacts;
  private readonly documents = new Map<string, unknown>();
  private readonly recorded: (entry: Entry) => RecordedEvent;
  private stream: Stream | null = null;

  constructor(
    readonly tally: Tally,
    private readonly options: AuditOptions,
  ) {
    this.claims = new Claims(tally, options.from === 0, options.expected);
    this.ids = new Ids(tally, options.expected);
    this.handOvers = new HandOvers(tally, options.from === 0);
    this.agreements = new Agreements(tally);
    this.packs = new Packs(tally);
    const recorded = recordedIn(options.packs.decode);
    this.recorded = ({ envelope }) => recorded(envelope);
    this.cited = new CitedFacts(this.eventAt);
  }

  /** What stands at a place; undefined: nothing does. */
  private readonly eventAt = (stream: string, revision: number) => {
    const row = this.options.rowAt(stream, revision);
    const entry = row && entryOf(row);
    return entry && { logIndex: entry.logIndex, event: this.recorded(entry) };
  };

  /** Rows that an earlier run has judged: they are read again for what other streams ask of them, and nothing is said of them. */
  isJudgedBefore = false;

  take(row: LogRow): void {
    const { tally } = this;
    tally.muted = this.isHistory(row);
    if (this.stream?.name !== row.stream) this.begin(row.stream);
    const stream = this.stream as Stream;
    for (const check of OF_EVERY_EVENT) tally.expect(check);
    const entry = readRow(row, tally);
    const event = entry && this.form(entry);
    if (!entry || !event) {
      this.breakOff(stream);
      stream.next = row.revision + 1;
      return;
    }
    if (!this.order(entry, stream)) this.breakOff(stream);
    this.ids.take(entry);
    this.claims.take(entry, event);
    this.register(entry, event, stream);
    expectChecksOf(event, tally);
    const appended = stream.appends.take({ entry, event });
    if (appended === 'open') return;
    if (appended === 'broken' || stream.isBroken) {
      this.breakOff(stream);
      leaveOutAppend(appended === 'broken' ? [{ entry, event }] : appended, tally);
      return;
    }
    this.judge(appended, stream);
  }

  private isHistory({ logIndex }: LogRow): boolean {
    return this.isJudgedBefore || logIndex < this.options.from;
  }

  /** After the last row of a stream: what was begun in it and not ended was cut off. */
  endStream(): void {
    this.stream?.appends.finish();
  }

  /** After the last row of the log, and after the store's claims were met. */
  finish(): void {
    this.stream?.appends.finish();
    this.tally.muted = false;
    const entryAt = (logIndex: number): Entry | undefined => {
      const row = this.options.rowAtIndex(logIndex);
      return row && entryOf(row);
    };
    this.ids.finish((logIndex) => entryAt(logIndex)?.envelope.id);
    this.claims.finish(entryAt);
    this.handOvers.finish();
  }

  /** Nothing that builds on the stream's state can be checked from here on. */
  private breakOff(stream: Stream): void {
    stream.isBroken = true;
    this.claims.broken.add(stream.name);
  }

  private begin(name: string): void {
    this.stream?.appends.finish();
    const category = categoryOf(name);
    this.stream = {
      name,
      category,
      appends: new Appends(this.tally),
      account: category === 'medicalAccount' ? new AuditedAccount(this.tally, this.claims.tellUndone, this.handOvers) : null,
      relationIn: category === 'relationTransferIn' ? new RelationsIn(this.tally, this.eventAt) : null,
      decisions:
        this.options.decide && !this.isJudgedBefore ? new Decisions(this.tally, this.cited.of, name, this.options.packs.decider) : null,
      next: 0,
      decidedAt: '',
      logIndex: -1,
      isBroken: false,
    };
  }

  private form(entry: Entry): RecordedEvent | undefined {
    this.tally.checked('form');
    try {
      return this.recorded(entry);
    } catch (error) {
      this.tally.find('form', placeOf(entry), FORM, { found: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  private order(entry: Entry, stream: Stream): boolean {
    const { revision, decidedAt } = entry.envelope;
    const place = placeOf(entry);
    this.tally.checked('order');
    const isNext = revision === stream.next;
    if (!isNext) this.tally.find('order', place, GAP, { expected: `${stream.next}`, found: `${revision}` });
    if (decidedAt < stream.decidedAt) this.tally.find('order', place, BACK, { expected: `≥ ${stream.decidedAt}`, found: decidedAt });
    if (entry.logIndex <= stream.logIndex)
      this.tally.find('order', place, LOG_BACK, { expected: `> ${stream.logIndex}`, found: `${entry.logIndex}` });
    stream.next = revision + 1;
    stream.decidedAt = decidedAt;
    stream.logIndex = entry.logIndex;
    return isNext;
  }

  private lines({ data }: RecordedEvent, place: Place): void {
    const { tally, options } = this;
    if (data.linesHash === null) return;
    tally.expect('contents');
    if (!options.contentHolds) {
      tally.leaveOut('contents', 1, NO_CONTENT);
      return;
    }
    tally.checked('contents');
    const hash = data.linesHash as string;
    if (!tally.muted && !options.contentHolds(hash)) tally.find('contents', place, NO_LINES, { expected: hash });
  }

  /** What later streams cite. */
  private register(entry: Entry, event: RecordedEvent, { name, category }: Stream): void {
    const { logIndex } = entry;
    if (category === 'institution') {
      const code = name.slice('institution-'.length);
      this.agreements.take(code, { logIndex, event: event as never });
      this.cited.register(code, logIndex, event as never);
    }
    if (category !== 'policyPack') return;
    this.packs.take(event, placeOf(entry));
    const poolingArea = name.slice('policyPack-'.length);
    this.cited.seePack(poolingArea, logIndex);
    const hash = String(event.data.hash);
    if (event.type === 'PackProposed.v1') this.documents.set(hash, event.data.document);
    else this.publish(poolingArea, entry, hash);
  }

  private publish(poolingArea: string, { logIndex, envelope: { revision } }: Entry, hash: string): void {
    try {
      this.cited.publish(poolingArea, { revision, logIndex, policy: this.options.packs.policyOf(this.documents.get(hash), hash) });
    } catch {
      // No pack of a form that we know: what is decided by it comes out otherwise, and says so.
    }
  }

  /** One whole append, on a stream that is sound so far. */
  private judge(appended: readonly Appended[], stream: Stream): void {
    const command = this.commandOf(appended, stream);
    if (!command) {
      this.breakOff(stream);
      leaveOutAppend(appended, this.tally);
      return;
    }
    if (!this.isJudgedBefore) this.ids.derive(appended, command);
    const presented = typeof command.data.cardId === 'string' ? command.data.cardId : null;
    const last = appended.at(-1);
    for (const one of appended) {
      const place = placeOf(one.entry);
      stream.account?.take(one.event as unknown as AccountEvent, presented, place, one === last);
      stream.relationIn?.take(one.event, place);
      if (one.event.type === 'SwipeSettled.v1') this.settle(one.event, place);
    }
    if (stream.decisions) {
      stream.decisions.take(appended, command);
      return;
    }
    this.tally.expect('decisions');
    this.tally.leaveOut('decisions', 1, NO_DECIDING);
  }

  private settle(event: RecordedEvent, place: Place): void {
    const swipe = event.data as unknown as Swipe;
    this.agreements.settle(swipe, judgedAtOf(swipe, event.decidedAt), event.decidedAt, place);
    this.lines(event, place);
  }

  /** What was asked; an account's is written short beside the event that answers it. */
  private commandOf(appended: readonly Appended[], { category }: Stream): Command | undefined {
    const [first] = appended;
    const stored = first?.entry.command;
    try {
      if (category === 'medicalAccount')
        return wholeCommand(
          stored,
          appended.map(({ event }) => event),
        );
      const { type, data } = (stored ?? {}) as Partial<Command>;
      if (typeof type === 'string' && typeof data === 'object') return { type, data };
      throw new Error('no command');
    } catch (error) {
      if (first) this.tally.find('form', placeOf(first.entry), FORM, { found: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }
}
