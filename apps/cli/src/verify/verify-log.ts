import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type KeptTally, LogAudit, type LogRow, NOWHERE, type Tally, words } from '#libs/audit';
import { openContents } from './content-file';
import { LogFile } from './log-file';
import { PACK_RULES } from './pack-rules';
import { Seen } from './seen';

export type Range = Readonly<{ from: number; to: number }>;
/** The last stream that was covered wholly, in the order of reading. */
export type Cursor = Readonly<{ stretch: number; stream: string }>;
/** What was covered, so that another run can go on: what was counted, and the hash of all that was read for it. */
export type Covered = Readonly<{ to: number; through: Cursor; events: number; digest: string; tally: KeptTally }>;
export type Resuming = Readonly<{
  /** By earlier runs. */
  covered: Covered | undefined;
  keep: (covered: Covered) => void;
}>;
export type LogOrder = Readonly<{
  folder: string;
  range: Range;
  decide: boolean;
  tally: Tally;
  stopped: () => boolean;
  /** Only for the whole log. */
  resuming?: Resuming | undefined;
  /** Events read, of how many. */
  onProgress: (done: number, total: number) => void;
}>;

/** Packs and institutions first: all others cite them. Then every other name, known or not. */
const FIRST = [
  { from: 'institution-', to: 'institution.' },
  { from: 'policyPack-', to: 'policyPack.' },
] as const;
const REST = [
  { from: '', to: 'institution-' },
  { from: 'institution.', to: 'policyPack-' },
  { from: 'policyPack.', to: '\u{10ffff}' },
] as const;
const STRETCHES = [...FIRST, ...REST];
const THE_END: Cursor = { stretch: STRETCHES.length, stream: '' };
const isBeyond = (a: Cursor, b: Cursor): boolean => a.stretch > b.stretch || (a.stretch === b.stretch && a.stream > b.stream);
const TURN_EVENTS = 20_000;
const KEEP_EVERY_MS = 30_000;

const MISSING = words('日志序号缺失', 'a log index is missing');
const HIDDEN = words('行在表中而不在索引中', 'a row that the index of streams does not show');
const TWICE = words('一行读到两次', 'a row came twice');
const NEGATIVE = words('日志序号为负', 'a log index below 0');
const DAMAGED = words('数据库文件损坏', 'the database file is damaged');
const CHANGED = words('先前查过的部分已与当时不同', 'what an earlier run has covered is not what it was then');
const STOPPED = words('中途停止', 'stopped before the end');
const DAMAGED_REST = words('文件损坏，其余未读', 'not read: the file is damaged');
const RANGE_CLAIMS = words('限定范围：范围外的键未比对', 'a range was given: claims outside it were not compared');

/** All checks of the log itself, its claims and the bills that it names. */
export const verifyLog = async (order: LogOrder): Promise<void> => {
  const log = new LogFile(order.folder);
  const contents = openContents(order.folder);
  try {
    await new LogVerification(log, order, contents?.holds).run();
  } finally {
    contents?.close();
    log.close();
  }
};

class LogVerification {
  private readonly audit: LogAudit;
  private readonly seen: Seen;
  private readonly digest = createHash('sha256');
  private at: Cursor = { stretch: 0, stream: '' };
  private keptAtMs = performance.now();
  private sinceTurn = 0;

  constructor(
    private readonly log: LogFile,
    private readonly order: LogOrder,
    contentHolds: ((hash: string) => boolean) | undefined,
  ) {
    const { range, decide, tally } = order;
    this.seen = new Seen(range.from, range.to);
    this.audit = new LogAudit(tally, {
      packs: PACK_RULES,
      rowAt: (stream, revision) => log.rowAt(stream, revision),
      rowAtIndex: (logIndex) => log.rowAtIndex(logIndex),
      ...(contentHolds ? { contentHolds } : {}),
      decide,
      from: range.from,
      expected: range.to - range.from + 1,
    });
    this.audit.isJudgedBefore = order.resuming?.covered !== undefined;
  }

  async run(): Promise<void> {
    const { tally, range } = this.order;
    const total = range.to - range.from + 1;
    if (range.from === 0 && this.log.first() < 0) tally.find('log', { logIndex: this.log.first(), stream: null, revision: null }, NEGATIVE);
    try {
      await this.readAll();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      tally.muted = false;
      tally.find('log', NOWHERE, DAMAGED, { found: `events.db: ${thrown.message}` });
      tally.leaveOut('log', total - this.seen.count, DAMAGED_REST);
    }
    tally.muted = false;
    tally.expect('log', total);
    tally.checked('log', this.seen.count);
    if (this.order.stopped()) {
      tally.leaveOut('log', total - this.seen.count, STOPPED);
      return;
    }
    this.tellMissing();
    try {
      await this.meetClaims();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      tally.find('log', NOWHERE, DAMAGED, { found: `events.db: ${thrown.message}` });
      tally.leaveOut('claims', 1, DAMAGED_REST);
    }
  }

