import { formatYuan } from '#libs/kernel';
import type { MedicalFen } from '#libs/medical-account';

/**
 * Money leaves as yuan text under its plain name, at every depth: `cashPaymentFen: 1000` becomes `cashPayment: "10.00"`, and all numbers
 * of an object under a name ending in `Fen` are fen.
 */
export const inYuan = (value: unknown, isFen = false): unknown => {
  if (typeof value === 'number' && isFen) return formatYuan(value as MedicalFen);
  if (Array.isArray(value)) return value.map((item: unknown) => inYuan(item, isFen));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name.replace(/Fen$/, ''),
      inYuan(inner, name.endsWith('Fen') || (isFen && typeof inner === 'number')),
    ]),
  );
};

export const yuanOf = (amountFen: number): string => formatYuan(amountFen as MedicalFen);
