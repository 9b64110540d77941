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
import type { ApplicationAct, ApplicationOrder } from '../index';

const bank = tracingOf('bank', 'bank-1');
const SIGNED = { signer: 'holder', relation: null, proxyCheck: null, holderCheck: 'check-1' } as const;
const GUARDIAN = { signer: 'guardian', relation: 'parent', proxyCheck: 'check-8', holderCheck: 'check-7' } as const;
const NAME = '张三丰';

describe('who takes a card, and who signs', () => {
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

  it('a card goes to who signs for it, and to a unit only what it has applied for', async () => {
    const { view } = await accepted({ onTheSpot: true });
    const take = async (over: Partial<Extract<ApplicationAct, { act: 'issue' }>>) =>
      codesOf((await act(view.applicationId, { ...issue('QDTAKE001'), ...over } as ApplicationAct)).answer);
    const byEmployer = { ...SIGNED, signer: 'proxy', relation: 'employer', proxyCheck: 'check-9' } as const;
    expect(await take({ receivedBy: 'employer', signedBy: byEmployer })).toStrictEqual(['receiver-not-the-applicant']);
    expect(await take({ receivedBy: 'guardian' })).toStrictEqual(['receiver-not-the-signer']);
    expect((await service().application(view.applicationId))?.stage).toBe('accepted');
    expect(await take({})).toStrictEqual(['done']);
    const ofSchool = await accepted({ applicant: 'school', unitCode: 'S1', onTheSpot: true });
    const toSchool = { ...byEmployer, relation: 'school' } as const;
    const give = async (receivedBy: 'school' | 'employer', signedBy: typeof byEmployer | typeof toSchool) =>
      codesOf((await act(ofSchool.view.applicationId, { ...issue('QDTAKE002'), receivedBy, signedBy } as ApplicationAct)).answer);
    expect(await give('school', byEmployer)).toStrictEqual(['receiver-not-the-signer']);
    expect(await give('employer', byEmployer)).toStrictEqual(['receiver-not-the-applicant']);
    expect(await give('school', toSchool)).toStrictEqual(['done']);
    const handOut = { act: 'handOut', receivedBy: 'proxy', outletCode: 'S1', signedBy: SIGNED } as const;
    expect(codesOf((await act(ofSchool.view.applicationId, handOut)).answer)).toStrictEqual(['receiver-not-the-signer']);
    done((await act(ofSchool.view.applicationId, { ...handOut, receivedBy: 'holder' })).answer);
  });

  it('a minor does not sign for card business, his guardian does, somebody else and of age; from eight on he takes his own', async () => {
    const born = async (day: string, sequence: string) => {
      const identityNumber = identityNumberFor('370200', day, sequence);
      await openAccount(made, { reference: `open-${day}-${sequence}`, person: { identityKind: '01', identityNumber, name: NAME } });
      return identityNumber;
    };
    const child = await born('2020-05-05', '107');
    const spot = { onTheSpot: true, photoReference: null } as const;
    const by = (number: string, when = '01') => ({ ...GUARDIAN, person: { identityKind: when, identityNumber: number, name: NAME } });
    const codes = async (over: Partial<ApplicationOrder>) => codesOf((await apply(orderFor(child, { ...spot, ...over }))).answer);
    expect(await codes({})).toStrictEqual(['holder-too-young-to-sign']);
    const guarded = { applicant: 'guardian' } as const;
    expect(await codes({ ...guarded, signedBy: by(child.toLowerCase()) })).toStrictEqual([
      'representative-is-holder',
      'representative-not-of-age',
    ]);
    expect(await codes({ ...guarded, signedBy: by(identityNumberFor('370200', '2015-05-05', '211')) })).toStrictEqual([
      'representative-not-of-age',
    ]);
    expect(await codes({ ...guarded, signedBy: by(identityNumberFor('370200', '1985-05-05', '211')) })).toStrictEqual(['done']);
    const almost = await born('2008-02-14', '109');
    expect(codesOf((await apply(orderFor(almost))).answer)).toStrictEqual(['holder-too-young-to-sign']);
    const justNow = await born('2008-02-13', '109');
    expect(codesOf((await apply(orderFor(justNow))).answer)).toStrictEqual(['done']);
    for (const [day, told] of [
      ['2018-02-14', 'holder-too-young-to-sign'],
      ['2018-02-13', 'done'],
    ] as const) {
      const pupil = await born(day, '301');
      const order = orderFor(pupil, { ...spot, applicant: 'school', unitCode: 'S1' });
      const { applicationId } = done((await apply(order)).answer);
      const clerk = { ...SIGNED, signer: 'proxy', relation: 'school', proxyCheck: 'check-9' } as const;
      const taken = { ...issue(`QDPUPIL${day.slice(-2)}`), receivedBy: 'school', signedBy: clerk } as ApplicationAct;
      done((await act(applicationId, taken)).answer);
      const handOut = { act: 'handOut', receivedBy: 'holder', outletCode: 'S1', signedBy: SIGNED } as const;
      expect(codesOf((await act(applicationId, handOut)).answer)).toStrictEqual([told]);
    }
  });
});
