import { startOf } from '#libs/kernel';
import type { AccountPolicy } from '#libs/medical-account';
import { yearsOf } from './calendars';
import type { Pack } from './pack';

const mapRows = <K extends string, V, W>(rows: Readonly<Record<K, V>>, take: (row: V) => W): Record<K, W> =>
  Object.fromEntries(Object.entries<V>(rows).map(([key, row]) => [key, take(row)])) as Record<K, W>;

const moneyMovesOf = (moves: Pack['moneyMoves']): AccountPolicy['moneyMoves'] => {
  if (moves === undefined || moves.when === 'atEnablement') return { when: 'atEnablement' };
  if (moves.when === 'onApplication') return { when: moves.when, place: moves.place ?? 'agency' };
  return {
    when: moves.when,
    on: moves.on === undefined ? null : startOf(moves.on),
    dayOfNextMonth: moves.dayOfNextMonth ?? null,
  };
};

/** @throws Error on a document that is not listed: the check of the pack has found it before. */
const relationTransferOf = ({ relationTransfer, documents }: Pack): AccountPolicy['relationTransfer'] => {
  if (relationTransfer === undefined) return null;
  const { legalBasis, lapsesAfterDays = null, alsoBarredBy = [], ...rule } = relationTransfer;
  const document = documents[legalBasis];
  if (document === undefined) throw new Error('the legal basis of relation transfers is not among the documents');
  const { insuranceTypes, holderStatuses, remitWorkingDays: remitDays, creditWorkingDays: creditDays } = rule;
  const { paysUntil, sealedGoesAlong, creditsTo } = rule;
  return {
    legalBasis: document.title,
    ...{ insuranceTypes, holderStatuses, remitDays, creditDays, paysUntil, sealedGoesAlong, alsoBarredBy, creditsTo, lapsesAfterDays },
  };
};

/** The pack as an account's rules see it: sources, names and reasons stay in the file. */
export const accountPolicyOf = (pack: Pack, hash: string): AccountPolicy => ({
  packId: pack.packId,
  hash,
  poolingArea: pack.poolingArea,
  effectiveFrom: startOf(pack.effectiveFrom),
  insuranceTypes: mapRows(pack.insuranceTypes, ({ personalAccount }) => ({ personalAccount })),
  onlineWindowMinutes: pack.onlineEntry.windowMinutes,
  lateEntryDays: pack.lateEntry.days,
  drawOrder: pack.drawOrder.buckets,
  medicalCategories: mapRows(pack.medicalCategories, ({ service, institutionKinds, accountMayPay }) => ({
    service,
    institutionKinds,
    accountMayPay,
  })),
  credentials: pack.credentials.kinds,
  cardKinds: mapRows(pack.cardKinds as Required<Pack['cardKinds']>, ({ generation, media, carriesPersonalAccount, validYears = null }) => ({
    generation,
    media,
    carriesPersonalAccount,
    validYears,
  })),
  temporaryCards: mapRows(
    (pack.temporaryCards ?? {}) as Required<NonNullable<Pack['temporaryCards']>>,
    ({ term, days = 0, daysMax = days }) => (term === 'days' ? { days, daysMax } : null),
  ),
  enablement: { channels: pack.enablement.channels },
  proxies: pack.proxies === undefined ? null : { relations: pack.proxies.relations },
  moneyMoves: moneyMovesOf(pack.moneyMoves),
  parallelUse: pack.parallelUse?.use ?? 'none',
  financialArea: pack.financialArea === undefined ? null : { opensSocialSecurityArea: pack.financialArea.opensSocialSecurityArea },
  pin: pack.pin === undefined ? null : { wrongMax: pack.pin.wrongMax, counting: pack.pin.counting },
  cardStops: pack.cardStops.map(({ phase, on, cardKinds, inactiveYears, neverSwiped }) => ({
    phase,
    at: startOf(on),
    cardKinds,
    inactiveYears,
    ...(neverSwiped === undefined ? {} : { neverSwiped }),
  })),
  temporaryLossDays: pack.temporaryLoss.days,
  temporaryLossUnit: pack.temporaryLoss.unit ?? 'calendarDays',
  holidays: yearsOf(pack),
  formalLoss: { foundAgain: pack.formalLoss?.foundAgain ?? 'untilReissued' },
  freezeCauses: mapRows(pack.freezeCauses, ({ blocksDebit, blocksCredit, blocksPayOut }) => ({ blocksDebit, blocksCredit, blocksPayOut })),
  sealedTakesCredits: pack.sealedSubAccounts.takeCredits,
  relationTransfer: relationTransferOf(pack),
  holderChecks: { equipped: pack.holderChecks.equipped, otherwise: pack.holderChecks.otherwise },
  rollover: { month: pack.rollover.month, day: pack.rollover.day },
  interest: {
    currentYearAnnualRate: pack.interest.currentYearAnnualRate,
    priorYearAnnualRate: pack.interest.priorYearAnnualRate,
    dayCount: pack.interest.dayCount,
  },
});
