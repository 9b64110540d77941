/** What a verification looks at: the property of the design that it holds the log to, what it counts, and its name for a reader. */
type Check = Readonly<{ property: string; counts: string; zh: string; en: string }>;

/**
 * To add a check: name it here; say in `coverage.ts` which events fall under it, so that what is not looked at shows as a share below the whole;
 * fold what it needs in `account/account.ts` (of one account) or `log-audit.ts` (across streams), and tell `checked` and `find` there.
 * A type or category that nobody knows is a finding of `form`, and all that stands behind it in its stream is left out by name.
 */
export const CHECKS = {
  log: { property: 'C6', counts: 'events', zh: '日志序号连续，逐行读到', en: 'log index dense, every row read' },
  seen: {
    property: 'C6',
    counts: 'witnesses',
    zh: '检查点与读模型见过的都在日志中',
    en: 'what checkpoints and read models have seen is there',
  },
  bytes: { property: 'C6', counts: 'events', zh: '校验码与各列相符', en: 'crc and columns fit the bytes' },
  canonical: { property: 'C6', counts: 'events', zh: '字节为规范形式', en: 'bytes are canonical' },
  form: { property: 'C6', counts: 'events', zh: '类型已知、形式正确', en: 'types known, forms right' },
  order: { property: 'C6', counts: 'events', zh: '流内修订号连续，时间不倒退', en: 'revisions without gaps, time never back' },
  ids: { property: 'C6', counts: 'events', zh: '事件号唯一且可推得', en: 'ids unique and derived' },
  appends: { property: 'C6', counts: 'appends', zh: '追加完整', en: 'appends whole' },
  claims: { property: 'C6', counts: 'claims', zh: '唯一键与事件双向一致', en: 'claims ↔ events' },
  legs: { property: 'C1', counts: 'money events', zh: '分录平衡，余额不为负', en: 'legs balance, nothing below zero' },
  handOvers: { property: 'C1', counts: 'amounts', zh: '账户间在途款两侧相等', en: 'between accounts: sent = received' },
  settlements: { property: 'C2', counts: 'settlements', zh: '一键一结算，至多撤销一次', en: 'one live settlement a key, undone once' },
  cards: {
    property: 'C3',
    counts: 'settlements',
    zh: '停用、挂失、注销、封存的卡不支付',
    en: 'no stopped, lost, cancelled or sealed card pays',
  },
  agreements: { property: 'C4', counts: 'settlements', zh: '所引协议当时有效', en: 'agreement cited was in force' },
  packs: { property: 'C7', counts: 'packs', zh: '政策包摘要与双人复核', en: 'pack hashes, two pairs of eyes' },
  decisions: { property: 'C7a', counts: 'appends', zh: '重新裁决得同样事件', en: 'deciding again gives the same events' },
  closings: { property: 'C7c', counts: 'closings', zh: '结转等于全程折叠', en: 'closings equal the full fold' },
  projections: { property: 'C7b', counts: 'rows', zh: '读模型等于重建', en: 'read models equal a rebuild' },
  institutionDays: { property: 'C1', counts: 'institution days', zh: '机构日应付额与读模型一致', en: 'Σ payable by institution and day' },
  contents: { property: 'C6', counts: 'bills', zh: '费用明细与摘要相符', en: 'bill lines fit their hashes' },
  commitments: { property: 'C8', counts: 'commitments', zh: '个人信息承诺值形式', en: 'commitments are salted hashes by form' },
} as const satisfies Readonly<Record<string, Check>>;

export type CheckName = keyof typeof CHECKS;
const NAMES = Object.keys(CHECKS) as readonly CheckName[];
export type Words = Readonly<{ zh: string; en: string }>;
export const words = (zh: string, en: string): Words => ({ zh, en });

/** Where in the log; null where a finding is of no event. */
export type Place = Readonly<{ logIndex: number | null; stream: string | null; revision: number | null }>;
export const NOWHERE: Place = { logIndex: null, stream: null, revision: null };
export type Finding = Place & Words & Readonly<{ check: CheckName; expected: string | null; found: string | null }>;
/** What a check did not look at, and why. */
export type Gap = Words & Readonly<{ check: CheckName; items: number }>;

