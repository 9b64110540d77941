import type { CheckResult, Finding, Verdict } from '#libs/audit';
import { grouped, type Row, textTable } from '../screen/text-table';
import type { Verification } from './verify-folder';

const FINDINGS_SHOWN = 20;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  sound: '完好：全部查到，没有发现 · SOUND: everything was covered, nothing was found',
  findings: '有发现，见下 · FINDINGS: see below',
  partial:
    '不完整：查到的没有发现，但有未查之处，不算通过 · PARTIAL: nothing was found in what was covered, and not all was; this is no pass',
};

/** Never rounded up to the whole. */
const percent = ({ share, of, gaps }: CheckResult): string => {
  if (of === 0 && gaps.length === 0) return '—';
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
};

const stateOf = ({ findings, of, checked, gaps }: CheckResult): string => {
  if (findings > 0) return `发现 ${grouped(findings)} found`;
  return checked === of && gaps.length === 0 ? 'ok' : '未全 partial';
};

const rowOf = (result: CheckResult): Row => {
  const { property, zh, en, checked, of, counts } = result;
  const items = checked === of ? `${grouped(of)} ${counts}` : `${grouped(checked)}/${grouped(of)} ${counts}`;
  return [`${property.padEnd(3)} ${zh} ${en}`, items, percent(result), stateOf(result)];
};

const placeText = ({ logIndex, stream, revision }: Finding): string =>
  [logIndex === null ? [] : `log index ${logIndex}`, stream === null ? [] : `${stream}@${revision ?? '?'}`].flat().join('  ');

const findingLines = (finding: Finding): string[] => {
  const { check, zh, en, expected, found } = finding;
  const facts = [expected === null ? [] : `应为 expected: ${expected}`, found === null ? [] : `实为 found: ${found}`].flat().join('  ');
  return [`! ${check}  ${zh} · ${en}`, `    ${placeText(finding)}`, ...(facts === '' ? [] : [`    ${facts}`])];
};

const runLine = ({ startedAt, seconds, events }: Verification['runs'][number], n: number, of: number): string =>
  `第 ${n} 次 run ${n}  ${startedAt}  ${grouped(events)} (${((100 * events) / Math.max(1, of)).toFixed(1)} %)，用时 in ${seconds.toFixed(1)} s`;

/** The whole answer for a person: what was checked, how much of it, what was found, what was left out. */
export const wordsOf = (verification: Verification): string => {
  const { checks, findings, verdict, range, runs, lastLogIndex, simulation, events, seconds, eventsPerSecond, stopped, resumeFile } =
    verification;
  const shown = findings.slice(0, FINDINGS_SHOWN);
  const all = checks.reduce((sum, check) => sum + check.findings, 0);
  const gaps = checks.flatMap((check) =>
    check.gaps.map(({ zh, en, items }) => `- ${check.check}  ${zh} · ${en}${items > 0 ? ` (${grouped(items)})` : ''}`),
  );
  return [
    ...(simulation ? ['模拟数据：时钟由人拨动 · A SIMULATION: its clock was moved by hand'] : []),
    `日志 log  ${grouped(range.from)} … ${grouped(range.to)}（末 last ${grouped(lastLogIndex)}）`,
    ...textTable(checks.map(rowOf)),
    ...(runs.length > 1 ? runs.map((run, n) => runLine(run, n + 1, range.to + 1)) : []),
    `事件 events ${grouped(events)}，用时 in ${seconds.toFixed(1)} s，日志 log ${grouped(eventsPerSecond)}/s`,
    ...(gaps.length > 0 ? ['', '未查 not covered', ...gaps] : []),
    ...(all > 0 ? ['', `发现 findings ${grouped(all)}`, ...shown.flatMap(findingLines)] : []),
    ...(all > shown.length
      ? [`  … 其余 ${grouped(all - shown.length)} 项见 --json（每项检查至多列 100 处）· the rest: --json (at most 100 a check)`]
      : []),
    '',
    stopped ? `已停止 stopped. ${VERDICTS[verdict]}` : VERDICTS[verdict],
    ...(stopped && resumeFile !== null ? [`续查 to go on: yika verify --resume ${resumeFile}`] : []),
  ].join('\n');
};
