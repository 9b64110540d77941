import { isBusinessDate } from '#libs/kernel';
import { CALENDAR_NAMES, isCalendarName } from './calendars';
import type { Pack } from './pack';

type Path = readonly (string | number)[];
export type Contradiction = Readonly<{ path: Path; zh: string; en: string }>;
/** Only the sections whose form is right. */
type Sections = Partial<Pack>;
type Check = (sections: Sections) => readonly Contradiction[];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** No list of words in a pack means anything by saying a word twice; only a holiday of one day begins and ends on it. */
const repeated = (value: unknown, path: Path): Contradiction[] => {
  if (path.at(-2) === 'off') return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.flatMap((item, i) =>
      value.indexOf(item) < i ? [{ path: [...path, i], zh: `重复：${item}`, en: `listed twice: ${item}` }] : [],
    );
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, item]) => repeated(item, [...path, Array.isArray(value) ? +key : key]))
    : [];
};

const RULES = [
  'onlineEntry',
  'lateEntry',
  'drawOrder',
  'credentials',
  'enablement',
  'proxies',
  'moneyMoves',
  'parallelUse',
  'financialArea',
  'pin',
  'temporaryLoss',
  'formalLoss',
  'workingDays',
  'cardService',
  'sealedSubAccounts',
  'relationTransfer',
  'holderChecks',
  'rollover',
  'interest',
] as const;
const RULE_TABLES = ['insuranceTypes', 'medicalCategories', 'cardKinds', 'temporaryCards', 'cardStops', 'freezeCauses'] as const;
type Grounds = Pick<Pack['rollover'], 'source' | 'assumption' | 'why'>;

const rulesOf = (sections: Sections): readonly Readonly<{ path: Path; rule: Grounds }>[] => [
  ...RULES.flatMap((section) => {
    const rule = sections[section];
    return rule === undefined ? [] : [{ path: [section], rule }];
  }),
  ...RULE_TABLES.flatMap((section) =>
    Object.entries<Grounds>(sections[section] ?? {}).map(([key, rule]) => ({
      path: [section, section === 'cardStops' ? +key : key],
      rule,
    })),
  ),
];

/** Every rule says where it comes from: an auditor must be able to tell the city's word from ours. */
const ungrounded: Check = (sections) =>
  rulesOf(sections).flatMap(({ path, rule: { source, assumption, why } }) => {
    const found: Contradiction[] = [];
    if (source === undefined && assumption === undefined)
      found.push({ path, zh: '须注明来源 source 或假设 assumption', en: 'names neither a source nor an assumption' });
    if (assumption !== undefined && why === undefined) found.push({ path, zh: '假设须说明理由 why', en: 'an assumption says why' });
    if (assumption === undefined && why !== undefined)
      found.push({ path: [...path, 'why'], zh: 'why 仅用于假设', en: '`why` belongs to an assumption' });
    if (source !== undefined && sections.documents !== undefined && !Object.hasOwn(sections.documents, source.document))
      found.push({ path: [...path, 'source', 'document'], zh: '所引文件未在 documents 列出', en: 'cites a document that is not listed' });
    return found;
  });

const documentPeriods: Check = ({ documents = {} }) =>
  Object.entries(documents).flatMap(([id, { validFrom, validUntil }]) =>
    validFrom !== undefined && validUntil !== undefined && validUntil < validFrom
      ? [{ path: ['documents', id, 'validUntil'], zh: '止期早于起期', en: 'ends before it begins' }]
      : [],
  );

const drawOrder: Check = ({ drawOrder: order }) =>
  order === undefined || new Set(order.buckets).size === 2
    ? []
    : [{ path: ['drawOrder', 'buckets'], zh: '须列出当年与历年两项', en: 'money in a bucket that is not listed could never be spent' }];

/** 2001 is no leap year: a rollover on 29 February would be missing in most. */
const rollover: Check = ({ rollover: day }) => {
  if (day === undefined) return [];
  const date = `2001-${String(day.month).padStart(2, '0')}-${String(day.day).padStart(2, '0')}`;
  const exists: boolean = isBusinessDate(date);
  return exists ? [] : [{ path: ['rollover', 'day'], zh: '不是每年都有的日期', en: 'not a day of every year' }];
};

const enablement: Check = ({ enablement: rule, cardKinds }) => {
  if (rule === undefined || cardKinds === undefined) return [];
  const generations = Object.values(cardKinds).map(({ generation }) => generation);
  return generations.includes('new')
    ? []
    : [{ path: ['enablement', 'channels'], zh: '没有可启用的新卡卡种', en: 'there is no new card kind to enable' }];
};

