import { startOf } from '#libs/kernel';
import type { AccountPolicy } from '#libs/medical-account';
import type { Pack } from './pack';

const mapRows = <K extends string, V, W>(rows: Readonly<Record<K, V>>, take: (row: V) => W): Record<K, W> =>
  Object.fromEntries(Object.entries<V>(rows).map(([key, row]) => [key, take(row)])) as Record<K, W>;

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
  cardKinds: mapRows(pack.cardKinds as Required<Pack['cardKinds']>, ({ generation, media, carriesPersonalAccount }) => ({
    generation,
    media,
    carriesPersonalAccount,
  })),
  enablement: { channels: pack.enablement.channels },
  cardStops: pack.cardStops.map(({ phase, on, cardKinds, inactiveYears }) => ({ phase, at: startOf(on), cardKinds, inactiveYears })),
  temporaryLossDays: pack.temporaryLoss.days,
  freezeCauses: mapRows(pack.freezeCauses, ({ blocksDebit, blocksCredit, blocksPayOut }) => ({ blocksDebit, blocksCredit, blocksPayOut })),
  sealedTakesCredits: pack.sealedSubAccounts.takeCredits,
  holderChecks: { equipped: pack.holderChecks.equipped, otherwise: pack.holderChecks.otherwise },
  rollover: { month: pack.rollover.month, day: pack.rollover.day },
  interest: {
    currentYearAnnualRate: pack.interest.currentYearAnnualRate,
    priorYearAnnualRate: pack.interest.priorYearAnnualRate,
    dayCount: pack.interest.dayCount,
  },
});
