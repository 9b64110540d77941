import { PHARMACY } from '../crash/region';

/** A swipe of one yuan at the pharmacy of the region. */
export const swipeOf = (cardNumber: string, serial: string): object => ({
  institutionCode: PHARMACY,
  serial,
  occurredAt: new Date().toISOString(),
  credential: { kind: 'socialSecurityCard', number: cardNumber },
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  totalFee: '1.00',
  fundPaid: '0',
  accountEligible: '1.00',
  holderCheck: { method: 'password' },
  operatorCode: 'O1',
  terminalCode: 'T1',
});
