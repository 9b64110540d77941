import type { SwipeOrder } from '#libs/application';
import { identityNumberFor } from '#libs/kernel';
import { medicalFen } from '#libs/medical-account';
import { OPERATOR_CODE, TERMINAL_CODE, type Till } from './region';

/** The card of the n-th holder, always of ten characters. */
export const cardNumberOf = (n: number): string => `C${100_000_000 + n}`;

const FIRST_BIRTH_MS = Date.UTC(1940, 0, 1);
const DAY_MS = 86_400_000;
/** An invented identity number, another for every n below twenty million. */
export const identityNumberOf = (n: number): string => {
  const birthDate = new Date(FIRST_BIRTH_MS + Math.floor(n / 999) * DAY_MS).toISOString().slice(0, 10);
  return identityNumberFor('370202', birthDate, String(1 + (n % 999)).padStart(3, '0'));
};

/** What makes the serials of one run different from those of all others; eight characters. */
export const runPrefix = (): string => Date.now().toString(36).padStart(8, '0').slice(-8).toUpperCase();

/** A serial as institutions write them, of 24 characters: run and connection, and a running number. */
export const serialOf = (prefix: string, lane: number, n: number): string =>
  `${prefix}-${String(lane).padStart(4, '0')}-${String(n).padStart(10, '0')}`;

/** A swipe as the door hands it to the engine: medicine at a pharmacy, a visit at a hospital. Units: fen. */
export const swipeOrder = (till: Till, serial: string, cardNumber: string, totalFen: number): SwipeOrder => ({
  institutionCode: till.institutionCode,
  serial,
  entry: 'online',
  lateReason: null,
  approval: null,
  occurredAt: new Date().toISOString(),
  credential: { kind: 'socialSecurityCard', number: cardNumber },
  insuranceType: 'employee',
  medicalCategory: till.kind === 'pharmacy' ? 'pharmacyPurchase' : 'outpatient',
  visitNo: null,
  chargeBatchNo: null,
  invoiceNo: null,
  totalFeeFen: medicalFen(totalFen),
  fundPaidFen: medicalFen(0),
  accountEligibleFen: medicalFen(totalFen),
  payment: 'upToBalance',
  holderCheck: { method: 'password', reference: null },
  operatorCode: OPERATOR_CODE,
  terminalCode: TERMINAL_CODE,
  replacesSerial: null,
  lines: [],
});
