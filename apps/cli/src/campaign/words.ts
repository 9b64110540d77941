import { grouped, tableOf, textTable } from '../screen/text-table';
import type { Head, Phase, PhaseStatus, Plan, Planned, RunCounts, Stop } from './answers';

/** Names of card kinds as a clerk says them. */
const KINDS: Readonly<Record<string, string>> = {
  labourSecurity: '劳动保障卡 labour-security card',
  residentMedical: '居民医保卡 resident medical card',
  medicalInsurance: '医疗保险卡 medical insurance card',
  socialSecurity2: '社会保障卡 social security card',
  socialSecurity3: '三代社会保障卡 social security card, 3rd generation',
  temporary: '临时卡 temporary card',
};
const kindName = (kind: string): string => KINDS[kind] ?? kind;

export const headWords = ({ campaignId, cityZh, poolingArea }: Head): string => `${campaignId}  ${cityZh}（${poolingArea}）`;

/** "inactiveTwoYears 第一批…：2017-04-01，两年未刷卡". */
export const phaseWords = ({ phase, nameZh, on, inactiveYears, packId }: Phase): string =>
  `${phase}  ${nameZh}：${on} 起 from${inactiveYears === null ? '' : `，${inactiveYears} 年未刷卡 years without a swipe`}（${packId}）`;

const REASONS: Readonly<Record<Stop['reason'], string>> = {
  kindEnds: '卡种停用 this kind of card ends',
  inactive: '长期未刷卡 not swiped for so long',
  noKnownSwipe: '无刷卡记录 no known swipe',
};
export const reasonWords = (reason: Stop['reason']): string => REASONS[reason];

const sumCells = ({ cards, seals, sealed, moves, moved, noKnownSwipe }: Planned): [string, string, string, string, string, string] => [
  grouped(cards),
  grouped(seals),
  sealed,
  grouped(moves),
  moved,
  grouped(noKnownSwipe),
];

export const planWords = (head: Head, { asOf, accounts, looked, noKnownSwipe, phases }: Plan): string => {
  const heading = ['', '停用 cards', '封存 sealed', '元 yuan', '转移 moves', '元 yuan', '无刷卡记录 no known swipe'] as const;
  const ofPhase = phases.flatMap(({ phase, all, groups }) => [
    '',
    phaseWords(phase),
    ...textTable([
      heading,
      ...groups.map((group) => [`  ${group.district ?? '区县不详 district unknown'} ${kindName(group.kind)}`, ...sumCells(group)] as const),
      ['  合计 in all', ...sumCells(all)],
    ]),
  ]);
  const none = phases.length === 0 ? ['', `到 ${asOf} 没有已开始的批次 no phase has begun by then`] : [];
  return [
    `${headWords(head)}  截至 as of ${asOf}`,
    `已看 looked at ${grouped(looked)} 张旧卡 old cards；将停 to stop: ${grouped(accounts)} 个账户 accounts`,
    `无刷卡记录的在用旧卡 old cards in use without a known last swipe: ${grouped(noKnownSwipe)}`,
    ...ofPhase,
    ...none,
  ].join('\n');
};

export const runWords = ({ accounts, stopped, sealed, nothingDue, notDone, phases }: RunCounts): string =>
  [
    `账户 accounts ${grouped(accounts)}，停用 stopped ${grouped(stopped)} 张 cards，封存 sealed ${grouped(sealed)}，` +
      `已无需办 nothing due ${grouped(nothingDue)}，未办成 not done ${grouped(notDone)}`,
    ...Object.entries(phases).map(([phase, one]) => `  ${phase}: 停用 stopped ${grouped(one.stopped)}，封存 sealed ${grouped(one.sealed)}`),
  ].join('\n');

const BOOKED =
  '待停金额为账面数，未含应计未入账的利息，也未区分封存与转移；准确数见 plan · ' +
  'to come: as booked, before interest due, sealed or moved alike; the plan has the exact amounts';
export const statusWords = (head: Head, phases: readonly PhaseStatus[]): string =>
  [
    `${headWords(head)}  ${head.now}`,
    tableOf(
      [
        '批次 phase',
        '日期 from',
        '已停 stopped',
        '封存中 sealed',
        '元 yuan',
        '已转移 moved',
        '元 yuan',
        '待停 to come',
        '账面元 booked yuan',
      ],
      phases.map(({ phase, begun, stopped, sealed, moved, toCome }) => [
        phase.phase,
        `${phase.on}${begun ? '' : ' 未到 not yet'}`,
        grouped(stopped),
        grouped(sealed.cards),
        sealed.amount,
        grouped(moved.cards),
        moved.amount,
        grouped(toCome.cards),
        toCome.amount,
      ]),
    ),
    BOOKED,
  ].join('\n');
