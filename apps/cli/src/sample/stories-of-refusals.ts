import { plainBill } from './bills';
import type { AgreementPlan, InstitutionPlan } from './institutions';
import type { Story } from './step';
import { withMuchMoney } from './stories-of-cards';
import { type Holder, type SwipeChoice, type Teller, Teller as Telling } from './teller';

type Told = (holder: Holder) => Story;

const one = ({ world, poolingArea, random }: Holder, fits: (institution: InstitutionPlan) => boolean): InstitutionPlan =>
  random.pick(world.all.filter((institution) => institution.poolingArea === poolingArea && fits(institution)));
const sound = ({ world, poolingArea, random }: Holder, fits: (institution: InstitutionPlan) => boolean): InstitutionPlan =>
  random.pick(world.sound(poolingArea).filter(fits));
const ofKind =
  (kind: InstitutionPlan['kind']) =>
  (institution: InstitutionPlan): boolean =>
    institution.kind === kind;

/** A sound holder with money, one faulty swipe, and a good one: a refusal leaves the account as it was. */
const faulty =
  (name: string, code: string, fault: (holder: Holder, teller: Teller) => SwipeChoice): Told =>
  (holder) => {
    const teller = withMuchMoney(holder);
    teller.refused(code, fault(holder, teller));
    teller.swipe();
    return teller.told(name);
  };

const withAgreement =
  (agreement: AgreementPlan) =>
  (holder: Holder): SwipeChoice => ({ at: one(holder, (institution) => institution.agreement === agreement) });

const unregistered = (holder: Holder): SwipeChoice => {
  const at = sound(holder, ofKind('clinic'));
  return { at: { ...at, code: `C${holder.poolingArea}99999` }, terminal: { code: 'T1', media: [] } };
};
const strangeCard = { kind: 'socialSecurityCard', number: 'Z99999999' } as const;

/** A card of the other pooling area: settled through the gateway between areas, not here. */
const otherArea: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const at = holder.random.pick(
    holder.world.all.filter(({ poolingArea, agreement }) => poolingArea !== holder.poolingArea && agreement === 'inForce'),
  );
  teller.refused('card-of-another-pooling-area', { at });
  teller.swipe();
  return teller.told('otherArea');
};

const voided: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const at = sound(holder, ofKind('pharmacy'));
  const serial = `S${holder.number}-lost`;
  // The terminal never got an answer and reverses; the swipe itself comes late, and finds its serial taken.
  const reversal = teller.reverse({ at, serial, keyName: at.keyName }, 'keyVoided', { amountFen: 0, accountFen: 0 });
  teller.refused('settlement-key-voided', { at, serial });
  teller.repeatStep(reversal.step);
  teller.swipe({ at });
  return teller.told('voided');
};

const reusedWith =
  (name: string, code: string, changed: (teller: Teller) => Readonly<Record<string, unknown>>): Told =>
  (holder) => {
    const teller = withMuchMoney(holder);
    const bill = plainBill('pharmacyPurchase', 4_200);
    const settled = teller.swipe({ at: sound(holder, ofKind('pharmacy')), bill });
    teller.reused(settled, code, changed(teller));
    return teller.told(name);
  };

/** The same visit and charge batch under a second serial is the same bill. */
const sameVisit: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const at = sound(holder, ofKind('hospital'));
  const first = teller.swipe({ at, category: 'outpatient' });
  teller.refused('already-settled', {
    at,
    category: 'outpatient',
    bill: { ...first.bill, numbers: () => first.bill.numbers(first.serial) },
  });
  return teller.told('sameVisit');
};

const poorAndFull: Told = (holder) => {
  const teller = new Telling(holder)
    .open()
    .card('new', { kind: 'socialSecurity3', state: 'inUse', openingFen: { currentYear: 1_000, priorYear: 0 } });
  teller.refused('balance-insufficient', {
    at: sound(holder, ofKind('pharmacy')),
    bill: plainBill('pharmacyPurchase', 5_000),
    payment: 'full',
  });
  teller.swipe({ at: sound(holder, ofKind('pharmacy')), bill: plainBill('pharmacyPurchase', 900), payment: 'full' });
  return teller.told('poorAndFull');
};

/** An amount under a freeze stays untouched; what is above it pays. */
const amountFrozen: Told = (holder) => {
  const opening = { currentYear: 10_000, priorYear: 0 };
  const teller = new Telling(holder).open().card('new', { kind: 'socialSecurity3', state: 'inUse', openingFen: opening });
  teller.freeze('judicialFreeze', { kind: 'amount', amount: '60.00' }).keepsUntouched(6_000);
  teller.swipe({ at: sound(holder, ofKind('pharmacy')), bill: plainBill('pharmacyPurchase', 7_000) });
  return teller.told('amountFrozen');
};

/** The agency seals the money of a card in use: the card is as good as before, but pays nothing from the account. */
const sealedByAgency: Told = (holder) => {
  const teller = withMuchMoney(holder).cardAct('new', 'seal');
  teller.refused('sub-account-sealed', { card: 'new' });
  return teller.told('sealedByAgency');
};

/** Swipes, cancellations and reversals share one space of serials. */
const serialOfAnotherAct: Told = (holder) => {
  const teller = withMuchMoney(holder);
  const settled = teller.swipe({ at: sound(holder, ofKind('pharmacy')), bill: plainBill('pharmacyPurchase', 3_000) });
  const { serial } = teller.cancel(settled, null, { amountFen: 3_000, accountFen: 3_000 });
  teller.refused('serial-used-for-other-act', { at: settled.at, serial });
  return teller.told('serialOfAnotherAct');
};

