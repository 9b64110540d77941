import { type Random, randomOf } from './random';
import type { CardMedium, InstitutionKind } from './words';

export type AgreementPlan = 'inForce' | 'suspended' | 'terminated' | 'expired' | 'none' | 'closed' | 'succeeded';
export type TerminalPlan = Readonly<{ code: string; media: readonly CardMedium[] }>;
export type InstitutionPlan = Readonly<{
  code: string;
  name: string;
  kind: InstitutionKind;
  poolingArea: string;
  identityCheckEquipped: boolean;
  agreement: AgreementPlan;
  services: readonly string[];
  terminals: readonly TerminalPlan[];
  /** A terminal that was taken out of use, null when there is none. */
  retiredTerminal: string | null;
  /** An operator whose qualification is suspended. */
  barredOperator: string | null;
  /** Who took it over, when somebody did. */
  succeededBy: string | null;
  /** Which access key posts for it: hospitals have their own, chains and software vendors hold one for many. */
  keyName: string;
}>;

export const QINGDAO = '370200';
export const JINAN = '370100';
const CITY: Readonly<Record<string, Readonly<{ name: string; districts: readonly string[] }>>> = {
  [QINGDAO]: { name: '青岛', districts: ['市南', '市北', '李沧', '崂山', '城阳', '黄岛', '即墨', '胶州', '平度', '莱西'] },
  [JINAN]: { name: '济南', districts: ['历下', '市中', '槐荫', '天桥', '历城', '长清'] },
};

/** How many of each kind; a small sample keeps the shape of the large one. */
const COUNTS: Readonly<Record<string, Readonly<Record<InstitutionKind, number>>>> = {
  [QINGDAO]: { hospital: 45, clinic: 50, communityHealthInstitution: 35, villageClinic: 25, pharmacy: 155 },
  [JINAN]: { hospital: 15, clinic: 14, communityHealthInstitution: 10, villageClinic: 6, pharmacy: 45 },
};
const LEAST = 10; // Below this a kind could not have one of each kind of agreement, and some that are sound.

const LETTER: Readonly<Record<InstitutionKind, string>> = {
  hospital: 'H',
  clinic: 'C',
  communityHealthInstitution: 'S',
  villageClinic: 'V',
  pharmacy: 'P',
};
const SUFFIX: Readonly<Record<InstitutionKind, string>> = {
  hospital: '医院',
  clinic: '诊所',
  communityHealthInstitution: '社区卫生服务中心',
  villageClinic: '村卫生室',
  pharmacy: '大药房',
};
const WORDS = [
  '安和',
  '康宁',
  '仁济',
  '同德',
  '百草',
  '长青',
  '永春',
  '海晏',
  '惠民',
  '福寿',
  '和顺',
  '明德',
  '益生',
  '保元',
  '正阳',
  '松鹤',
];
/** What the agreement covers. Designated diseases are agreed with hospitals and community institutions only. */
const SERVICES: Readonly<Record<InstitutionKind, readonly string[]>> = {
  hospital: ['outpatient', 'emergency', 'inpatient', 'designatedDisease', 'maternity', 'physicalExamination'],
  clinic: ['outpatient'],
  communityHealthInstitution: ['outpatient', 'designatedDisease'],
  villageClinic: ['outpatient'],
  pharmacy: ['pharmacy'],
};

export const ALL_MEDIA: readonly CardMedium[] = ['stripe', 'memory', 'contactChip', 'contactless', 'qr'];
const CHIP_ONLY: readonly CardMedium[] = ['contactChip', 'contactless', 'qr'];
const STRIPE_ONLY: readonly CardMedium[] = ['stripe'];

const WITH_SOMETHING: Readonly<Record<number, AgreementPlan>> = {
  2: 'suspended',
  3: 'terminated',
  4: 'expired',
  5: 'none',
  6: 'closed',
  8: 'succeeded',
};
/** Some of each kind have something wrong; number 1 is always sound. */
const agreementOf = (number: number): AgreementPlan => WITH_SOMETHING[number] ?? 'inForce';

const CHAINS = 12;
const keyNameOf = (kind: InstitutionKind, poolingArea: string, number: number): string => {
  if (kind === 'hospital') return `hospital-${poolingArea}-${number}`;
  return kind === 'pharmacy' ? `chain-${poolingArea}-${number % CHAINS}` : `vendor-${kind}-${poolingArea}`;
};

const institution = (random: Random, kind: InstitutionKind, poolingArea: string, number: number): InstitutionPlan => {
  const code = `${LETTER[kind]}${poolingArea}${String(number).padStart(5, '0')}`;
  const city = CITY[poolingArea];
  if (city === undefined) throw new Error(`no city ${poolingArea}`);
  return {
    code,
    name: `${city.name}${random.pick(city.districts)}${random.pick(WORDS)}${SUFFIX[kind]}${number}`,
    kind,
    poolingArea,
    identityCheckEquipped: kind === 'hospital' && number % 2 === 1,
    agreement: agreementOf(number),
    services: number % 7 === 0 ? SERVICES[kind].filter((service) => service !== 'inpatient') : SERVICES[kind],
    terminals: [
      { code: `${code}-T1`, media: ALL_MEDIA },
      { code: `${code}-T2`, media: kind === 'hospital' ? ALL_MEDIA : CHIP_ONLY },
      ...(number % 3 === 1 ? [{ code: `${code}-T3`, media: STRIPE_ONLY }] : []),
    ],
    retiredTerminal: number % 5 === 1 ? `${code}-T9` : null,
    barredOperator: number % 4 === 1 ? `${code}-OP9` : null,
    succeededBy: agreementOf(number) === 'succeeded' ? `${LETTER[kind]}${poolingArea}00001` : null,
    keyName: keyNameOf(kind, poolingArea, number),
  };
};

/** All institutions of both pooling areas: 60 hospitals, 140 clinics, community institutions and village clinics, 200 pharmacies. */
export const planInstitutions = (seed: string, scale: number): readonly InstitutionPlan[] =>
  Object.entries(COUNTS).flatMap(([poolingArea, kinds]) =>
    (Object.entries(kinds) as [InstitutionKind, number][]).flatMap(([kind, count]) => {
      const random = randomOf(`${seed}/institutions/${poolingArea}/${kind}`);
      const scaled = scale >= 1 ? count : Math.min(count, Math.max(LEAST, Math.ceil(count * scale)));
      return Array.from({ length: scaled }, (_, i) => institution(random, kind, poolingArea, i + 1));
    }),
  );