  private async readAll(): Promise<void> {
    const { from, to } = this.order.range;
    if (from > 0) return this.readTouched();
    for (const [stretch, names] of STRETCHES.entries())
      for (const page of this.log.streams(names, to)) if (await this.isStopped(page, stretch)) return;
    this.passTo(THE_END);
  }

  /** Of a range, the streams that got events in it, from their beginning; and those that all others cite. */
  private async readTouched(): Promise<void> {
    const { from, to } = this.order.range;
    for (const stretch of FIRST) for (const page of this.log.streams(stretch, to)) if (await this.isStopped(page)) return;
    const known = (name: string) => FIRST.some((stretch) => name >= stretch.from && name < stretch.to);
    for (const name of this.log.touched(from, to)) if (!known(name) && (await this.isStopped(this.log.stream(name, to)))) return;
  }

  private async isStopped(page: readonly LogRow[], stretch = 0): Promise<boolean> {
    const { tally, range, onProgress, stopped, resuming } = this.order;
    for (const row of page) {
      if (row.stream !== this.at.stream && this.passTo({ stretch, stream: row.stream })) return true;
      if (resuming) this.digest.update(`${row.logIndex} ${row.crc} `).update(row.stored);
      this.audit.take(row);
      const isNew = this.seen.see(row.logIndex);
      if (!isNew && row.logIndex >= range.from)
        tally.find('log', { logIndex: row.logIndex, stream: row.stream, revision: row.revision }, TWICE);
    }
    this.sinceTurn += page.length;
    if (this.sinceTurn < TURN_EVENTS && page.length > 0) return !resuming && stopped();
    this.sinceTurn = 0;
    onProgress(this.seen.count, range.to - range.from + 1);
    await nextTurn(); // A wish to stop is heard here.
    return !resuming && stopped(); // Who may be gone on with stops between two streams.
  }

  /** From one stream to the next: where a run may end, and where what earlier ones have covered ends. True: here it stops. */
  private passTo(next: Cursor): boolean {
    const { stopped, resuming } = this.order;
    if (!resuming) return false;
    if (resuming.covered && this.audit.isJudgedBefore && isBeyond(next, resuming.covered.through)) this.goOn(resuming.covered);
    const isStopping = stopped();
    const isTime = isStopping || next === THE_END || performance.now() - this.keptAtMs > KEEP_EVERY_MS;
    if (!this.audit.isJudgedBefore && isTime) this.keep(resuming);
    this.at = next;
    return isStopping;
  }

  /** What earlier runs have covered has been read again: if it is what it was, what they counted holds. */
  private goOn(covered: Covered): void {
    const { tally } = this.order;
    this.audit.endStream();
    this.audit.isJudgedBefore = false;
    tally.muted = false;
    tally.join(covered.tally);
    const found = this.digestNow();
    if (found === covered.digest) return;
    tally.find('log', NOWHERE, CHANGED, {
      expected: `${covered.events} events, SHA-256 ${covered.digest}`,
      found: `${this.seen.count} events, SHA-256 ${found}`,
    });
  }

  private keep({ keep }: Resuming): void {
    if (this.seen.count === 0) return;
    this.audit.endStream();
    const { tally, range } = this.order;
    tally.muted = false;
    keep({ to: range.to, through: this.at, events: this.seen.count, digest: this.digestNow(), tally: tally.asKept() });
    this.keptAtMs = performance.now();
  }

  private digestNow(): string {
    return this.digest.copy().digest('hex');
  }

  private tellMissing(): void {
    for (const logIndex of this.seen.missing()) {
      const row = this.rowIfReadable(logIndex);
      this.order.tally.find('log', { logIndex, stream: row?.stream ?? null, revision: row?.revision ?? null }, row ? HIDDEN : MISSING);
    }
  }

  private rowIfReadable(logIndex: number): LogRow | undefined {
    try {
      return this.log.rowAtIndex(logIndex);
    } catch (thrown) {
      if (isDamage(thrown)) return undefined;
      throw thrown;
    }
  }

  private async meetClaims(): Promise<void> {
    const { range, tally } = this.order;
    const isWhole = range.from === 0;
    for (const page of this.log.claims()) {
      for (const claim of page) if (claim[2] >= range.from && claim[2] <= range.to) this.audit.claims.meet(claim);
      await nextTurn();
      if (this.order.stopped()) {
        tally.leaveOut('claims', 1, STOPPED);
        return;
      }
    }
    if (!isWhole) tally.leaveOut('claims', 0, RANGE_CLAIMS);
    this.audit.finish();
  }
}

const isDamage = (thrown: unknown): thrown is Error => (thrown as NodeJS.ErrnoException | undefined)?.code === 'ERR_SQLITE_ERROR';