const late: Told = (holder) => {
  const teller = withMuchMoney(holder);
  teller.swipe();
  teller.swipe({ late: holder.random.pick(['网络中断', '系统故障', '停电']) });
  return teller.told('late');
};

export const REFUSAL_STORIES: Readonly<Record<string, Told>> = {
  unregistered: faulty('unregistered', 'institution-not-registered', unregistered),
  withoutAgreement: faulty('withoutAgreement', 'agreement-missing', withAgreement('none')),
  agreementExpired: faulty('agreementExpired', 'agreement-missing', withAgreement('expired')),
  agreementSuspended: faulty('agreementSuspended', 'agreement-suspended', withAgreement('suspended')),
  agreementTerminated: faulty('agreementTerminated', 'agreement-terminated', withAgreement('terminated')),
  institutionSucceeded: faulty('institutionSucceeded', 'institution-succeeded', withAgreement('succeeded')),
  institutionClosed: faulty('institutionClosed', 'institution-closed', withAgreement('closed')),
  notOwnCode: faulty('notOwnCode', 'institution-not-own', (holder) => ({
    at: sound(holder, ofKind('hospital')),
    keyName: sound(holder, ofKind('pharmacy')).keyName,
  })),
  revokedKey: faulty('revokedKey', 'key-invalid', () => ({ keyName: 'revoked' })),
  terminalUnknown: faulty('terminalUnknown', 'terminal-unknown', () => ({ terminal: { code: 'NO-SUCH-TERMINAL', media: [] } })),
  terminalRetired: faulty('terminalRetired', 'terminal-unknown', (holder) => {
    const at = sound(holder, ({ retiredTerminal }) => retiredTerminal !== null);
    return { at, terminal: { code: at.retiredTerminal ?? '', media: [] } };
  }),
  stripeOnly: faulty('stripeOnly', 'terminal-cannot-read-credential', (holder) => {
    const at = sound(holder, ({ terminals }) => terminals.length > 2);
    return { at, ...(at.terminals[2] && { terminal: at.terminals[2] }) };
  }),
  operatorBarred: faulty('operatorBarred', 'operator-barred', (holder) => {
    const at = sound(holder, ({ barredOperator }) => barredOperator !== null);
    return { at, operatorCode: at.barredOperator ?? '' };
  }),
  otherArea,
  cardUnknown: faulty('cardUnknown', 'card-unknown', () => ({ credential: strangeCard })),
  categoryElsewhere: faulty('categoryElsewhere', 'category-not-at-this-institution', (holder) => ({
    at: sound(holder, ofKind('pharmacy')),
    category: 'inpatient',
  })),
  serviceNotAgreed: faulty('serviceNotAgreed', 'service-not-in-agreement', (holder) => ({
    at: sound(holder, ({ kind, services }) => kind === 'hospital' && !services.includes('inpatient')),
    category: 'inpatient',
  })),
  categoryNotPayable: faulty('categoryNotPayable', 'category-not-payable-by-account', (holder) => ({
    at: sound(holder, ofKind('hospital')),
    category: 'physicalExamination',
  })),
  wrongCheck: faulty('wrongCheck', 'holder-check-not-accepted', (holder) => ({
    at: sound(holder, ({ identityCheckEquipped }) => identityCheckEquipped),
    check: 'password',
  })),
  insuranceDiffers: faulty('insuranceDiffers', 'insurance-type-differs', () => ({ insuranceType: 'resident' })),
  stale: faulty('stale', 'occurred-outside-online-window', () => ({ occurredAt: '{now-600}' })),
  ahead: faulty('ahead', 'occurred-outside-online-window', () => ({ occurredAt: '{now+600}' })),
  lateAhead: faulty('lateAhead', 'occurred-in-the-future', () => ({ late: '网络中断', occurredAt: '{now+600}' })),
  lateWithoutReason: faulty('lateWithoutReason', 'late-reason-missing', () => ({ late: null })),
  fundBeyondTotal: faulty('fundBeyondTotal', 'fund-paid-beyond-total', (holder) => ({
    at: sound(holder, ofKind('hospital')),
    bill: { ...plainBill('outpatient', 5_000), fundFen: 5_001, eligibleFen: 0 },
  })),
  eligibleBeyondOwnPart: faulty('eligibleBeyondOwnPart', 'eligible-beyond-own-part', (holder) => ({
    at: sound(holder, ofKind('hospital')),
    bill: { ...plainBill('outpatient', 5_000), fundFen: 1_000, eligibleFen: 4_001 },
  })),
  formBroken: faulty('formBroken', 'field-malformed', () => ({ more: { totalFee: '12.345' } })),
  formUnknownField: faulty('formUnknownField', 'field-unknown', () => ({ more: { totalfee: '1.00' } })),
  poorAndFull,
  amountFrozen,
  late,
  voided,
  sameVisit,
  otherAmount: reusedWith('otherAmount', 'settlement-exists-with-different-amount', () => ({
    totalFee: '42.01',
    accountEligible: '42.00',
  })),
  otherCard: reusedWith('otherCard', 'settlement-exists-with-different-card', (teller) => ({
    credential: { kind: 'eCredential', number: teller.holder.person.identityNumber },
  })),
  otherFundPart: reusedWith('otherFundPart', 'settlement-exists-with-different-fund-part', () => ({ fundPaid: '0.01' })),
  otherEligible: reusedWith('otherEligible', 'settlement-exists-with-different-eligible', () => ({ accountEligible: '41.99' })),
  otherCategory: reusedWith('otherCategory', 'settlement-exists-with-different-category', () => ({ medicalCategory: 'outpatient' })),
  sealedByAgency,
  serialOfAnotherAct,
  otherPayment: reusedWith('otherPayment', 'settlement-exists-with-different-payment', () => ({ payment: 'none' })),
};
