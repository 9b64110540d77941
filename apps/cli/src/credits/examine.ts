import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isBusinessDate, isYuanText, parseYuan } from '#libs/kernel';
import { Failure } from '../startup/checks';
import { type Account, type Credit, type Fault, FILE_FACTS, type FileFact, type Heading, recordsOf } from './credit-file';

/** What the file says, all of it read once. Units: fen. `heading` is null when a fault keeps it from being known. */
export type Examined = Readonly<{
  file: string;
  sha256: string;
  heading: Heading | null;
  credits: number;
  sumFen: number;
  /** By reference. */
  creditOf: ReadonlyMap<string, Readonly<{ line: number; amountFen: number }>>;
  faults: readonly Fault[];
  faultsInAll: number;
  /** Lines whose account has a line of its own before: allowed, seldom meant. */
  sameAccount: readonly (readonly [line: number, earlier: number])[];
}>;

const FAULTS_KEPT_MAX = 100_000;
const SAME_ACCOUNT_KEPT_MAX = 1_000;
const SOURCES = ['contribution', 'retiree'];
export const sidecarOf = (file: string): string => `${file}.control.json`;

type Said = Map<FileFact, Readonly<{ value: string; line: number }>>;
type Faults = { readonly kept: Fault[]; all: number };

const addFault = (faults: Faults, fault: Fault): void => {
  faults.all += 1;
  if (faults.kept.length < FAULTS_KEPT_MAX) faults.kept.push(fault);
};

const addFaults = (faults: Faults, more: readonly Fault[]): void => {
  for (const fault of more) addFault(faults, fault);
};

/**
 * Reads the whole file and judges it by itself: every line, the numbers that stand twice, the control totals.
 * Throws: Failure when it cannot be read.
 */
export const examine = async (file: string): Promise<Examined> => {
  const hash = createHash('sha256');
  const faults: Faults = { kept: [], all: 0 };
  const said: Said = new Map();
  const creditOf = new Map<string, Readonly<{ line: number; amountFen: number }>>();
  const firstOf = new Map<string, number>();
  const sameAccount: [number, number][] = [];
  let credits = 0;
  let sumFen = 0;
  const take = ({ line, reference, amountFen, account }: Credit) => {
    credits += 1;
    sumFen += amountFen;
    const earlier = creditOf.get(reference)?.line;
    if (earlier === undefined) creditOf.set(reference, { line, amountFen });
    else
      addFault(faults, { line, field: 'reference', zh: `与第 ${earlier} 行流水号相同`, en: `is the reference of line ${earlier} as well` });
    const accountKey = keyOf(account);
    const before = firstOf.get(accountKey);
    if (before === undefined) firstOf.set(accountKey, line);
    else if (sameAccount.length < SAME_ACCOUNT_KEPT_MAX) sameAccount.push([line, before]);
  };
  try {
    for await (const record of recordsOf(file, hash)) {
      if (record.kind === 'credit') take(record.credit);
      else if (record.kind === 'fact') say(said, faults, record);
      else addFaults(faults, record.faults);
    }
    for (const record of sidecarFacts(file)) say(said, faults, record);
  } catch (thrown) {
    throw new Failure({ zh: `读不到文件 ${file}：${codeOf(thrown)}`, en: `Cannot read ${file}: ${codeOf(thrown)}` });
  }
  const heading = headingOf(said, faults);
  controlFaults(said, { credits, sumFen }, faults);
  const sorted = faults.kept.toSorted((a, b) => a.line - b.line);
  return { file, sha256: hash.digest('hex'), heading, credits, sumFen, creditOf, faults: sorted, faultsInAll: faults.all, sameAccount };
};

const keyOf = (account: Account): string =>
  'accountId' in account ? account.accountId : `${account.credential.kind} ${account.credential.number}`;
const codeOf = (thrown: unknown): string => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown fault');

type FactRecord = Readonly<{ line: number; name: string; value: string }>;

/** Control totals often come in a file of their own: `<file>.control.json`. */
const sidecarFacts = (file: string): FactRecord[] => {
  if (!existsSync(sidecarOf(file))) return [];
  const fields: unknown = JSON.parse(readFileSync(sidecarOf(file), 'utf8'));
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).map(([name, value]) => ({ line: 0, name, value: String(value) }));
};

const say = (said: Said, faults: Faults, { line, name, value }: FactRecord): void => {
  const known = FILE_FACTS.find((fact) => fact === name);
  const earlier = known && said.get(known);
  if (known === undefined) addFault(faults, { line, field: name, zh: '没有此项', en: 'is nothing that a file says' });
  else if (earlier === undefined) said.set(known, { value, line });
  else if (earlier.value !== value)
    addFault(faults, { line, field: name, zh: `前后不一：${earlier.value}、${value}`, en: `is said twice: ${earlier.value} and ${value}` });
};

const headingOf = (said: Said, faults: Faults): Heading | null => {
  const missing = (name: FileFact, zh: string, en: string) => addFault(faults, { line: said.get(name)?.line ?? 0, field: name, zh, en });
  const [period, source, poolingArea] = (['period', 'source', 'poolingArea'] as const).map((name) => said.get(name)?.value ?? '');
  if (!isBusinessDate(`${period}-01`)) missing('period', '费款所属期，如 2026-03', 'the month must stand in the file, e.g. 2026-03');
  if (!SOURCES.includes(source ?? ''))
    missing('source', `资金来源：${SOURCES.join('、')}`, `the source must be one of ${SOURCES.join(', ')}`);
  if (!/^[A-Za-z0-9_.-]{1,40}$/.test(poolingArea ?? ''))
    missing('poolingArea', '统筹地区编码', 'the code of the pooling area must stand in the file');
  return faults.kept.some(({ field }) => ['period', 'source', 'poolingArea'].includes(field))
    ? null
    : { period: period ?? '', source: source ?? '', poolingArea: poolingArea ?? '' };
};

/** No file without totals: a file that was cut in the middle looks like a shorter one. */
const controlFaults = (said: Said, { credits, sumFen }: Readonly<{ credits: number; sumFen: number }>, faults: Faults): void => {
  const count = said.get('count');
  const sum = said.get('sum');
  const at = (fact: Readonly<{ line: number }> | undefined, field: string, zh: string, en: string) =>
    addFault(faults, { line: fact?.line ?? 0, field, zh, en });
  if (count === undefined || !/^\d{1,12}$/.test(count.value))
    at(count, 'count', '须有控制总数：笔数', 'the number of credits must stand in the file');
  else if (Number(count.value) !== credits)
    at(count, 'count', `控制笔数 ${count.value}，可读的 ${credits} 笔`, `says ${count.value} credits; ${credits} can be read`);
  if (sum === undefined || !isYuanText(sum.value)) at(sum, 'sum', '须有控制总数：金额，元', 'the sum in yuan must stand in the file');
  else if (parseYuan<'medical'>(sum.value) !== sumFen)
    at(
      sum,
      'sum',
      `控制金额 ${sum.value}，可读的合计 ${yuan(sumFen)}`,
      `says ${sum.value} yuan; the credits that can be read make ${yuan(sumFen)}`,
    );
};

/** Units: fen in, yuan text out. */
export const yuan = (amountFen: number): string => {
  const fen = Math.abs(amountFen);
  return `${amountFen < 0 ? '-' : ''}${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
};
