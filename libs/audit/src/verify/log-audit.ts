import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { canonicalJson } from '#libs/kernel';
import { type AccountPolicy, wholeCommand } from '#libs/medical-account';
import { AuditedAccount } from './account/account';
import { Agreements, judgedAtOf } from './agreements';
import { type Appended, Appends } from './appends';
import { canonicalVerdict } from './canonical-bytes';
import { type Place, type Tally, type Words, words } from './checks';
import { Claims } from './claims';
import { type AnyDecider, Decisions } from './decisions';
import { type Command, categoryOf, type Entry, entryIn, type LogRow, placeOf } from './entry';
import { CitedFacts } from './facts';
import { Ids } from './ids';
import { Packs } from './packs';
import { type AccountEvent, type Decode, type RecordedEvent, recordedIn } from './recorded';

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
}>;

const CRC = words('字节与校验码不符', 'the crc does not fit the bytes');
const COLUMN = words('列与字节不符', 'a column says other than the bytes');
const NOT_JSON = words('字节不是 UTF-8 的 JSON', 'the bytes are no JSON in UTF-8');
const NOT_CANONICAL = words('字节不是规范形式', 'the bytes are not canonical');
const ENVELOPE = words('信封形式不对', 'the envelope has another form');
const FORM = words('类型未知或形式不对', 'unknown type, or another form');
const GAP = words('流内修订号不连续', 'a revision is missing');
const BACK = words('裁决时间倒退', 'decided before the event before it');
const LOG_BACK = words('流内日志序号不升', 'log index does not rise within the stream');
const AFTER_DAMAGE = words('该流已损坏，其后未查', 'not checked: the stream is broken before it');
const NO_LINES = words('费用明细不在 content.db 或已改动', 'the bill lines are not in content.db, or changed');
const NO_CONTENT = words('没有 content.db', 'there is no content.db');
const NO_DECIDING = words('未重新裁决（--no-decide）', 'deciding again was left out (--no-decide)');

const UNDOING: ReadonlySet<string> = new Set(['SettlementCancelled.v1', 'SettlementReversed.v1', 'CancellationReversed.v1']);
const isClosing = ({ type }: RecordedEvent): boolean => type === 'YearRolledOver.v1' || type === 'AccountCarriedForward.v1';