export type CheckResult = Words &
  Readonly<{
    check: CheckName;
    property: string;
    counts: string;
    checked: number;
    of: number;
    /** Checked ÷ of; 1 where there was nothing to check and nothing was left out. */
    share: number;
    findings: number;
    gaps: readonly Gap[];
  }>;
export type Verdict = 'sound' | 'findings' | 'partial';

const FINDINGS_KEPT = 100; // Of each check; all are counted.

type Column = { of: number; checked: number; findings: number; kept: Finding[]; gaps: Map<string, { words: Words; items: number }> };
const emptyColumn = (): Column => ({ of: 0, checked: 0, findings: 0, kept: [], gaps: new Map() });

/** The columns of a tally as plain data, for a run that another one goes on with. */
export type KeptTally = Readonly<Record<string, KeptColumn>>;
type KeptColumn = Readonly<{
  of: number;
  checked: number;
  findings: number;
  kept: readonly Finding[];
  gaps: readonly (readonly [Words, number])[];
}>;

/** What was to be checked, what was, what was found and what was left out. Told apart on purpose: what nobody has checked is no pass. */
export class Tally {
  /** While history is folded that the reader has not asked about: nothing counts. */
  muted = false;
  private readonly columns = Object.fromEntries(NAMES.map((check) => [check, emptyColumn()])) as Readonly<Record<CheckName, Column>>;

  expect(check: CheckName, items = 1): void {
    if (!this.muted) this.columns[check].of += items;
  }

  checked(check: CheckName, items = 1): void {
    if (!this.muted) this.columns[check].checked += items;
  }

  find(check: CheckName, place: Place, { zh, en }: Words, { expected = null, found = null }: Partial<Finding> = {}): void {
    if (this.muted) return;
    const column = this.columns[check];
    column.findings++;
    const { logIndex, stream, revision } = place;
    if (column.kept.length < FINDINGS_KEPT) column.kept.push({ check, logIndex, stream, revision, zh, en, expected, found });
  }

  leaveOut(check: CheckName, items: number, told: Words): void {
    if (this.muted) return;
    const { gaps } = this.columns[check];
    const gap = gaps.get(told.en);
    gaps.set(told.en, { words: told, items: (gap?.items ?? 0) + items });
  }

  asKept(): KeptTally {
    const entries = NAMES.map((check) => {
      const { of, checked, findings, kept, gaps } = this.columns[check];
      return [check, { of, checked, findings, kept: [...kept], gaps: [...gaps.values()].map(({ words: told, items }) => [told, items]) }];
    });
    return Object.fromEntries(entries) as KeptTally;
  }

  /** Adds what another tally has counted. @throws Error on a check that there is not: another version kept it. */
  join(kept: KeptTally): void {
    for (const [name, { of, checked, findings, kept: found, gaps }] of Object.entries(kept)) {
      const column = this.columns[name as CheckName] as Column | undefined;
      if (!column) throw new Error(`there is no check ${name}`);
      column.of += of;
      column.checked += checked;
      column.findings += findings;
      column.kept.push(...found.slice(0, FINDINGS_KEPT - column.kept.length));
      for (const [told, items] of gaps) this.leaveOut(name as CheckName, items, told);
    }
  }

  findings(): readonly Finding[] {
    return NAMES.flatMap((check) => this.columns[check].kept);
  }

  results(): readonly CheckResult[] {
    return NAMES.map((check) => {
      const { property, counts, zh, en } = CHECKS[check];
      const { of, checked, findings, gaps } = this.columns[check];
      const left = [...gaps.values()].map(({ words: told, items }) => ({ check, items, ...told }));
      const share = of === 0 ? (left.length > 0 ? 0 : 1) : checked / of;
      return { check, property, counts, zh, en, checked, of, share, findings, gaps: left };
    });
  }
}

/** Sound only when every check has looked at everything that there was and found nothing. */
export const verdictOf = (results: readonly CheckResult[], rangeGiven: boolean): Verdict => {
  if (results.some(({ findings }) => findings > 0)) return 'findings';
  const whole = results.every(({ of, checked, gaps }) => checked === of && gaps.length === 0);
  return whole && !rangeGiven ? 'sound' : 'partial';
};
