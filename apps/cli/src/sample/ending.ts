import { grouped, type Row, textTable } from '../screen/text-table';
import type { Marker } from './marker';
import { yuan } from './teller';

/** What a reason code says, in Chinese; the code itself where nobody knows. */
export type Words = (code: string) => string;

const yuanGrouped = (amountFen: number): string => yuan(amountFen).replace(/^\d+/, (whole) => grouped(Number(whole)));

/** The table that the sample ends with. */
export const endingOf = ({ tally, ending }: Marker, words: Words): string => {
  if (ending === null) throw new Error('the sample has not ended');
  const { log, seconds, daySeconds } = ending;
  const refused = Object.entries(tally.refused).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const refusals = refused.reduce((sum, [, times]) => sum + times, 0);
  const rows: Row[] = [
    ['结算 settled', grouped(tally.settled)],
    ['　其中部分现金 partly paid in cash', grouped(tally.partlyCash)],
    ['　其中补记账 late entries', grouped(tally.late)],
    ['重发，原样作答 replayed', grouped(tally.replayed)],
    ['撤销 cancelled', grouped(tally.cancelled)],
    ['冲正 reversed', grouped(tally.reversed)],
    ['拒付 refused', grouped(refusals)],
    ...refused.map(([code, times]): Row => [`　${words(code)} ${code}`, grouped(times)]),
    ['旧卡余额转新卡 moved old→new', grouped(log.moved.transfers), `${yuanGrouped(log.moved.amountFen)} 元`],
    ['封存 sealed', grouped(log.sealed.subAccounts), `${yuanGrouped(log.sealed.amountFen)} 元`],
    ['账户余额合计 held in all accounts', '', `${yuanGrouped(log.balanceFen)} 元`],
    [`Σ 分录 Σ legs = 0 (${grouped(log.moneyEvents)} events)`, log.faults.length === 0 ? 'ok' : 'NOT ok'],
    ['事件 events in the log', grouped(log.events)],
    ['用时 duration', `${seconds.toFixed(1)} s`],
    ['其中刷卡 of which swipes', `${daySeconds.toFixed(1)} s`, `${grouped(Math.round(tally.posts / daySeconds))}/s`],
    ['与计划不符 answers that were not as planned', grouped(tally.mismatches)],
  ];
  return [...textTable(rows), ...log.faults.map((fault) => `  ! ${fault}`), ...tally.examples.map((example) => `  ! ${example}`)].join(
    '\n',
  );
};

export const isSound = ({ tally, ending }: Marker): boolean => tally.mismatches === 0 && ending !== null && ending.log.faults.length === 0;