type Stream = {
  readonly name: string;
  readonly category: string;
  readonly appends: Appends;
  readonly account: AuditedAccount | null;
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
    this.claims = new Claims(tally, options.from === 0);
    this.ids = new Ids(tally);
    this.agreements = new Agreements(tally);
    this.packs = new Packs(tally);
    const recorded = recordedIn(options.packs.decode);
    this.recorded = ({ envelope }) => recorded(envelope);
    this.cited = new CitedFacts((stream, revision) => {
      const row = options.rowAt(stream, revision);
      const entry = row && entryOf(row);
      return entry && { logIndex: entry.logIndex, event: this.recorded(entry) };
    });
  }

  take(row: LogRow): void {
    const { tally } = this;
    tally.muted = row.logIndex < this.options.from;
    if (this.stream?.name !== row.stream) this.begin(row.stream);
    const stream = this.stream as Stream;
    for (const check of ['bytes', 'canonical', 'form', 'order', 'ids'] as const) tally.expect(check);
    const entry = this.read(row);
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
    this.expect(event);
    const appended = stream.appends.take({ entry, event });
    if (appended === 'open') return;
    if (appended === 'broken' || stream.isBroken) {
      this.breakOff(stream);
      this.leaveOut(appended === 'broken' ? [{ entry, event }] : appended);
      return;
    }
    this.judge(appended, stream);
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
      account: category === 'medicalAccount' ? new AuditedAccount(this.tally, this.claims.tellUndone) : null,
      decisions: this.options.decide ? new Decisions(this.tally, this.cited.of, name, this.options.packs.decider) : null,
      next: 0,
      decidedAt: '',
      logIndex: -1,
      isBroken: false,
    };
  }

  private read(row: LogRow): Entry | undefined {
    const { tally } = this;
    const { logIndex, bytes } = row;
    const place: Place = { logIndex, stream: row.stream, revision: row.revision };
    const crc = tally.muted ? row.crc : crc32(bytes);
    if (crc !== row.crc) tally.find('bytes', place, CRC, { expected: `${crc}`, found: `${row.crc}` });
    tally.checked('bytes');
    tally.checked('canonical');
    const value = parsed(bytes);
    if (value === undefined) {
      tally.find('canonical', place, NOT_JSON);
      return undefined;
    }
    if (!tally.muted && !isCanonical(bytes, value)) tally.find('canonical', place, NOT_CANONICAL);
    const entry = entryIn(value, logIndex);
    if (!entry) {
      tally.checked('form');
      tally.find('form', place, ENVELOPE);
      return undefined;
    }
    for (const column of ['id', 'stream', 'revision', 'type'] as const)
      if (entry.envelope[column] !== row[column])
        tally.find('bytes', place, COLUMN, { expected: `${column} ${entry.envelope[column]}`, found: `${row[column]}` });
    return entry;
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
      this.agreements.take(name.slice('institution-'.length), { logIndex, event: event as never });
      this.cited.register(name, logIndex, event as never);
    }
    if (category !== 'policyPack') return;
    this.packs.take(event, placeOf(entry));
    this.cited.seePack(name, logIndex);
    const hash = String(event.data.hash);
    if (event.type === 'PackProposed.v1') this.documents.set(hash, event.data.document);
    else this.publish(entry, hash);
  }

  private publish({ logIndex, envelope: { stream, revision } }: Entry, hash: string): void {
    try {
      this.cited.publish(stream, { revision, logIndex, policy: this.options.packs.policyOf(this.documents.get(hash), hash) });
    } catch {
      // No pack of a form that we know: what is decided by it comes out otherwise, and says so.
    }
  }

  private expect(event: RecordedEvent): void {
    const { tally } = this;
    if ('legs' in event.data) tally.expect('legs');
    if (UNDOING.has(event.type)) tally.expect('settlements');
    if (event.type === 'SwipeSettled.v1') for (const check of ['settlements', 'cards', 'agreements'] as const) tally.expect(check);
    if (isClosing(event)) tally.expect('closings');
  }

  private leaveOut(appended: readonly Appended[]): void {
    const { tally } = this;
    const leave = (check: Parameters<Tally['leaveOut']>[0], told: Words = AFTER_DAMAGE) => tally.leaveOut(check, 1, told);
    tally.expect('decisions');
    leave('decisions');
    for (const { event } of appended) {
      if ('legs' in event.data) leave('legs');
      if (UNDOING.has(event.type)) leave('settlements');
      if (event.type === 'SwipeSettled.v1') for (const check of ['settlements', 'cards', 'agreements'] as const) leave(check);
      if (isClosing(event)) leave('closings');
    }
  }

  private judge(appended: readonly Appended[], stream: Stream): void {
    const command = this.commandOf(appended, stream);
    if (!command) {
      this.breakOff(stream);
      this.leaveOut(appended);
      return;
    }
    this.ids.derive(
      appended.map(({ entry }) => entry),
      command,
    );
    const presented = typeof command.data.cardId === 'string' ? command.data.cardId : null;
    for (const [i, { entry, event }] of appended.entries()) {
      const place = placeOf(entry);
      stream.account?.take(event as unknown as AccountEvent, presented, place, i === appended.length - 1);
      if (event.type !== 'SwipeSettled.v1') continue;
      const swipe = event.data as unknown as Parameters<typeof judgedAtOf>[0] &
        Readonly<{ institutionCode: string; agreementRevision: number }>;
      this.agreements.settle(swipe, judgedAtOf(swipe, event.decidedAt), event.decidedAt, place);
      this.lines(event, place);
    }
    if (stream.decisions) {
      stream.decisions.take(appended, command);
      return;
    }
    this.tally.expect('decisions');
    this.tally.leaveOut('decisions', 1, NO_DECIDING);
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

const parsed = (bytes: Uint8Array): unknown => {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};
const entryOf = ({ bytes, logIndex }: LogRow): Entry | undefined => entryIn(parsed(bytes), logIndex);

/** Written again only where one look at the bytes cannot tell. */
const isCanonical = (bytes: Uint8Array, value: unknown): boolean => {
  const verdict = canonicalVerdict(bytes);
  if (verdict !== 'unsure') return verdict === 'canonical';
  try {
    return Buffer.from(canonicalJson(value), 'utf8').equals(bytes);
  } catch {
    return false;
  }
};
