import { fen, formatYuan } from '#libs/kernel';
import type { InstitutionPlan } from './institutions';
import type { Random } from './random';
import type { MedicalCategory } from './words';

export type BillLinePlan = Readonly<{
  lineNo: number;
  code: string;
  name: string;
  quantity: string;
  price: string;
  amount: string;
  traceCodes: readonly string[];
}>;
/** What is to be paid: total = fund + account + cash, the account at most `eligibleFen`. */
export type BillPlan = Readonly<{
  category: MedicalCategory;
  totalFen: number;
  fundFen: number;
  eligibleFen: number;
  lines: readonly BillLinePlan[];
  /** Visit, charge batch and invoice numbers that stand on this bill. */
  numbers: (serial: string) => Readonly<Record<string, string>>;
}>;

const MEDICINES: readonly (readonly [code: string, name: string, priceFen: number])[] = [
  ['XC07ABM047A001010100001', '酒石酸美托洛尔片', 1_280],
  ['XA10BAE044A001010100002', '盐酸二甲双胍片', 1_960],
  ['XJ01CAA040E001010100003', '阿莫西林胶囊', 1_430],
  ['XC08CAB033A001010100004', '苯磺酸氨氯地平片', 2_350],
  ['ZA01AAF0145010100005', '风寒感冒颗粒', 1_850],
  ['XC10AAA102A001010100006', '阿托伐他汀钙片', 4_620],
  ['ZA04ADL0226010100007', '连花清瘟胶囊', 1_480],
  ['XM01AEB182E002010100008', '布洛芬缓释胶囊', 2_190],
];
const NO_NUMBERS = (): Readonly<Record<string, string>> => ({});

const medicineLines = (random: Random, count: number): readonly (BillLinePlan & { amountFen: number })[] =>
  Array.from({ length: count }, (_, i) => {
    const [code, name, priceFen] = random.pick(MEDICINES);
    const pieces = random.between(1, 3);
    const amountFen = priceFen * pieces;
    return {
      lineNo: i + 1,
      code,
      name,
      quantity: String(pieces),
      price: formatYuan(fen<'medical'>(priceFen)),
      amount: formatYuan(fen<'medical'>(amountFen)),
      traceCodes: Array.from(
        { length: pieces },
        () => `8${String(random.below(10_000_000)).padStart(7, '0')}${String(random.below(1_000_000_000)).padStart(12, '0')}`,
      ),
      amountFen,
    };
  });

/** A pharmacy sells medicine: everything on the bill is the holder's own, and the account may pay all of it. */
export const purchase = (random: Random): BillPlan => {
  const lines = medicineLines(random, random.between(1, 4));
  const totalFen = lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return {
    category: 'pharmacyPurchase',
    totalFen,
    fundFen: 0,
    eligibleFen: totalFen,
    lines: lines.map(({ amountFen: _, ...line }) => line),
    numbers: NO_NUMBERS,
  };
};

/** A visit: the pooled fund pays a part, and some of the rest lies outside what the account may pay. */
export const visit = (random: Random, category: MedicalCategory, [leastFen, mostFen]: readonly [number, number]): BillPlan => {
  const totalFen = random.between(leastFen, mostFen);
  const fundFen = category === 'registration' ? 0 : Math.floor((totalFen * random.between(20, 60)) / 100);
  const outsideFen = random.chance(0.15) ? Math.floor(((totalFen - fundFen) * random.between(5, 30)) / 100) : 0;
  return {
    category,
    totalFen,
    fundFen,
    eligibleFen: totalFen - fundFen - outsideFen,
    lines: [],
    numbers: (serial) => ({ visitNo: `V${serial}`, chargeBatchNo: '1', invoiceNo: `I${serial}` }),
  };
};

const AT_A_HOSPITAL: readonly (readonly [MedicalCategory, number, number])[] = [
  ['outpatient', 3_000, 60_000],
  ['outpatient', 3_000, 60_000],
  ['outpatient', 3_000, 60_000],
  ['registration', 500, 5_000],
  ['designatedDisease', 8_000, 90_000],
  ['emergency', 8_000, 120_000],
  ['inpatient', 150_000, 1_200_000],
];

/** A bill as this kind of institution writes it. */
export const billOf = (random: Random, { kind, services }: InstitutionPlan, wanted?: MedicalCategory): BillPlan => {
  if (kind === 'pharmacy') return purchase(random);
  const offered = AT_A_HOSPITAL.filter(([category]) => category !== 'inpatient' || services.includes('inpatient'));
  const [category, leastFen, mostFen] = kind === 'hospital' ? random.pick(offered) : (['outpatient', 1_200, 18_000] as const);
  return visit(random, wanted ?? category, [leastFen, mostFen]);
};

/** A bill of one round amount that the account may pay in full. */
export const plainBill = (category: MedicalCategory, totalFen: number): BillPlan => ({
  category,
  totalFen,
  fundFen: 0,
  eligibleFen: totalFen,
  lines: [],
  numbers: NO_NUMBERS,
});
