import { type Recorded, STATE_COUNCIL_2026 } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import {
  type CardServiceTerms,
  dueDateOf,
  type GiveNotice,
  type IssueVoucher,
  type PaperEvent,
  paper,
  type VoucherIssued,
  voucherNumber,
  vouchers,
} from './index';

const T0 = '2026-03-02T02:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z';

describe('vouchers: the register of an outlet and year', () => {
  const { given } = deciderSpec(vouchers);
  const DATA: IssueVoucher['data'] = {
    key: 'K',
    commandHash: 'h',
    outletCode: 'B0101',
    year: 2026,
    accountId: 'a1',
    about: { stream: 'cardApplication-ap1', revision: 0, type: 'CardApplicationAccepted.v1' },
    signer: 'holder',
    relation: null,
    proxyCheck: null,
    holderCheck: null,
  };
  const issue = (over: Partial<IssueVoucher['data']> = {}): IssueVoucher => ({ type: 'IssueVoucher', data: { ...DATA, ...over } });
  const issued = (number: number, key = 'K', decidedAt = NOW): VoucherIssued => ({
    type: 'VoucherIssued.v1',
    decidedAt,
    data: { ...DATA, key, number },
  });
  it('begins with 1 and leaves no number out', () => {
    given().when(issue(), { decidedAt: NOW }).thenRecords(issued(1));
    given(issued(1, 'A', T0), issued(2, 'B', T0))
      .when(issue(), { decidedAt: NOW })
      .thenRecords(issued(3));
  });
  it('a number left out or given twice is damage', () => {
    const fold = (...events: VoucherIssued[]) => recordedFrom(0)(events).reduce(vouchers.evolve, vouchers.initialState());
    expect(() => fold(issued(1), issued(3))).toThrow('voucher 3 at revision 1');
    expect(() => fold(issued(1), issued(1))).toThrow('voucher 1 at revision 1');
    expect(vouchers.isClosing(issued(1))).toBe(true);
  });
  it('belongs to the year in Asia/Shanghai in which it is issued', () => {
    const midnight = '2026-12-31T16:00:00.000Z';
    given().when(issue(), { decidedAt: midnight }).thenRefuses({ code: 'voucher-of-another-year', year: 2026 });
    const last = '2026-12-31T15:59:59.999Z';
    given()
      .when(issue(), { decidedAt: last })
      .thenRecords(issued(1, 'K', last));
    given()
      .when(issue({ year: 2027 }), { decidedAt: midnight })
      .thenRecords({ type: 'VoucherIssued.v1', decidedAt: midnight, data: { ...DATA, year: 2027, number: 1 } });
  });
  it('a repeat gets the voucher that it got, and no second number', () => {
    const earlier = recordedFrom(0)([issued(1, 'K', T0)])[0] as Recorded<VoucherIssued>;
    given(issued(1, 'K', T0), issued(2, 'B', T0))
      .when(issue(), { decidedAt: NOW, earlier })
      .thenReplays(earlier);
    given(issued(1, 'K', T0))
      .when(issue({ commandHash: 'x', signer: 'proxy', relation: 'child' }), { decidedAt: NOW, earlier })
      .thenRefuses({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs: ['signer', 'relation'] });
  });
  it('an event has one voucher: whoever asks for another hears its number', () => {
    const ofEvent = recordedFrom(0)([issued(1, 'A', T0)])[0] as Recorded<VoucherIssued>;
    given(issued(1, 'A', T0))
      .when(issue(), { decidedAt: NOW, earlier: null, ofEvent })
      .thenRefuses({ code: 'voucher-issued-already', voucherNo: 'B0101-2026-000001' });
    given(issued(1, 'A', T0))
      .when(issue({ key: 'A' }), { decidedAt: NOW, earlier: ofEvent, ofEvent })
      .thenReplays(ofEvent);
  });
  it('is written with six places', () => expect(voucherNumber({ outletCode: 'B0101', year: 2026, number: 42 })).toBe('B0101-2026-000042'));
});

