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
import type { ApplicationAct, ApplicationOrder } from '../index';

const bank = tracingOf('bank', 'bank-1');
const SIGNED = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'check-1' } as const;
const NAME = '张三丰';

describe('applications for cards: one person, one card', () => {
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

  const made3 = async () => {
    const one = await accepted({ onTheSpot: true });
    const number = `QDONE${String(++n).padStart(4, '0')}`;
    const { cardId } = done((await act(one.view.applicationId, issue(number))).answer);
    return { ...one, cardId: cardId ?? '', number };
  };
  const enable = async (accountId: string, cardId: string) =>
    done(
      await made.engine.accounts.enableCard(
        accountId,
        cardId,
        { reference: `enable-${++n}`, channel: 'bankOutlet', financialAreaActivated: false },
        bank,
      ),
    );
  const lose = async (accountId: string, cardId: string) =>
    done(
      await made.engine.accounts.checkedActOnCard(
        accountId,
        cardId,
        { reference: `lose-${++n}`, act: 'formalLoss', identityCheck: 'CHECK-1' },
        bank,
      ),
    );

  it('a card that waits to be enabled bars another first one; one that was exchanged or replaced is not made a second time', async () => {
    const { accountId, identityNumber, cardId } = await made3();
    const first = await apply(orderFor(identityNumber));
    expect(codesOf(first.answer)).toStrictEqual(['issued-card-not-enabled']);
    expect(first.noticeId).not.toBeNull();
    await enable(accountId, cardId);
    for (const [kind, reason] of [
      ['exchange', 'damage'],
      ['replacement', 'formalLoss'],
    ] as const) {
      if (kind === 'replacement') await lose(accountId, cardId);
      const again = { kind, reason, replacesCardId: cardId, onTheSpot: true } as const;
      const { applicationId } = done((await apply(orderFor(identityNumber, again))).answer);
      const fresh = done((await act(applicationId, issue(`QDAGN${String(++n).padStart(4, '0')}`))).answer);
      expect((await apply(orderFor(identityNumber, again))).answer).toMatchObject({
        kind: 'refused',
        reasons: [{ code: 'card-reissued', cardId, byCardId: fresh.cardId }],
      });
      // The agency cancels the one that nobody has enabled.
      const reason2 = { reference: `cancel-${++n}`, act: 'cancel', reason: 'spoilt' } as const;
      done(await made.engine.accounts.actOnCard(accountId, fresh.cardId ?? '', reason2, bank));
    }
  });

  it('who has another card meanwhile gets no second one: the application ends, with the reason and its notice, and so does a repeat', async () => {
    const { accountId, identityNumber, view } = await accepted();
    done((await act(view.applicationId, { act: 'produced' })).answer);
    const order = { reference: `reg-${++n}`, cardNumber: 'QDELSE001', kind: 'socialSecurity3', state: 'inUse' } as const;
    done(await made.engine.accounts.registerCard(accountId, { ...order, lastSwipedOn: null, media: null, opening: null }, bank));
    const refusal = await act(view.applicationId, issue('QDELSE002'), 'else');
    expect(codesOf(refusal.answer)).toStrictEqual(['working-card-exists']);
    const after = await service().application(view.applicationId);
    expect(after).toMatchObject({
      stage: 'failed',
      obstacles: [{ code: 'working-card-exists', detail: null }],
      noticeId: refusal.noticeId,
    });
    expect(after?.vouchers).toStrictEqual(view.vouchers);
    const notice = await service().notice(refusal.noticeId ?? '');
    expect(notice).toMatchObject({ applicationId: view.applicationId, reasons: [{ code: 'working-card-exists' }] });
    expect(await act(view.applicationId, issue('QDELSE002'), 'else')).toStrictEqual(refusal);
    expect(codesOf((await act(view.applicationId, issue('QDELSE002'))).answer)).toStrictEqual(['application-closed']);
    expect(await cardsOf(accountId)).toHaveLength(1);
    expect(codesOf((await apply(orderFor(identityNumber))).answer)).toStrictEqual(['working-card-exists']);
  });

  it('a card that is found again before its replacement is handed over ends the application', async () => {
    const { accountId, identityNumber, cardId } = await made3();
    await enable(accountId, cardId);
    await lose(accountId, cardId);
    const again = { kind: 'replacement', reason: 'formalLoss', replacesCardId: cardId, onTheSpot: true } as const;
    const { applicationId } = done((await apply(orderFor(identityNumber, again))).answer);
    const lift = { reference: `lift-${++n}`, act: 'liftFormalLoss', identityCheck: 'CHECK-2' } as const;
    done(await made.engine.accounts.checkedActOnCard(accountId, cardId, lift, bank));
    expect(codesOf((await act(applicationId, issue('QDFOUND01'))).answer)).toStrictEqual(['working-card-exists']);
  });

  it('what cannot be issued is not accepted: it is the same question, with all other reasons', async () => {
    const { identityNumber, cardId } = await made3();
    const temporary = { kind: 'temporary', cardKind: 'temporary', reason: 'other', photoReference: null } as const;
    const refusal = await apply(orderFor(identityNumber, { ...temporary, obstacles: [{ code: 'left-employer', detail: null }] }));
    expect(codesOf(refusal.answer)).toStrictEqual(['left-employer', 'temporary-reason-not-accepted']);
    expect(refusal.noticeId).not.toBeNull();
    expect(done((await apply(orderFor(identityNumber, { ...temporary, reason: 'urgent' }))).answer).stage).toBe('accepted');
    const replace = { kind: 'replacement', reason: 'formalLoss', replacesCardId: cardId } as const;
    expect(codesOf((await apply(orderFor(identityNumber, replace))).answer)).toStrictEqual(['loss-not-reported']);
  });

  it('a lost card, or one that waits to be enabled, is not linked', async () => {
    const { accountId, identityNumber, cardId, number } = await made3();
    await enable(accountId, cardId);
    await lose(accountId, cardId);
    const again = { kind: 'replacement', reason: 'formalLoss', replacesCardId: cardId } as const;
    const { applicationId } = done((await apply(orderFor(identityNumber, again))).answer);
    const link = { act: 'link', cardNumber: number, cardKind: 'temporary', outletCode: 'B0101', signedBy: SIGNED } as const;
    const refusal = await act(applicationId, link);
    expect(codesOf(refusal.answer)).toStrictEqual(['linked-card-of-another-kind', 'linked-card-not-in-use', 'linked-card-to-be-replaced']);
    expect(refusal.noticeId).not.toBeNull();
    expect(codesOf((await act(applicationId, { ...link, cardNumber: 'QDNOWHERE' })).answer)).toStrictEqual(['linked-card-of-another-kind']);
    expect((await service().application(applicationId))?.stage).toBe('accepted');
  });
});
