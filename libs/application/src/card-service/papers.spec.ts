import { identityNumberFor } from '#libs/kernel';
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
  let accountId = '';
  beforeAll(async () => {
    made = await withRegion(await testEngine({ at: '2026-12-31T15:00:00.000Z' }));
    ({ accountId } = await openAccount(made));
    stream = `medicalAccount-${accountId}`;
  });
  afterAll(() => made.close());
  const service = () => made.engine.cardService;
  const acts = new Map<string, number>();
  /** A card that the counter registers without a paper; under one reference always the same. */
  const actOf = async (reference: string) => {
    const known = acts.get(reference);
    if (known !== undefined) return { stream, revision: known };
    const cardNumber = `PAPER${String(acts.size + 1000)}`;
    const asNew = { state: 'registered', lastSwipedOn: null, media: null, opening: null } as const;
    const order = { ...asNew, reference: `card-${reference}`, cardNumber, kind: 'socialSecurity3' } as const;
    const { events } = done(await made.engine.accounts.registerCard(accountId, order, bank));
    const { revision = -1 } = events.find(({ type }) => type === 'CardRegistered.v1') ?? {}; // Interest of the year may stand before it.
    acts.set(reference, revision);
    return { stream, revision };
  };
  const orderOf = async (reference: string, outletCode = 'B7') => ({
    reference,
    outletCode,
    about: await actOf(reference),
    signedBy: SIGNED,
  });
  const issue = async (reference: string, outletCode?: string, by = bank) =>
    service().issueVoucher(await orderOf(reference, outletCode), by);

  it('vouchers of an outlet and year are numbered without gaps, however many ask at once and whatever is refused between', async () => {
    for (let i = 0; i < 20; i++) await actOf(`v-${i}`);
    const first = await Promise.all(Array.from({ length: 20 }, (_, i) => issue(`v-${i}`)));
    for (const about of [
      { stream, revision: 99 },
      { stream: 'policyPack-370200', revision: 0 },
    ])
      expect(codesOf(await service().issueVoucher({ reference: 'v-none', outletCode: 'B7', about, signedBy: SIGNED }, bank))).toStrictEqual(
        ['voucher-about-nothing'],
      );
    const repeated = await Promise.all(Array.from({ length: 20 }, (_, i) => issue(`v-${i}`)));
    expect(repeated.map((answer) => answer.kind === 'done' && answer.replayed)).toStrictEqual(Array(20).fill(true));
    expect(repeated.map((answer) => done(answer))).toStrictEqual(first.map((answer) => done(answer)));
    const after = done(await issue('v-20'));
    expect(first.map((answer) => done(answer).number).sort((a, b) => a - b)).toStrictEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(after).toMatchObject({
      number: 21,
      voucherNo: 'B7-2026-000021',
      about: { ...(await actOf('v-20')), type: 'CardRegistered.v1' },
      ...SIGNED,
    });
    expect(`medicalAccount-${after.accountId ?? ''}`).toBe(stream);
    expect(done(await issue('w-1', 'B8')).voucherNo).toBe('B8-2026-000001');
  });

  it('a number used for other content is told, with what differs', async () => {
    done(await issue('x-1'));
    expect(
      await service().issueVoucher({ ...(await orderOf('x-1', 'B9')), signedBy: { ...SIGNED, relation: 'spouse' } }, bank),
    ).toMatchObject({
      reasons: [{ code: 'card-service-key-used-with-other-content', differs: ['outletCode', 'relation'] }],
    });
  });

  it('about card business that this very counter has done, and nothing else: no money, nobody else’s, not even whether it is there', async () => {
    const credit = {
      reference: 'credit',
      source: 'contribution',
      period: null,
      amountFen: 100,
      bucket: 'currentYear',
      legalBasis: null,
    } as const;
    await made.engine.accounts.credit(accountId, credit as never, bank);
    const { head = 0 } = { head: (await made.engine.accounts.view(accountId, null))?.revision };
    const asked = async (about: { stream: string; revision: number }, by = bank) =>
      codesOf(await service().issueVoucher({ reference: `own-${about.revision}`, outletCode: 'B7', about, signedBy: SIGNED }, by));
    for (const revision of [0, head]) expect(await asked({ stream, revision })).toStrictEqual(['voucher-about-nothing']);
    const act = await actOf('own-act');
    expect(await asked(act, tracingOf('bank', 'bank-2'))).toStrictEqual(['voucher-about-nothing']);
    expect(await asked(act)).toStrictEqual(['done']);
  });

  it('an event has one voucher, whoever asks and under whatever number, also at once', async () => {
    const about = await actOf('once');
    const asked = (reference: string, outletCode = 'B7') =>
      service().issueVoucher({ reference, outletCode, about, signedBy: SIGNED }, bank);
    const both = await Promise.all([asked('once-1', 'B71'), asked('once-2', 'B72')]);
    expect(both.flatMap((answer) => codesOf(answer)).sort()).toStrictEqual(['done', 'voucher-issued-already']);
    const { voucherNo } = both.flatMap((answer) => (answer.kind === 'done' ? [answer.value] : []))[0] ?? {};
    expect(await asked('once-3')).toMatchObject({ reasons: [{ code: 'voucher-issued-already', voucherNo }] });
  });

  it('who signs for another is judged here too, and no name of him comes into the log', async () => {
    const person = { identityKind: '01', identityNumber: identityNumberFor('370202', '2015-02-03', '777'), name: '诸葛代办' };
    const order = await orderOf('signed');
    const by = (over: object) => service().issueVoucher({ ...order, signedBy: { ...SIGNED, ...over } }, bank);
    expect(codesOf(await by({ person }))).toStrictEqual(['representative-not-of-age']);
    expect(codesOf(await by({ relation: 'otherRelative' }))).toStrictEqual(['proxy-not-accepted']);
    const grown = { ...person, identityNumber: identityNumberFor('370202', '1985-02-03', '777') };
    const voucher = done(await by({ person: grown }));
    expect(Object.keys(voucher.proxyCommitments ?? {})).toContain('identityNumber');
    expect(JSON.stringify(voucher)).not.toContain(grown.identityNumber);
  });

  it('the new year begins with 1, and a repeat from the old year keeps its number', async () => {
    const old = done(await issue('y-1', 'B5'));
    made.clock.nowMs = Date.parse('2026-12-31T16:00:00.000Z');
    expect(done(await issue('y-2', 'B5')).voucherNo).toBe('B5-2027-000001');
    expect(done(await issue('y-1', 'B5'))).toStrictEqual(old);
  });

  it('midnight between the look at the clock and the decision takes a number of the new year', async () => {
    const nowMs = Date.parse('2027-12-31T16:00:00.000Z');
    const order = {
      ...(await orderOf('midnight', 'B6')),
      signedBy: { signer: 'holder', relation: null, proxyCheck: null, holderCheck: null },
    } as const;
    const asked = () => service().issueVoucher(order, bank); // Nobody's age is looked at before the number.
    let looks = 0;
    Object.defineProperty(made.clock, 'nowMs', { configurable: true, get: () => (looks++ === 0 ? nowMs - 1 : nowMs) });
    expect(done(await asked()).voucherNo).toBe('B6-2028-000001');
    expect(looks).toBeGreaterThan(1);
    Object.defineProperty(made.clock, 'nowMs', { configurable: true, writable: true, value: nowMs });
    expect(done(await asked()).voucherNo).toBe('B6-2028-000001');
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
