import { identityNumberFor } from '#libs/kernel';

/**
 * Requests that run against the sample region, one file, so that a test can send what the documents show. What must be of the moment or
 * never used before is filled in by `runnable`: an online entry must lie within minutes of the clock, a number is used up by its first use.
 */
export const SAMPLE = {
  poolingArea: '370200',
  institutionCode: 'P37020000001',
  operatorCode: 'P37020000001-OP1',
  terminalCode: 'P37020000001-T1',
  credential: { kind: 'socialSecurityCard', number: 'B11807229' },
} as const;

const AT = '2026-11-22T10:00:00+08:00';

export const swipe = {
  institutionCode: SAMPLE.institutionCode,
  serial: 'DOC-0001',
  occurredAt: AT,
  credential: SAMPLE.credential,
  insuranceType: 'employee',
  medicalCategory: 'pharmacyPurchase',
  totalFee: '58.60',
  fundPaid: '0.00',
  accountEligible: '58.60',
  payment: 'upToBalance',
  holderCheck: { method: 'passwordNotUsed' },
  operatorCode: SAMPLE.operatorCode,
  terminalCode: SAMPLE.terminalCode,
  lines: [
    {
      lineNo: 1,
      code: 'XA10BAE048A001010100001',
      name: '盐酸二甲双胍片',
      quantity: '2',
      price: '29.30',
      amount: '58.60',
      traceCodes: ['81234567890123456789'],
    },
  ],
};
export const cancellation = { serial: 'DOC-0002', reason: 'returnGoods', amount: '29.30' };
export const reversal = { serial: 'DOC-0003', note: '超时未收到应答' };
export const balance = { institutionCode: SAMPLE.institutionCode, credential: SAMPLE.credential };
export const account = {
  reference: 'DOC-ACC-0001',
  poolingArea: SAMPLE.poolingArea,
  insuranceType: 'employee',
  person: { identityKind: '01', identityNumber: '11010519491231002X', name: '张三' },
};
export const credit = { reference: 'DOC-CR-0001', source: 'contribution', period: '2026-11', amount: '320.00' };
export const card = { reference: 'DOC-CARD-0001', cardNumber: 'DOC000001', kind: 'socialSecurity3', state: 'inUse' };
export const freeze = {
  reference: 'DOC-FRZ-0001',
  scope: { kind: 'amount', amount: '100.00' },
  cause: 'judicialFreeze',
  legalDocument: '（2026）鲁02执1234号',
};
export const institution = {
  reference: 'DOC-INS-0001',
  name: '示例大药房',
  kind: 'pharmacy',
  poolingArea: SAMPLE.poolingArea,
  identityCheckEquipped: true,
};
export const institutionAct = { reference: 'DOC-INS-0002', act: 'registerTerminal', terminalCode: 'T02', media: ['contactChip', 'qr'] };

export const cardApplication = {
  reference: 'DOC-APP-0001',
  poolingArea: SAMPLE.poolingArea,
  person: { identityKind: '01', identityNumber: account.person.identityNumber, name: account.person.name },
  kind: 'firstIssue',
  cardKind: 'socialSecurity3',
  outletCode: 'B0101',
  bankCode: '102',
  photoReference: 'PHOTO-0001',
  pickUpPlace: '香港中路网点',
  signedBy: { signer: 'holder', holderCheck: 'CHECK-0001' },
};
export const voucher = {
  reference: 'DOC-VCH-0001',
  outletCode: 'B0101',
  about: { stream: 'medicalAccount-8f14e45f-ceea-467f-ae0b-5a3f2b1d9c11', revision: 3 },
  signedBy: { signer: 'proxy', relation: 'child', proxyCheck: 'CHECK-0002', holderCheck: 'CHECK-0003' },
};
export const notice = {
  reference: 'DOC-NOT-0001',
  business: 'lossReport',
  outletCode: 'B0101',
  poolingArea: SAMPLE.poolingArea,
  reasons: [{ code: 'identity-document-wrong-or-missing' }],
};

const oneLine = (of: object): string => `${JSON.stringify(of)}\n`;
export const batch = oneLine({ ...swipe, serial: 'DOC-0004' }) + oneLine({ ...swipe, serial: 'DOC-0005' });
/** What two lines may come back as: the first settled, the second too long to be read. */
export const batchAnswer =
  oneLine({
    line: 1,
    status: 201,
    result: { institutionCode: SAMPLE.institutionCode, serial: 'DOC-0004', cashPayment: '0.00', replayed: false },
  }) + oneLine({ line: 2, status: 413, problem: { type: '/problems/line-too-long', status: 413, code: 'line-too-long' } });