const carriers: Check = ({ cardKinds, insuranceTypes }) => {
  if (cardKinds === undefined || insuranceTypes === undefined) return [];
  if (Object.values(insuranceTypes).some(({ personalAccount }) => personalAccount)) return [];
  return Object.entries(cardKinds).flatMap(([kind, { carriesPersonalAccount }]) =>
    carriesPersonalAccount
      ? [{ path: ['cardKinds', kind, 'carriesPersonalAccount'], zh: '无险种设个人账户', en: 'no insurance type has a personal account' }]
      : [],
  );
};

const stopOrder: Check = ({ cardStops = [] }) =>
  cardStops.flatMap(({ phase, on }, i) => {
    const earlier = cardStops.slice(0, i);
    const found: Contradiction[] = [];
    if (earlier.some((other) => other.phase === phase))
      found.push({ path: ['cardStops', i, 'phase'], zh: '停用批次重名', en: 'two phases of the same name' });
    if (earlier.some((other) => other.on > on))
      found.push({ path: ['cardStops', i, 'on'], zh: '早于前一批次', en: 'earlier than the phase above it' });
    return found;
  });

const stoppedKinds: Check = ({ cardStops = [], cardKinds }) =>
  cardStops.flatMap(({ cardKinds: stopped }, i) =>
    stopped.flatMap((kind, k) => {
      const path = ['cardStops', i, 'cardKinds', k];
      const found: Contradiction[] = [];
      const generation = cardKinds?.[kind]?.generation;
      if (cardKinds !== undefined && generation === undefined)
        found.push({ path, zh: `卡种未列出：${kind}`, en: `card kind is not listed: ${kind}` });
      if (generation !== undefined && generation !== 'old')
        found.push({ path, zh: `不是旧卡，不能分批停用：${kind}`, en: `only old cards stop by phase: ${kind}` });
      const already = cardStops.slice(0, i).some((other) => other.inactiveYears === null && other.cardKinds.includes(kind));
      if (already) found.push({ path, zh: `前一批次已全部停用：${kind}`, en: `an earlier phase has stopped them all: ${kind}` });
      return found;
    }),
  );

type Term = Readonly<{ term: string; days?: number | undefined; daysMax?: number | undefined }>;
const termFaults = (path: Path, { term, days, daysMax }: Term): Contradiction[] => {
  if (term !== 'days') {
    const told = days === undefined ? 'daysMax' : 'days';
    return (days ?? daysMax) === undefined ? [] : [{ path: [...path, told], zh: '此期限不按天', en: 'this term is not counted in days' }];
  }
  if (days === undefined) return [{ path, zh: '按天的期限须写 days', en: 'a term in days says how many' }];
  return daysMax !== undefined && daysMax < days
    ? [{ path: [...path, 'daysMax'], zh: '上限小于期限', en: 'at most fewer than it lasts' }]
    : [];
};

const temporaryTerms: Check = ({ temporaryCards = {}, cardKinds }) => {
  const rows = Object.entries(temporaryCards);
  const found: Contradiction[] = [];
  if (rows.length > 0 && cardKinds !== undefined && !Object.values(cardKinds).some(({ generation }) => generation === 'temporary'))
    found.push({ path: ['temporaryCards'], zh: '没有临时卡卡种', en: 'there is no temporary card kind' });
  return [...found, ...rows.flatMap(([reason, row]) => termFaults(['temporaryCards', reason], row))];
};

const MOVE_FIELDS = { atEnablement: [], laterBatch: ['on', 'dayOfNextMonth'], onApplication: ['place'] } as const;

const moneyMoves: Check = ({ moneyMoves: moves }) => {
  if (moves === undefined) return [];
  const { when, on, dayOfNextMonth, place } = moves;
  const fitting: readonly string[] = MOVE_FIELDS[when];
  const told = Object.entries({ on, dayOfNextMonth, place }).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  const found: Contradiction[] = told
    .filter((field) => !fitting.includes(field))
    .map((field) => ({ path: ['moneyMoves', field], zh: '与 when 不符', en: 'does not belong to this `when`' }));
  if (fitting.length > 0 && told.filter((field) => fitting.includes(field)).length !== 1)
    found.push({
      path: ['moneyMoves', 'when'],
      zh: `须写下列之一：${fitting.join(', ')}`,
      en: `names one of: ${fitting.join(', ')}`,
    });
  return found;
};

