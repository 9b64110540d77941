import { createHash } from 'node:crypto';
import { type InstitutionPlan, JINAN, planInstitutions, QINGDAO } from './institutions';
import { citizen, otherPerson, type Person } from './people';
import { quotas, type Random, randomOf } from './random';
import type { Story } from './step';
import { CARD_STORIES } from './stories-of-cards';
import { REFUSAL_STORIES } from './stories-of-refusals';
import { UNDOING_STORIES } from './stories-of-undoing';
import type { World } from './teller';
import type { InsuranceType } from './words';

export type KeyPlan = Readonly<{ name: string; organisation: string; rights: readonly string[]; institutionCodes: readonly string[] }>;
export type SamplePlan = Readonly<{
  seed: string;
  scale: number;
  packs: readonly string[];
  institutions: readonly InstitutionPlan[];
  keys: readonly KeyPlan[];
  stories: readonly Story[];
}>;

export const SEED = 'yika-sample-1';
const HOLDERS: Readonly<Record<string, number>> = { [QINGDAO]: 5_000, [JINAN]: 1_200 };
const DIVISIONS: Readonly<Record<string, readonly string[]>> = {
  [QINGDAO]: ['370202', '370203', '370211', '370212', '370213', '370214', '370215', '370281', '370283', '370285'],
  [JINAN]: ['370102', '370103', '370104', '370105', '370112', '370113'],
};
const OTHER_DOCUMENTS_SHARE = 0.01;

const LEAST: Readonly<Record<string, number>> = { [QINGDAO]: 120, [JINAN]: 48 }; // Below this some story would have nobody to live it.

/** How many of ten thousand holders live through which story; every story is lived at least once, however small the sample. */
const QINGDAO_WEIGHTS: Readonly<Record<string, number>> = {
  worker: 3_900,
  retiree: 1_600,
  shortOfMoney: 500,
  resident: 900,
  sealedMoves: 900,
  sealedStays: 500,
  residentOldCard: 120,
  residentWhoMustPay: 40,
  notEnabled: 80,
  temporaryCard: 100,
  lost: 50,
  found: 30,
  cancelledCard: 30,
  settlementSuspension: 40,
  precautionarySuspension: 30,
  judicialFreeze: 40,
  death: 30,
  insuredTwice: 20,
  inArrears: 40,
  cardAreaFrozen: 20,
  subAccountFrozen: 20,
  ...Object.fromEntries(Object.keys(REFUSAL_STORIES).map((name) => [name, 24])),
  late: 120,
  ...Object.fromEntries(Object.keys(UNDOING_STORIES).map((name) => [name, 60])),
};
const JINAN_WEIGHTS: Readonly<Record<string, number>> = {
  worker: 3_000,
  firstSwipeMoves: 3_200,
  oldCardOnly: 1_500,
  retiree: 800,
  shortOfMoney: 300,
  resident: 600,
  otherArea: 60,
  temporaryCard: 60,
  lost: 50,
  late: 90,
  agreementSuspended: 40,
  stripeOnly: 40,
  cancelledInFull: 60,
  cancelledInParts: 60,
  reversed: 60,
  repeated: 80,
};
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = { [QINGDAO]: QINGDAO_WEIGHTS, [JINAN]: JINAN_WEIGHTS };
const STORIES = { ...CARD_STORIES, ...REFUSAL_STORIES, ...UNDOING_STORIES };
const RESIDENTS: ReadonlySet<string> = new Set(['resident', 'residentWhoMustPay', 'residentOldCard']);

const worldOf = (institutions: readonly InstitutionPlan[]): World => {
  const sound = new Map<string, InstitutionPlan[]>(
    [QINGDAO, JINAN].map((area) => [
      area,
      institutions.filter(({ poolingArea, agreement }) => poolingArea === area && agreement === 'inForce'),
    ]),
  );
  return { all: institutions, sound: (area) => sound.get(area) ?? [] };
};

const personOf = (random: Random, poolingArea: string, at: Readonly<{ index: number; other: boolean; kind: string }>): Person => {
  const divisions = DIVISIONS[poolingArea] ?? [];
  const division = divisions[at.index % divisions.length] ?? '370200';
  const bornBetween: readonly [number, number] =
    at.kind === 'retiree' ? [1940, 1965] : RESIDENTS.has(at.kind) ? [1945, 2020] : [1966, 2004];
  const origin = { division, index: at.index, bornBetween };
  return at.other ? otherPerson(random, origin) : citizen(random, origin);
};

const storiesOf = (
  seed: string,
  poolingArea: string,
  from: number,
  { count, world }: Readonly<{ count: number; world: World }>,
): Story[] => {
  const order = randomOf(`${seed}/order/${poolingArea}`);
  const kinds = order.shuffled(
    [...quotas(WEIGHTS[poolingArea] ?? {}, count)].flatMap(([kind, holders]) => Array.from({ length: holders }, () => kind)),
  );
  const others = new Set(order.shuffled(kinds.map((_, i) => i)).slice(0, Math.max(1, Math.round(count * OTHER_DOCUMENTS_SHARE))));
  return kinds.map((kind, i) => {
    const random = randomOf(`${seed}/holder/${from + i}`);
    const person = personOf(random, poolingArea, { index: from + i, other: others.has(i), kind });
    const insuranceType: InsuranceType = RESIDENTS.has(kind) ? 'resident' : 'employee';
    const tell = STORIES[kind];
    if (tell === undefined) throw new Error(`no story ${kind}`);
    return tell({ number: from + i, poolingArea, insuranceType, person, random, world });
  });
};

const keysFor = (institutions: readonly InstitutionPlan[]): KeyPlan[] => {
  const codes = new Map<string, string[]>();
  for (const { keyName, code } of institutions) codes.set(keyName, [...(codes.get(keyName) ?? []), code]);
  for (const area of [QINGDAO, JINAN]) codes.get(`vendor-clinic-${area}`)?.push(`C${area}99999`); // On the key, but never registered.
  const [anyCode = ''] = institutions.map(({ code }) => code);
  const office = (name: string, organisation: string, right: string): KeyPlan => ({
    name,
    organisation,
    rights: [right],
    institutionCodes: [],
  });
  return [
    office('agency', 'yibao-jingban', 'agency'),
    office('auditor', 'yibao-jijian', 'auditor'),
    office('bankOutlet', 'qingdao-bank-outlet', 'bankOutlet'),
    office('hotline', '12333', 'hotline'),
    ...[...codes].map(([name, institutionCodes]) => ({ name, organisation: name, rights: ['institution'], institutionCodes })),
    { name: 'revoked', organisation: 'revoked', rights: ['institution'], institutionCodes: [anyCode] },
  ];
};

/** The whole sample region and its day. The same seed and scale give the same plan on every machine. */
export const planSample = (scale = 1, seed = SEED): SamplePlan => {
  const institutions = planInstitutions(seed, scale);
  const world = worldOf(institutions);
  const counts = Object.entries(HOLDERS).map(([area, holders]) => [area, Math.max(LEAST[area] ?? 1, Math.round(holders * scale))] as const);
  let from = 1;
  const stories = counts.flatMap(([area, count]) => {
    const told = storiesOf(seed, area, from, { count, world });
    from += count;
    return told;
  });
  return { seed, scale, packs: ['qingdao', 'jinan'], institutions, keys: keysFor(institutions), stories };
};

/** Tells one plan from another: a started sample is only gone on with by the plan that started it. */
export const planHash = (plan: SamplePlan): string => createHash('sha256').update(JSON.stringify(plan)).digest('hex');
