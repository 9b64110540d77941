import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ReadModelComparison } from '#libs/adapters/read-models';
import { type CheckName, type Finding, PayableDays, Tally, words } from '#libs/audit';
import { LogFile } from './log-file';

export type Uncovered = Readonly<{ check: CheckName; items: number; zh: string; en: string }>;
/** What the projections' thread has to tell. */
export type ProjectionOutcome = Readonly<{
  checked: Readonly<Record<'projections' | 'institutionDays', number>>;
  findings: readonly Finding[];
  findingsCounted: number;
  gaps: readonly Uncovered[];
}>;
export type ProjectionOrder = Readonly<{ folder: string; stopped: () => boolean; onProgress: (done: number, total: number) => void }>;

const DAYS = 'institutionDays';
const BACKUP_MANIFEST = 'manifest.json'; // A backup has no read models by its nature: they are made again.
const DIFFERS = words('读模型的行与日志不符', 'a row of a read model is not what the log gives');
const DAY = words('机构日应付额与日志不符', 'what an institution is owed for a day is not what the log gives');
const AHEAD = words('读模型超前于日志：日志短于它见过的', 'a read model is ahead of the log: the log is shorter than what it has seen');
const OTHER = words('读模型依据的事件与日志不同', 'a read model was made from another event than the log has');
const NONE = words('没有读模型（views.db）', 'there are no read models (views.db)');
const STOPPED = words('中途停止', 'stopped before the end');

/** Rebuilds every read model in a temporary folder and holds the ones of the data folder against them. Throws: on an unreadable file. */
export const verifyProjections = ({ folder, stopped, onProgress }: ProjectionOrder): ProjectionOutcome => {
  const tally = new Tally();
  const temporary = mkdtempSync(path.join(tmpdir(), 'yika-verify-'));
  const log = new LogFile(folder);
  const money = new MoneyUpTo();
  const comparison = ReadModelComparison.open(folder, path.join(temporary, 'views.db'), {
    log: (from, to) => log.log(from, to),
    lastLogIndex: () => log.last(),
    eventAt: (logIndex) => log.bytesAtIndex(logIndex),
    onEvents: (events) => {
      for (const { event } of events) if (event && 'legs' in event.data) money.take(event);
    },
    stopped,
  });
  try {
    if (comparison) {
      money.upTo = comparison.standsAt(DAYS);
      comparison.build(onProgress);
      if (stopped()) tally.leaveOut('projections', 1, STOPPED);
      else compare(comparison, tally, money);
    } else if (!existsSync(path.join(folder, BACKUP_MANIFEST))) tally.leaveOut('projections', 1, NONE);
    return outcomeOf(tally);
  } finally {
    comparison?.close();
    log.close();
    rmSync(temporary, { recursive: true, force: true });
  }
};

type Money = Readonly<{ logIndex: number; decidedAt: string; data: object }>;

/** Sums up to where the read model of days stood when it began; what came later waits until it is known how far it went. */
class MoneyUpTo {
  upTo = -1;
  private readonly sums = new PayableDays();
  private readonly later: Money[] = [];

  take(event: Money): void {
    if (event.logIndex <= this.upTo) this.sums.take(event);
    else this.later.push(event);
  }

  through(logIndex: number): PayableDays {
    for (const event of this.later) if (event.logIndex <= logIndex) this.sums.take(event);
    return this.sums;
  }
}

const NOWHERE = { logIndex: null, stream: null, revision: null } as const;

const compare = (comparison: ReadModelComparison, tally: Tally, money: MoneyUpTo): void => {
  const differences = comparison.compare();
  let daysThrough = -1;
  for (;;) {
    const next = differences.next();
    if (!next.done) {
      const { projection, expected, found } = next.value;
      tally.find('projections', NOWHERE, DIFFERS, { expected: `${projection} ${expected ?? 'no row'}`, found: found ?? 'no row' });
      continue;
    }
    for (const { rows, projection, logIndex } of next.value) {
      if (projection === DAYS) daysThrough = logIndex;
      tally.expect('projections', rows);
      tally.checked('projections', rows);
    }
    break;
  }
  for (const { projection, reason, detail } of comparison.uncompared) {
    if (reason === 'aheadOfLog') tally.find('projections', NOWHERE, AHEAD, { found: `${projection}: ${detail}` });
    else if (reason === 'otherEvent') tally.find('projections', NOWHERE, OTHER, { found: `${projection}: ${detail}` });
    else tally.leaveOut('projections', 1, words(`${projection} 未比对：${detail}`, `${projection} was not compared: ${detail}`));
  }
  compareDays(comparison, tally, money.through(daysThrough));
};

const compareDays = (comparison: ReadModelComparison, tally: Tally, payable: PayableDays): void => {
  const days = comparison.institutionDays();
  if (!days) {
    tally.leaveOut('institutionDays', 1, words('institutionDays 未比对', 'institutionDays was not compared'));
    return;
  }
  const met = new Set<string>();
  tally.expect('institutionDays', days.length);
  for (const { institutionCode, businessDate, payableFen } of days) {
    tally.checked('institutionDays');
    met.add(`${institutionCode} ${businessDate}`);
    const expectedFen = payable.of(institutionCode, businessDate);
    if (expectedFen !== payableFen)
      tally.find('institutionDays', NOWHERE, DAY, {
        expected: `${institutionCode} ${businessDate} ${expectedFen} fen`,
        found: `${payableFen} fen`,
      });
  }
  for (const { institutionCode, businessDate, payableFen } of payable.all())
    if (!met.has(`${institutionCode} ${businessDate}`))
      tally.find('institutionDays', NOWHERE, DAY, { expected: `${institutionCode} ${businessDate} ${payableFen} fen`, found: 'no row' });
};

const outcomeOf = (tally: Tally): ProjectionOutcome => {
  const results = tally.results().filter(({ check }) => check === 'projections' || check === 'institutionDays');
  const checkedOf = (wanted: CheckName) => results.find(({ check }) => check === wanted)?.checked ?? 0;
  return {
    checked: { projections: checkedOf('projections'), institutionDays: checkedOf('institutionDays') },
    findings: tally.findings(),
    findingsCounted: results.reduce((sum, { findings }) => sum + findings, 0),
    gaps: results.flatMap(({ gaps }) => gaps),
  };
};
