import { type Place, type Tally, words } from './checks';
import { type Claimed, categoryOf, type Entry, placeOf } from './entry';
import { FingerprintTable, fingerprintOf, shortPrintOf } from './fingerprints';
import type { RecordedEvent } from './recorded';

/** As a store holds it. */
export type StoredClaim = readonly [key: string, commandHash: string, logIndex: number];

const TWICE = words('同一键被占两次', 'one key claimed twice');
const MISSING = words('事件所占的键不在库中', 'a claim of an event is not in the store');
const OVER = words('库中的键没有事件', 'a claim in the store that no event holds');
const OTHER_HASH = words('键的命令摘要不同', 'a claim with another command hash');
const OTHER_EVENT = words('键指向另一事件', 'a claim that names another event');
const UNCLAIMED = words('应占的键未占', 'a key that the event must hold and does not');
const NATURAL = words('同一就诊或发票的前一笔未全部撤销', 'an earlier settlement of the same visit or invoice was not wholly undone');

const RANGE = words(
  '限定范围：同一就诊或发票的前一笔未查',
  'a range was given: earlier settlements of the same visit or invoice were not looked at',
);

const BROKEN = words('前一笔所在的流已损坏，未查', 'an earlier settlement stands in a broken stream');
const UNCLAIMED_STREAMS: ReadonlySet<string> = new Set(['accessKey', 'directory', 'attempts', 'receiptPrint', 'policyPack', 'simulation']);
const NATURAL_KEY = /^((?:visit|invoice)-.+#)(\d+)$/;

/** Keys of which each event must hold at least one that begins so. Source: log-format.md, 7. */
const mustHold = ({ type, data }: RecordedEvent): readonly string[] => {
  if (type === 'SwipeSettled.v1') return naturalKeysOf(data as NaturalKeys);
  if (type === 'AccountOpened.v1') return ['person-'];
  if (type === 'CardRegistered.v1') return ['card-'];
  return type === 'SettlementKeyVoided.v1' ? [String(data.voidedKey)] : NONE;
};
const NONE: readonly string[] = [];
type NaturalKeys = Readonly<Record<'institutionCode' | 'visitNo' | 'chargeBatchNo' | 'invoiceNo', string | null>>;
const naturalKeysOf = ({ institutionCode, visitNo, chargeBatchNo, invoiceNo }: NaturalKeys): readonly string[] => {
  const hasVisit = visitNo !== null && chargeBatchNo !== null;
  if (!hasVisit && invoiceNo === null) return NONE;
  const visit = hasVisit ? [`visit-${institutionCode}-${visitNo}-${chargeBatchNo}#`] : [];
  return [...visit, ...(invoiceNo === null ? [] : [`invoice-${institutionCode}-${invoiceNo}#`])];
};

type Natural = Readonly<{ earlier: string; place: Place }>;

/** Claims, derived from the events, held against each other and against those that the store has. */
export class Claims {
  /** Streams of which it is not known what was undone. */
  readonly broken = new Set<string>();
  private readonly table: FingerprintTable;
  private readonly again: Readonly<{ key: string; place: Place; earlier: number }>[] = [];
  private readonly naturals: Natural[] = [];
  private readonly undone = new Map<string, { from: number; to: number }[]>();

  constructor(
    private readonly tally: Tally,
    /** False: not every stream is read, so that an earlier settlement of the same visit may not be known. */
    private readonly isWhole: boolean,
    /** How many claims will come. */
    expected = 0,
  ) {
    this.table = new FingerprintTable(expected);
  }

  get size(): number {
    return this.table.size;
  }

  take(entry: Entry, event: RecordedEvent): void {
    const { claims } = entry;
    this.demandHeld(claims, entry, event);
    if (claims.length === 0) return;
    this.tally.expect('claims', claims.length);
    for (const { key, commandHash } of claims) {
      const print = fingerprintOf(key);
      const earlier = this.table.put(print, entry.logIndex, shortPrintOf(commandHash));
      if (earlier !== undefined) this.again.push({ key, place: placeOf(entry), earlier });
      if (this.tally.muted && !this.isWhole)
        this.table.meet(print); // History: nobody asks the store for it.
      else if (key.includes('#')) this.askEarlier(key, entry);
    }
  }

  /** The second settlement of a visit or invoice asks for the first, and so on. */
  private askEarlier(key: string, entry: Entry): void {
    const [, base, n = '0'] = NATURAL_KEY.exec(key) ?? [];
    const ordinal = Number.parseInt(n, 10);
    if (base !== undefined && ordinal > 0) this.naturals.push({ earlier: `${base}${ordinal - 1}`, place: placeOf(entry) });
  }

  /** A settlement is wholly undone from this log index on, or stands again. */
  readonly tellUndone = (settlementKey: string, isUndone: boolean, logIndex: number): void => {
    const spans = this.undone.get(settlementKey) ?? [];
    const last = spans.at(-1);
    if (isUndone) spans.push({ from: logIndex, to: Number.POSITIVE_INFINITY });
    else if (last) last.to = logIndex;
    this.undone.set(settlementKey, spans);
  };

  /** One claim of the store, in any order. */
  meet([key, commandHash, logIndex]: StoredClaim): void {
    const met = this.table.meet(fingerprintOf(key));
    if (met === undefined) {
      this.tally.find('claims', { logIndex, stream: null, revision: null }, OVER, { found: key });
      return;
    }
    this.tally.checked('claims');
    const belongs = shortPrintOf(commandHash);
    if (met.place === logIndex && met.belongs === belongs) return;
    const place: Place = { logIndex, stream: null, revision: null };
    if (met.place !== logIndex)
      this.tally.find('claims', place, OTHER_EVENT, { expected: `log index ${met.place}`, found: `${key} → ${logIndex}` });
    if (met.belongs !== belongs) this.tally.find('claims', place, OTHER_HASH, { found: `${key} ${commandHash}` });
  }

  /** `entryAt`: what stands at a log index, read again. */
  finish(entryAt: (logIndex: number) => Entry | undefined): void {
    for (const { key, place, earlier } of this.again)
      if (entryAt(earlier)?.claims.some((claim) => claim.key === key))
        this.tally.find('claims', place, TWICE, { found: `${key}, first at log index ${earlier}` });
    for (const logIndex of this.table.unmet()) {
      const entry = entryAt(logIndex);
      this.tally.find('claims', entry ? placeOf(entry) : { logIndex, stream: null, revision: null }, MISSING, {
        expected: entry?.claims.map(({ key }) => key).join(', ') ?? null,
      });
    }
    for (const natural of this.naturals) {
      if (this.isWhole) this.judge(natural, entryAt);
      else this.tally.leaveOut('settlements', 1, RANGE);
    }
  }

  private judge({ earlier, place }: Natural, entryAt: (logIndex: number) => Entry | undefined): void {
    const at = this.table.placeOf(fingerprintOf(earlier));
    const holder = at === undefined ? undefined : entryAt(at);
    if (holder && this.broken.has(holder.envelope.stream)) {
      this.tally.leaveOut('settlements', 1, BROKEN);
      return;
    }
    const key = String(holder?.envelope.data.key);
    const logIndex = place.logIndex ?? 0;
    const isUndone = (this.undone.get(key) ?? []).some(({ from, to }) => from < logIndex && logIndex <= to);
    if (at === undefined || at >= logIndex || !isUndone) this.tally.find('settlements', place, NATURAL, { expected: `${earlier} undone` });
  }

  private demandHeld(claims: readonly Claimed[], entry: Entry, event: RecordedEvent): void {
    const { data, type } = event;
    const category = categoryOf(entry.envelope.stream);
    if (UNCLAIMED_STREAMS.has(category)) return;
    const { key, commandHash } = data as Readonly<{ key?: string | null; commandHash?: string | null }>;
    const isEmptyCredit = type === 'AccountCredited.v1' && (data.legs as readonly unknown[]).length === 0;
    if (typeof key === 'string' && !isEmptyCredit && !claims.some((claim) => claim.key === key && claim.commandHash === commandHash))
      this.tally.find('claims', placeOf(entry), UNCLAIMED, { expected: key });
    for (const beginning of mustHold(event))
      if (!claims.some((claim) => claim.key.startsWith(beginning)))
        this.tally.find('claims', placeOf(entry), UNCLAIMED, { expected: `${beginning}…` });
  }
}