const creditLine = { source: 'contribution', period: '2026-03', poolingArea: SAMPLE.poolingArea, amount: '120.00' };
export const creditBatch =
  oneLine({ reference: 'DOC-CRD-0002', ...creditLine, credential: { kind: 'socialSecurityCard', number: SAMPLE.credential.number } }) +
  oneLine({ reference: 'DOC-CRD-0003', ...creditLine, accountId: 'no-such-account' });
/** What two lines may come back as: the first credited, the second of an account that nobody has. */
export const creditBatchAnswer =
  oneLine({
    line: 1,
    status: 201,
    result: { reference: 'DOC-CRD-0002', source: 'contribution', period: '2026-03', amount: '120.00', replayed: false },
  }) + oneLine({ line: 2, status: 404, problem: { type: '/problems/account-not-found', status: 404, code: 'account-not-found' } });

const inBatch = { ...cardApplication, applicant: 'employer', batchNo: '2026-07' };
export const cardApplicationBatch =
  oneLine({ ...inBatch, reference: 'DOC-APP-0002' }) + oneLine({ ...inBatch, reference: 'DOC-APP-0003', photoReference: null });
/** What two lines may come back as: the first accepted, the second refused for its photo. */
export const cardApplicationBatchAnswer =
  oneLine({ line: 1, status: 201, result: { stage: 'accepted', dueOn: '2026-04-02', vouchers: ['B0101-2026-000001'], replayed: false } }) +
  oneLine({ line: 2, status: 422, problem: { type: '/problems/photo-missing', status: 422, code: 'photo-missing' } });
export const enablementBatch =
  oneLine({ reference: 'DOC-ENA-0001', cardNumber: SAMPLE.credential.number, financialAreaActivated: false }) +
  oneLine({ reference: 'DOC-ENA-0002', accountId: 'no-such-account', cardId: 'no-such-card', financialAreaActivated: false });
/** What two lines may come back as: the first card works already, the second is on an account that nobody has. */
export const enablementBatchAnswer =
  oneLine({ line: 1, status: 422, problem: { type: '/problems/card-in-use-already', status: 422, code: 'card-in-use-already' } }) +
  oneLine({ line: 2, status: 404, problem: { type: '/problems/account-not-found', status: 404, code: 'account-not-found' } });
export const disposalBatch =
  oneLine({ reference: 'DOC-DSP-0001', act: 'collect', place: 'B0101', cardNumber: SAMPLE.credential.number }) +
  oneLine({ reference: 'DOC-DSP-0002', act: 'destroy', place: 'PROTOCOL-7', accountId: 'no-such-account', cardId: 'no-such-card' });
/** What two lines may come back as: the first card still works, the second is on an account that nobody has. */
export const disposalBatchAnswer =
  oneLine({ line: 1, status: 422, problem: { type: '/problems/card-not-out-of-use', status: 422, code: 'card-not-out-of-use' } }) +
  oneLine({ line: 2, status: 404, problem: { type: '/problems/account-not-found', status: 404, code: 'account-not-found' } });

/** The example as it can be sent at this moment and under a serial of its own. */
export const runnable = <E extends object>(example: E, nowIso: string, serial: string): E => ({
  ...example,
  ...('occurredAt' in example ? { occurredAt: nowIso } : {}),
  ...('serial' in example ? { serial } : {}),
});

const BIRTHDAYS = 14_000; // 38 years of them, 499 boys each: somebody else in every millisecond.
const DAY_MS = 86_400_000;
const FIRST_BIRTHDAY_MS = Date.parse('1950-01-01T00:00:00Z');

/**
 * A text of the documents (an example, or many of them) as it runs when it is read: instants are `nowMs`, and every number that its first
 * use uses up carries that time. The same time gives the same text.
 */
export const momentary = (text: string, nowMs: number): string => {
  const now = new Date(nowMs).toISOString();
  const stamp = nowMs.toString(36).toUpperCase();
  const born = new Date(FIRST_BIRTHDAY_MS + (nowMs % BIRTHDAYS) * DAY_MS).toISOString().slice(0, 10);
  const sequence = String((Math.floor(nowMs / BIRTHDAYS) % 499) * 2 + 1).padStart(3, '0');
  return text
    .replaceAll(AT, now)
    .replaceAll(/\bDOC-((?:[A-Z]+-)?\d{4})\b/g, `DOC-${stamp}-$1`)
    .replaceAll(card.cardNumber, `DOC${stamp}`)
    .replaceAll(account.person.identityNumber, identityNumberFor('110105', born, sequence))
    .replaceAll(`"${institutionAct.terminalCode}"`, `"T-${stamp}"`);
};