const movesWithOneBalance: Check = ({ moneyMoves: moves, parallelUse }) =>
  moves !== undefined && moves.when !== 'atEnablement' && parallelUse?.use === 'sameAccount'
    ? [{ path: ['moneyMoves', 'when'], zh: '新旧卡同一余额，不能延后转移', en: 'money of two cards on one balance cannot move later' }]
    : [];

const proxyChannels: Check = ({ proxies, enablement: rule }) =>
  proxies === undefined || rule === undefined || rule.channels.some((channel) => channel === 'proxy' || channel === 'guardian')
    ? []
    : [{ path: ['proxies', 'relations'], zh: '没有代办渠道', en: 'no channel is one of proxies' }];

const calendarYears: Check = ({ workingDays }) =>
  (workingDays?.years ?? []).flatMap(({ year, off, working }, i) => {
    const path = ['workingDays', 'years', i];
    const found: Contradiction[] = [];
    for (const [n, [from, until]] of off.entries())
      if (until < from) found.push({ path: [...path, 'off', n], zh: '止期早于起期', en: 'ends before it begins' });
    for (const day of [...off.flat(), ...working])
      if (!day.startsWith(`${String(year)}-`))
        found.push({ path: [...path, 'year'], zh: `不在该年：${day}`, en: `not in this year: ${day}` });
    return found;
  });
/** Money of a relation leaves by a document that is named, and only of insurances that bring an account; a retiree's never. */
const relationTransfers: Check = ({ relationTransfer: rule, documents, insuranceTypes }) => {
  if (rule === undefined) return [];
  const found: Contradiction[] = [];
  if (documents !== undefined && !Object.hasOwn(documents, rule.legalBasis))
    found.push({
      path: ['relationTransfer', 'legalBasis'],
      zh: '所据文件未在 documents 列出',
      en: 'the legal basis is a document that is not listed',
    });
  const types = insuranceTypes ?? null;
  const someHasAccount = types !== null && Object.values(types).some(({ personalAccount }) => personalAccount); // Else `carriers` tells it.
  for (const [i, type] of rule.insuranceTypes.entries())
    if (types !== null && someHasAccount && !types[type].personalAccount)
      found.push({ path: ['relationTransfer', 'insuranceTypes', i], zh: '该险种没有个人账户', en: 'this insurance brings no account' });
  for (const [i, status] of rule.holderStatuses.entries())
    if (status === 'retired')
      found.push({ path: ['relationTransfer', 'holderStatuses', i], zh: '退休人员不办理转移', en: 'a retiree cannot transfer' });
  return found;
};

const calendarNamed: Check = ({ workingDays }) => {
  if (workingDays === undefined) return [];
  const { calendar, years = [] } = workingDays;
  const known = CALENDAR_NAMES.join(', ');
  if (calendar !== undefined && !isCalendarName(calendar))
    return [{ path: ['workingDays', 'calendar'], zh: `没有此日历，已有：${known}`, en: `no such calendar; there are: ${known}` }];
  const isEmpty = calendar === undefined && years.length === 0;
  return isEmpty ? [{ path: ['workingDays'], zh: '须指明日历 calendar 或列出年份 years', en: 'names a calendar, or tells years' }] : [];
};

/** Who counts in working days tells by which calendar: holidays are no matter of the engine's version. */
const calendarMissing: Check = ({ workingDays, temporaryLoss, cardService }) => {
  if (workingDays !== undefined) return [];
  const terms = [
    { path: ['temporaryLoss', 'unit'], unit: temporaryLoss?.unit },
    ...(['firstIssue', 'approved', 'replacement', 'exchange'] as const).map((term) => ({
      path: ['cardService', term, 'unit'],
      unit: cardService?.[term]?.unit,
    })),
  ];
  const [zh, en] = ['按工作日计的期限须有 workingDays 日历', 'a term in working days needs a calendar: `workingDays`'];
  return terms.flatMap(({ path, unit }) => (unit === 'workingDays' ? [{ path, zh, en }] : []));
};

const CHECKS: readonly Check[] = [
  ungrounded,
  documentPeriods,
  drawOrder,
  rollover,
  enablement,
  carriers,
  stopOrder,
  stoppedKinds,
  temporaryTerms,
  moneyMoves,
  movesWithOneBalance,
  proxyChannels,
  calendarYears,
  calendarNamed,
  calendarMissing,
  relationTransfers,
];

/** Everything in a pack that cannot hold together, each at its place. */
export const contradictionsIn = (sections: Sections): readonly Contradiction[] => [
  ...repeated(sections, []),
  ...CHECKS.flatMap((check) => check(sections)),
];
