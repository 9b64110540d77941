import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogAudit, type LogRow, type Tally, words } from '#libs/audit';
import { openContents } from './content-file';
import { LogFile } from './log-file';
import { PACK_RULES } from './pack-rules';
import { Seen } from './seen';

export type Range = Readonly<{ from: number; to: number }>;
export type LogOrder = Readonly<{
  folder: string;
  range: Range;
  decide: boolean;
  tally: Tally;
  stopped: () => boolean;
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
const TURN_EVENTS = 20_000;

const MISSING = words('日志序号缺失', 'a log index is missing');
const HIDDEN = words('行在表中而不在索引中', 'a row that the index of streams does not show');
const TWICE = words('一行读到两次', 'a row came twice');
const NEGATIVE = words('日志序号为负', 'a log index below 0');
const DAMAGED = words('数据库文件损坏', 'the database file is damaged');
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
  private read = 0;
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
  }

  async run(): Promise<void> {
    const { tally, range } = this.order;
    const total = range.to - range.from + 1;
    tally.expect('log', total);
    if (range.from === 0 && this.log.first() < 0) tally.find('log', { logIndex: this.log.first(), stream: null, revision: null }, NEGATIVE);
    try {
      await this.readAll();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      tally.muted = false;
      tally.find('log', { logIndex: null, stream: null, revision: null }, DAMAGED, { found: thrown.message });
      tally.leaveOut('log', total - this.seen.count, DAMAGED_REST);
    }
    tally.muted = false;
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
      tally.find('log', { logIndex: null, stream: null, revision: null }, DAMAGED, { found: thrown.message });
      tally.leaveOut('claims', 1, DAMAGED_REST);
    }
  }

  private async readAll(): Promise<void> {
    const { log, order } = this;
    const { from, to } = order.range;
    for (const stretch of FIRST) for (const page of log.streams(stretch, to)) if (await this.isStopped(page)) return;
    if (from > 0) {
      const known = (name: string) => FIRST.some((stretch) => name >= stretch.from && name < stretch.to);
      for (const name of log.touched(from, to)) if (!known(name) && (await this.isStopped(log.stream(name, to)))) return;
      return;
    }
    for (const stretch of REST) for (const page of log.streams(stretch, to)) if (await this.isStopped(page)) return;
  }

  private async isStopped(page: readonly LogRow[]): Promise<boolean> {
    const { tally, range, onProgress, stopped } = this.order;
    for (const row of page) {
      this.audit.take(row);
      const isNew = this.seen.see(row.logIndex);
      if (!isNew && row.logIndex >= range.from)
        tally.find('log', { logIndex: row.logIndex, stream: row.stream, revision: row.revision }, TWICE);
    }
    this.read += page.length;
    this.sinceTurn += page.length;
    if (this.sinceTurn < TURN_EVENTS && page.length > 0) return stopped();
    this.sinceTurn = 0;
    onProgress(this.seen.count, range.to - range.from + 1);
    await nextTurn(); // A wish to stop is heard here.
    return stopped();
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
