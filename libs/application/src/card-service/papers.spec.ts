import {
  codesOf,
  done,
  openAccount,
  QINGDAO,
  type TestEngine,
  testEngine,
  tracingOf,
  withRegion,
} from '../../../../test/support/engine-fixture';

const bank = tracingOf('bank', 'bank-1');
const SIGNED = { signer: 'proxy', relation: 'child', proxyCheck: 'check-8', holderCheck: 'check-7' } as const;

describe('papers of card business', () => {
  let made: TestEngine;
  let stream = '';
  beforeAll(async () => {
    made = await withRegion(await testEngine({ at: '2026-12-31T15:00:00.000Z' }));
    stream = `medicalAccount-${(await openAccount(made)).accountId}`;
  });
  afterAll(() => made.close());
  const service = () => made.engine.cardService;
  const orderOf = (reference: string, outletCode = 'B7') => ({ reference, outletCode, about: { stream, revision: 0 }, signedBy: SIGNED });
  const issue = (reference: string, outletCode?: string) => service().issueVoucher(orderOf(reference, outletCode), bank);

  it('vouchers of an outlet and year are numbered without gaps, however many ask at once and whatever is refused between', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, (_, i) => issue(`v-${i}`)));
    const none = await service().issueVoucher({ ...orderOf('v-none'), about: { stream, revision: 99 } }, bank);
    expect(codesOf(none)).toStrictEqual(['voucher-about-nothing']);
    const stranger = await service().issueVoucher({ ...orderOf('v-none'), about: { stream: 'policyPack-370200', revision: 0 } }, bank);
    expect(codesOf(stranger)).toStrictEqual(['voucher-about-nothing']);
    const repeated = await Promise.all(Array.from({ length: 20 }, (_, i) => issue(`v-${i}`)));
    expect(repeated.map((answer) => answer.kind === 'done' && answer.replayed)).toStrictEqual(Array(20).fill(true));
    expect(repeated.map((answer) => done(answer))).toStrictEqual(first.map((answer) => done(answer)));
    const after = done(await issue('v-20'));
    expect(first.map((answer) => done(answer).number).sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(after).toMatchObject({
      number: 21,
      voucherNo: 'B7-2026-000021',
      about: { stream, revision: 0, type: 'AccountOpened.v1' },
      ...SIGNED,
    });
    expect(`medicalAccount-${after.accountId ?? ''}`).toBe(stream);
    expect(done(await issue('w-1', 'B8')).voucherNo).toBe('B8-2026-000001');
  });

  it('a number used for other content is told, with what differs', async () => {
    done(await issue('x-1'));
    expect(await service().issueVoucher({ ...orderOf('x-1', 'B9'), signedBy: { ...SIGNED, relation: 'spouse' } }, bank)).toMatchObject({
      reasons: [{ code: 'card-service-key-used-with-other-content', differs: ['outletCode', 'relation'] }],
    });
  });

  it('the new year begins with 1, and a repeat from the old year keeps its number', async () => {
    const old = done(await issue('y-1', 'B5'));
    made.clock.nowMs = Date.parse('2026-12-31T16:00:00.000Z');
    expect(done(await issue('y-2', 'B5')).voucherNo).toBe('B5-2027-000001');
    expect(done(await issue('y-1', 'B5'))).toStrictEqual(old);
  });

  it('midnight between the look at the clock and the decision takes a number of the new year', async () => {
    const nowMs = Date.parse('2027-12-31T16:00:00.000Z');
    let looks = 0;
    Object.defineProperty(made.clock, 'nowMs', { configurable: true, get: () => (looks++ === 0 ? nowMs - 1 : nowMs) });
    expect(done(await issue('midnight', 'B6')).voucherNo).toBe('B6-2028-000001');
    expect(looks).toBeGreaterThan(1);
    Object.defineProperty(made.clock, 'nowMs', { configurable: true, writable: true, value: nowMs });
    expect(done(await issue('midnight', 'B6')).voucherNo).toBe('B6-2028-000001');
  });

  it('the signed copy is filed once, and each print is counted', async () => {
    const { outletCode, year, number } = done(await issue('z-1'));
    const key = { outletCode, year, number };
    const file = (reference: string, signedCopy: string) => service().fileSignedCopy(key, { reference, signedCopy }, bank);
    expect(done(await file('copy-1', 'scan-1')).signedCopy?.reference).toBe('scan-1');
    expect(await file('copy-1', 'scan-1')).toMatchObject({ replayed: true });
    expect(codesOf(await file('copy-1', 'scan-2'))).toStrictEqual(['card-service-key-used-with-other-content']);
    expect(codesOf(await file('copy-2', 'scan-2'))).toStrictEqual(['signed-copy-already-filed']);
    expect([done(await service().printVoucher(key, bank)), done(await service().printVoucher(key, bank))]).toStrictEqual([1, 2]);
    expect(await service().voucher(key)).toMatchObject({ prints: 2, signedCopy: { reference: 'scan-1' } });
    const nowhere = { outletCode, year, number: 999 };
    expect(codesOf(await service().printVoucher(nowhere, bank))).toStrictEqual(['voucher-unknown']);
    expect(codesOf(await service().fileSignedCopy(nowhere, { reference: 'copy-3', signedCopy: 's' }, bank))).toStrictEqual([
      'voucher-unknown',
    ]);
  });

  it('a notice may name any reason that has words, and no other', async () => {
    const order = { reference: 'n-1', business: 'lossReport', outletCode: 'B7', poolingArea: QINGDAO, accountId: null };
    const given = done(await service().giveNotice({ ...order, reasons: [{ code: 'account-not-found', detail: null }] }, bank));
    expect(given).toMatchObject({
      business: 'lossReport',
      term: null,
      complaintTelephone: '12345',
      reasons: [{ code: 'account-not-found' }],
    });
    const wordless = await service().giveNotice({ ...order, reference: 'n-2', reasons: [{ code: 'made-up', detail: null }] }, bank);
    expect(wordless).toMatchObject({ reasons: [{ code: 'notice-reason-without-words', reasonCode: 'made-up' }] });
    expect(codesOf(await service().giveNotice({ ...order, reference: 'n-3', reasons: [] }, bank))).toStrictEqual(['notice-without-reason']);
    expect(done(await service().printNotice(given.noticeId, bank))).toBe(1);
    expect((await service().notice(given.noticeId))?.prints).toBe(1);
    expect(codesOf(await service().printNotice('no-such', bank))).toStrictEqual(['notice-unknown']);
  });
});