describe('papers: notices, signed copies and prints', () => {
  const { given } = deciderSpec(paper);
  const facts = { decidedAt: NOW };
  const NOTICE = {
    key: 'K',
    commandHash: 'h',
    document: 'n1',
    business: 'cardApplication',
    outletCode: 'B0101',
    accountId: null,
    applicationId: null,
    reasons: [{ code: 'photo-missing', detail: null }],
  } as const;
  const term = { days: 30, unit: 'workingDays' } as const;
  const telephones = { enquiryTelephone: '12333', complaintTelephone: '12345' };
  const give = (over: Partial<GiveNotice['data']> = {}): GiveNotice => ({
    type: 'GiveNotice',
    data: { ...NOTICE, term, telephones, ...over },
  });
  const given1 = (decidedAt = NOW): PaperEvent => ({
    type: 'OneTimeNoticeGiven.v1',
    decidedAt,
    data: { ...NOTICE, termDays: 30, termUnit: 'workingDays', ...telephones },
  });
  const filed = (decidedAt = NOW, key = 'K'): PaperEvent => ({
    type: 'SignedCopyFiled.v1',
    decidedAt,
    data: { key, commandHash: 'h', document: 'v1', signedCopy: 'scan-7' },
  });
  const file = (over: object = {}) =>
    ({ type: 'FileSignedCopy', data: { key: 'K', commandHash: 'h', document: 'v1', signedCopy: 'scan-7', ...over } }) as const;
  const printed = (number: number): PaperEvent => ({ type: 'DocumentPrinted.v1', decidedAt: NOW, data: { document: 'v1', number } });
  const print = { type: 'CountPrint', data: { key: 'P', document: 'v1' } } as const;

  it('a notice is given with its term and telephones, or without where the city names none', () => {
    given().when(give(), facts).thenRecords(given1());
    given()
      .when(give({ term: null, telephones: null }), facts)
      .thenRecords({
        type: 'OneTimeNoticeGiven.v1',
        decidedAt: NOW,
        data: { ...NOTICE, termDays: null, termUnit: null, enquiryTelephone: null, complaintTelephone: null },
      });
  });
  it('a notice has a reason, and is given once under its number', () => {
    given()
      .when(give({ reasons: [] }), facts)
      .thenRefuses({ code: 'notice-without-reason' });
    const first = recordedFrom(0)([given1(T0)])[0] as Recorded<PaperEvent>;
    given(given1(T0)).when(give(), facts).thenReplays(first);
    given(given1(T0))
      .when(give({ commandHash: 'x', business: 'lossReport' }), facts)
      .thenRefuses({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs: ['business'] });
  });
  it('the signed copy is filed once', () => {
    given().when(file(), facts).thenRecords(filed());
    const first = recordedFrom(0)([filed(T0)])[0] as Recorded<PaperEvent>;
    given(filed(T0)).when(file(), facts).thenReplays(first);
    given(filed(T0, 'A')).when(file(), facts).thenRefuses({ code: 'signed-copy-already-filed', firstAt: T0 });
    given(filed(T0))
      .when(file({ commandHash: 'x', signedCopy: 'scan-8' }), facts)
      .thenRefuses({ code: 'card-service-key-used-with-other-content', firstAt: T0, differs: ['signedCopy'] });
  });
  it('every print is counted: the first is the original', () => {
    given().when(print, facts).thenRecords(printed(1));
    given(printed(1), filed(T0), printed(2)).when(print, facts).thenRecords(printed(3));
  });
});

describe('terms: the day on which a card is due', () => {
  const TERMS: CardServiceTerms = {
    packId: 'qingdao@2',
    firstIssue: { days: 30, unit: 'workingDays' },
    approved: { days: 60, unit: 'calendarDays' },
    replacement: { days: 7, unit: 'workingDays' },
    exchange: { days: 7, unit: 'workingDays' },
    enquiryTelephone: '12333',
    complaintTelephone: '12345',
    employerHandOutDays: 10,
    withoutPhotoBelowAge: 16,
    calendar: STATE_COUNCIL_2026,
  };
  const asked = { kind: 'firstIssue', approved: false, onTheSpot: false } as const;
  // Friday 13 February 2026 at noon: Saturday the 14th is worked, then Spring Festival to the 23rd; Saturday the 28th is worked.
  const at = '2026-02-13T04:00:00.000Z';
  it.each([
    [{}, '2026-04-02'],
    [{ kind: 'replacement' }, '2026-03-02'],
    [{ kind: 'exchange' }, '2026-03-02'],
    [{ approved: true }, '2026-04-14'],
    [{ onTheSpot: true }, '2026-02-13'],
    [{ kind: 'temporary' }, '2026-02-13'],
  ] as const)('%j: %s', (over, on) => expect(dueDateOf({ ...asked, ...over }, at, TERMS)).toStrictEqual({ on, isProvisional: false }));
  it('counts from the day in Asia/Shanghai', () => {
    expect(dueDateOf({ ...asked, kind: 'replacement' }, '2026-02-12T16:00:00.000Z', TERMS).on).toBe('2026-03-02');
    expect(dueDateOf({ ...asked, kind: 'replacement' }, '2026-02-12T15:59:59.999Z', TERMS).on).toBe('2026-02-28');
  });
  it('a city without a longer term for approvals keeps the ordinary one', () => {
    expect(dueDateOf({ ...asked, approved: true }, at, { ...TERMS, approved: null }).on).toBe('2026-04-02');
  });
  it('a year that the city adds is counted by its holidays', () => {
    const late = '2026-12-30T04:00:00.000Z';
    const quick = { ...asked, kind: 'replacement' } as const;
    expect(dueDateOf(quick, late, TERMS)).toStrictEqual({ on: '2027-01-11', isProvisional: true });
    const calendar = [
      ...STATE_COUNCIL_2026,
      { year: 2027, source: '—', off: [['2027-01-01', '2027-01-03']], working: ['2027-01-09'] } as const,
    ];
    expect(dueDateOf(quick, late, { ...TERMS, calendar })).toStrictEqual({ on: '2027-01-09', isProvisional: false });
  });
});
