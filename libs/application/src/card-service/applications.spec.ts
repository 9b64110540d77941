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
import type { Answer, ApplicationAct, ApplicationOrder } from '../index';

const bank = tracingOf('bank', 'bank-1');
const other = tracingOf('centre', 'centre-1');
const SIGNED = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'check-1' } as const;
const GUARDIAN = { signer: 'guardian', relation: 'parent', proxyCheck: 'check-8', holderCheck: 'check-7' } as const;
const NAME = '张三丰';

describe('applications for cards', () => {
  let made: TestEngine;
  let n = 0;
  beforeAll(async () => {
    made = await withRegion(await testEngine({ at: '2026-02-13T04:00:00.000Z' }));
  });
  afterAll(() => made.close());

  const orderFor = (identityNumber: string, over: Partial<ApplicationOrder> = {}): ApplicationOrder => ({
    reference: `apply-${++n}`,
    poolingArea: QINGDAO,
    person: { identityKind: '01', identityNumber, name: NAME },
    kind: 'firstIssue',
    reason: null,
    cardKind: 'socialSecurity3',
    replacesCardId: null,
    applicant: 'holder',
    outletCode: 'B0101',
    bankCode: '102',
    batchNo: null,
    photoReference: 'photo-1',
    approved: false,
    onTheSpot: false,
    pickUpPlace: '香港中路网点',
    obstacles: [],
    signedBy: SIGNED,
    ...over,
  });
  const service = () => made.engine.cardService;
  const apply = (order: ApplicationOrder, by = bank) => service().apply(order, by);
  const accepted = async (over: Partial<ApplicationOrder> = {}) => {
    const { accountId, identityNumber } = await openAccount(made);
    const order = orderFor(identityNumber, over);
    return { accountId, identityNumber, order, view: done((await apply(order)).answer) };
  };
  const act = (applicationId: string, what: ApplicationAct, reference = `act-${++n}`, by = bank) =>
    service().act(applicationId, reference, what, by);
  const issue = (cardNumber: string): ApplicationAct => ({
    act: 'issue',
    cardNumber,
    receivedBy: 'holder',
    outletCode: 'B0101',
    signedBy: SIGNED,
  });
  const cardsOf = async (accountId: string) => (await made.engine.accounts.view(accountId, null))?.cards ?? [];

  it('from the counter to the holder: accepted with a voucher and a day, made, handed over, on the account', async () => {
    const { accountId, view } = await accepted();
    expect(view).toMatchObject({
      accountId,
      stage: 'accepted',
      dueOn: '2026-04-02',
      dueOnIsProvisional: false,
      overdue: false,
      pickUp: { place: '香港中路网点', enquiryTelephone: '12333', complaintTelephone: '12345' },
      vouchers: ['B0101-2026-000001'],
      noticeId: null,
      policy: 'qingdao@1',
      revision: 0,
    });
    const { applicationId } = view;
    done((await act(applicationId, { act: 'startProduction', productionBatchNo: 'P-1' })).answer);
    done((await act(applicationId, { act: 'produced' })).answer);
    done((await act(applicationId, { act: 'readyForPickUp', place: '市南网点' })).answer);
    const issued = done((await act(applicationId, issue('QDNEW0001'))).answer);
    expect(issued.steps.map(({ stage }) => stage)).toStrictEqual(['accepted', 'inProduction', 'produced', 'readyForPickUp', 'issued']);
    expect(issued).toMatchObject({ stage: 'issued', pickUp: { place: '市南网点' }, vouchers: ['B0101-2026-000001', 'B0101-2026-000002'] });
    expect(await cardsOf(accountId)).toMatchObject([[issued.cardId, { kind: 'socialSecurity3' }]]);
    expect(await service().application(applicationId)).toStrictEqual(issued);
  });

  it('a repeat gets the first answer, the same voucher and no second card; other content is told', async () => {
    const { accountId, order, view } = await accepted();
    const again = (await apply(order)).answer;
    expect(again).toStrictEqual({ kind: 'done', replayed: true, value: view });
    const changed = (await apply({ ...order, outletCode: 'B0102' })).answer;
    expect(changed).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'card-service-key-used-with-other-content', differs: ['outletCode'] }],
    });
    done((await act(view.applicationId, { act: 'produced' })).answer);
    const first = await act(view.applicationId, issue('QDNEW0002'), 'issue-2');
    expect(await act(view.applicationId, issue('QDNEW0002'), 'issue-2')).toMatchObject({ answer: { ...first.answer, replayed: true } });
    expect(codesOf((await act(view.applicationId, issue('QDNEW0003'), 'issue-2')).answer)).toStrictEqual([
      'card-service-key-used-with-other-content',
    ]);
    expect(await cardsOf(accountId)).toHaveLength(1);
  });

  it('two outlets that hand over at once put one card on the account', async () => {
    const { accountId, view } = await accepted();
    done((await act(view.applicationId, { act: 'produced' })).answer);
    const both = await Promise.all([
      act(view.applicationId, issue('QDTWICE01'), 'twice', bank),
      act(view.applicationId, issue('QDTWICE02'), 'twice', other),
    ]);
    expect(both.filter(({ answer }) => answer.kind === 'done')).toHaveLength(1);
    expect(await cardsOf(accountId)).toHaveLength(1);
  });

  it('a card number that is taken leaves the application where it was', async () => {
    const one = await accepted();
    done((await act(one.view.applicationId, { act: 'produced' })).answer);
    done((await act(one.view.applicationId, issue('QDTAKEN01'))).answer);
    const two = await accepted();
    done((await act(two.view.applicationId, { act: 'produced' })).answer);
    expect(codesOf((await act(two.view.applicationId, issue('QDTAKEN01'))).answer)).toStrictEqual(['card-number-already-registered']);
    expect((await service().application(two.view.applicationId))?.stage).toBe('produced');
    expect(done((await act(two.view.applicationId, issue('QDFREE001'))).answer).stage).toBe('issued');
  });

  it('no card is registered for an application that is not at that step', async () => {
    const { accountId, view } = await accepted();
    expect(codesOf((await act(view.applicationId, issue('QDEARLY01'))).answer)).toStrictEqual(['application-not-at-this-step']);
    expect(await cardsOf(accountId)).toStrictEqual([]);
  });

  it('is refused with all that stands against it, and a notice that says so; the same refusal has the same notice', async () => {
    const { identityNumber } = await openAccount(made);
    const order = orderFor(identityNumber, {
      person: { identityKind: '01', identityNumber, name: '李四' },
      photoReference: null,
      obstacles: [{ code: 'identity-number-used-twice', detail: '两处参保' }],
    });
    const refusal = await apply(order);
    const codes = ['identity-number-used-twice', 'data-differ-from-insurance-system', 'photo-missing'];
    expect(codesOf(refusal.answer)).toStrictEqual(codes);
    expect((await apply(order)).noticeId).toBe(refusal.noticeId);
    const notice = await service().notice(refusal.noticeId ?? '');
    expect(notice).toMatchObject({
      business: 'cardApplication',
      outletCode: 'B0101',
      applicationId: null,
      term: { days: 30, unit: 'workingDays' },
      enquiryTelephone: '12333',
      prints: 0,
    });
    expect(notice?.reasons.map(({ code }) => code)).toStrictEqual(codes);
    // Put right under the same number: nothing stood under it.
    expect(
      (await apply({ ...order, person: { identityKind: '01', identityNumber, name: '张 三丰' }, photoReference: 'p', obstacles: [] }))
        .answer,
    ).toMatchObject({
      kind: 'done',
      replayed: false,
    });
  });

  it('who comes without a sound document, or is not insured here, is told that', async () => {
    for (const [identityNumber, code] of [
      [null, 'identity-document-wrong-or-missing'],
      ['110105194912310021', 'identity-document-wrong-or-missing'],
      [identityNumberFor('370202', '1999-09-09', '999'), 'holder-not-insured-here'],
    ] as const) {
      const refusal = await apply(orderFor('', { person: { identityKind: '01', identityNumber, name: NAME } }));
      expect(codesOf(refusal.answer)).toStrictEqual([code]);
      expect((await service().notice(refusal.noticeId ?? ''))?.accountId).toBeNull();
    }
  });

  it('of two applications of one person at once one is accepted', async () => {
    const { identityNumber } = await openAccount(made);
    const both = await Promise.all([apply(orderFor(identityNumber)), apply(orderFor(identityNumber), other)]);
    expect(both.flatMap(({ answer }) => codesOf(answer)).sort()).toStrictEqual(['application-under-way', 'done']);
  });

  it('a child under sixteen gets a first card without a photo, on the birthday no more', async () => {
    for (const [born, kind] of [
      ['2010-02-14', 'done'],
      ['2010-02-13', 'refused'],
    ] as const) {
      const identityNumber = identityNumberFor('370200', born, '103');
      await openAccount(made, { reference: `open-${born}`, person: { identityKind: '01', identityNumber, name: NAME } });
      expect((await apply(orderFor(identityNumber, { applicant: 'guardian', signedBy: GUARDIAN, photoReference: null }))).answer.kind).toBe(
        kind,
      );
    }
  });

  it('a second application waits for the first; a temporary card does not', async () => {
    const { identityNumber, view } = await accepted();
    const { applicationId } = view;
    expect((await apply(orderFor(identityNumber))).answer).toMatchObject({
      reasons: [{ code: 'application-under-way', applicationId, dueOn: '2026-04-02' }],
    });
    const atOnce = { kind: 'temporary', cardKind: 'temporary', reason: 'urgent', photoReference: null } as const;
    const temporary = done((await apply(orderFor(identityNumber, atOnce))).answer);
    expect(temporary.dueOn).toBe('2026-02-13');
    expect(done((await act(temporary.applicationId, issue('QDTEMP001'))).answer).stage).toBe('issued');
    done((await act(applicationId, { act: 'fail', obstacles: [{ code: 'left-employer', detail: null }], outletCode: 'B0101' })).answer);
    expect(done((await apply(orderFor(identityNumber))).answer).stage).toBe('accepted');
  });

  it('fails with every reason, and its notice names them all', async () => {
    const { view } = await accepted();
    const obstacles = [
      { code: 'bank-account-not-opened', detail: '身份核查未通过' },
      { code: 'card-issued-in-another-city', detail: '济南' },
    ] as const;
    const failed = done((await act(view.applicationId, { act: 'fail', obstacles, outletCode: 'B0101' })).answer);
    expect(failed).toMatchObject({ stage: 'failed', obstacles });
    expect(await service().notice(failed.noticeId ?? '')).toMatchObject({ applicationId: view.applicationId, reasons: obstacles });
  });

  it('a card that works is linked: the account’s own, or one that it gets as it is', async () => {
    const one = await accepted();
    const link = { act: 'link', cardNumber: 'QDLINK001', cardKind: 'socialSecurity3', outletCode: 'B0101', signedBy: SIGNED } as const;
    const linked = done((await act(one.view.applicationId, link)).answer);
    expect(linked.stage).toBe('linked');
    const [[cardId] = []] = await cardsOf(one.accountId);
    expect(linked.cardId).toBe(cardId);
    const exchange = { kind: 'exchange', reason: 'expiry', replacesCardId: cardId ?? null } as const;
    const again = done((await apply(orderFor(one.identityNumber, exchange))).answer);
    expect(codesOf((await act(again.applicationId, link)).answer)).toStrictEqual(['linked-card-to-be-replaced']);
    done(
      (await act(again.applicationId, { act: 'fail', obstacles: [{ code: 'left-employer', detail: null }], outletCode: 'B0101' })).answer,
    );
    expect(codesOf((await apply(orderFor(one.identityNumber))).answer)).toStrictEqual(['working-card-exists']);
    expect(await cardsOf(one.accountId)).toHaveLength(1);
  });

  it('an application that nobody knows is not acted on', async () => {
    expect(codesOf((await act('nobody', { act: 'produced' })).answer)).toStrictEqual(['card-application-unknown']);
    expect(codesOf((await act('nobody', issue('QDNONE001'))).answer)).toStrictEqual(['card-application-unknown']);
    expect(await service().application('nobody')).toBeUndefined();
  });

  it('is overdue from the day after its term, until the card is there', async () => {
    const { view } = await accepted();
    const before = made.clock.nowMs;
    made.clock.nowMs = Date.parse('2026-04-02T15:59:59.999Z');
    expect((await service().application(view.applicationId))?.overdue).toBe(false);
    made.clock.nowMs += 1;
    expect((await service().application(view.applicationId))?.overdue).toBe(true);
    const late = { act: 'fail', obstacles: [{ code: 'left-employer', detail: null }], outletCode: 'B0101' } as const;
    made.clock.nowMs = before;
    expect(done((await act(view.applicationId, late)).answer).overdue).toBe(false);
    made.clock.nowMs = Date.parse('2026-04-03T00:00:00.000Z');
    expect((await service().application(view.applicationId))?.overdue).toBe(false);
    made.clock.nowMs = before;
  });

  it('what was cut short between acceptance and voucher, or between card and hand-over, is finished by a repeat, once', async () => {
    let cut = '';
    const broken = await withRegion(
      await testEngine({
        at: '2026-02-13T04:00:00.000Z',
        wrapStore: (store) => ({
          ...store,
          readForward: (...asked) => store.readForward(...asked),
          readBackward: (...asked) => store.readBackward(...asked),
          readEvent: (...asked) => store.readEvent(...asked),
          findClaim: (...asked) => store.findClaim(...asked),
          readLog: (...asked) => store.readLog(...asked),
          lastLogIndex: () => store.lastLogIndex(),
          subscribe: (...asked) => store.subscribe(...asked),
          close: () => store.close(),
          append: (append) =>
            append.events.some(({ type }) => type === cut) ? Promise.resolve({ kind: 'unavailable', cause: 'full' }) : store.append(append),
        }),
      }),
    );
    const { accountId, identityNumber } = await openAccount(broken);
    const service = broken.engine.cardService;
    const order = orderFor(identityNumber);
    cut = 'VoucherIssued.v1';
    expect((await service.apply(order, bank)).answer).toStrictEqual({ kind: 'unavailable', cause: 'full' });
    cut = '';
    const { applicationId } = done((await service.apply(order, bank)).answer);
    expect(await service.apply(order, bank)).toMatchObject({ answer: { replayed: true, value: { vouchers: ['B0101-2026-000001'] } } });
    done((await service.act(applicationId, 'made', { act: 'produced' }, bank)).answer);
    cut = 'CardIssued.v1';
    expect((await service.act(applicationId, 'issue', issue('QDCUT0001'), bank)).answer.kind).toBe('unavailable');
    cut = '';
    const issued = done((await service.act(applicationId, 'issue', issue('QDCUT0001'), bank)).answer);
    expect(issued).toMatchObject({ stage: 'issued', vouchers: ['B0101-2026-000001', 'B0101-2026-000002'] });
    const { cards = [] } = (await broken.engine.accounts.view(accountId, null)) ?? {};
    expect(cards.map(([cardId]) => cardId)).toStrictEqual([issued.cardId]);
    await broken.close();
  });

  it('after a restart everything is as it was', async () => {
    const { order, view } = await accepted();
    made = await made.reopen();
    expect(await service().application(view.applicationId)).toStrictEqual(view);
    expect((await apply(order)).answer).toMatchObject({ replayed: true, value: view } satisfies Partial<Answer<unknown>>);
  });
});
