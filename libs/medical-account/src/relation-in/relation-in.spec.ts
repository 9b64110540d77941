import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeRelationInEvent,
  encodeRelationInEvent,
  medicalFen as f,
  RELATION_IN_EVENT_TYPES,
  RELATION_IN_REFUSALS,
  type ReceiveRelationMoney,
  type RegisterRelationFile,
  type RelationInEvent,
  type RelationInFacts,
  relationIn,
} from '#libs/medical-account';
import { deciderSpec } from '../../../../test/support/decider-spec';

const { given } = deciderSpec(relationIn, 'relationTransferIn-i-1');
const T0 = '2026-03-01T01:00:00.000Z';
const facts: RelationInFacts = { decidedAt: T0, credit: { by: '2026-03-06', isProvisional: false, packId: 'P1' } };
const NAME = { transferInId: 'i-1', poolingArea: '370200', fromPoolingArea: '320100', transferNo: 'NJ-77' };
const keyed = (n: string) => ({ key: `business-agency-${n}`, commandHash: `h-${n}` });
const at = (revision: number, event: RelationInEvent) =>
  ({ ...event, id: `e${revision}`, stream: 'relationTransferIn-i-1', revision }) as never;

const file = (over: Partial<RegisterRelationFile['data']> = {}): RegisterRelationFile => ({
  type: 'RegisterRelationFile',
  data: { ...keyed('file'), ...NAME, holderClaim: 'person-370200-0f', currentYearFen: f(700), priorYearFen: f(300), ...over },
});
const money = (over: Partial<ReceiveRelationMoney['data']> = {}): ReceiveRelationMoney => ({
  type: 'ReceiveRelationMoney',
  data: { ...keyed('money'), ...NAME, batchReference: 'IN-1', amountFen: f(1000), receivedOn: '2026-03-01', ...over },
});
const registered = (over = {}): RelationInEvent => ({ type: 'RelationFileRegistered.v1', decidedAt: T0, data: file(over).data });
const received = (over = {}): RelationInEvent => ({ type: 'RelationMoneyReceived.v1', decidedAt: T0, data: money(over).data });
const matched: RelationInEvent = {
  type: 'RelationMatched.v1',
  decidedAt: T0,
  data: { transferInId: 'i-1', amountFen: f(1000), creditBy: '2026-03-06', isProvisional: false, packId: 'P1' },
};
const order = { type: 'OrderRelationCredit', data: { key: 'order', transferInId: 'i-1', accountId: 'A1' } } as const;
const ordered: RelationInEvent = { type: 'RelationCreditOrdered.v1', decidedAt: T0, data: { transferInId: 'i-1', accountId: 'A1' } };
const record = { type: 'RecordRelationCredit', data: { key: 'credited', transferInId: 'i-1', accountId: 'A1', revision: 7 } } as const;
const credited: RelationInEvent = {
  type: 'RelationCredited.v1',
  decidedAt: T0,
  data: { transferInId: 'i-1', accountId: 'A1', revision: 7 },
};
const withdraw = { type: 'WithdrawRelationFile', data: { ...keyed('withdraw'), transferInId: 'i-1', reason: '有误' } } as const;
const sendBack = {
  type: 'SendBackRelationMoney',
  data: { ...keyed('back'), transferInId: 'i-1', batchReference: 'B', reason: '有误' },
} as const;

describe('relation from elsewhere: file and money', () => {
  it('match in either order: the days of the receiving side begin with the second', () => {
    given().when(file(), facts).thenRecords(registered());
    given(registered()).when(money(), facts).thenRecords(received(), matched);
    given().when(money(), facts).thenRecords(received());
    given(received()).when(file(), facts).thenRecords(registered(), matched);
  });
  it('amounts that differ are refused, both named, whichever came first', () => {
    given(registered())
      .when(money({ amountFen: f(999) }), facts)
      .thenRefuses({ code: 'relation-in-amounts-differ', fileFen: f(1000), moneyFen: f(999), firstAt: T0 });
    given(received())
      .when(file({ priorYearFen: f(301) }), facts)
      .thenRefuses({ code: 'relation-in-amounts-differ', fileFen: f(1001), moneyFen: f(1000), firstAt: T0 });
  });
  it('a message again is the same message, under whatever number; one that says otherwise is told what', () => {
    given(registered()).when(file(), facts).thenReplays(at(0, registered()));
    given(registered())
      .when(file(keyed('again')), facts)
      .thenReplays(at(0, registered()));
    given(received())
      .when(money({ ...keyed('again'), amountFen: f(1) }), facts)
      .thenRefuses({
        code: 'relation-in-told-otherwise',
        what: 'money',
        firstAt: T0,
        recordedFen: f(1000),
        toldFen: f(1),
        differs: ['amountFen'],
      });
    given(registered())
      .when(file({ commandHash: 'other' }), facts)
      .thenRefuses({ code: 'relation-in-key-used-otherwise', firstAt: T0, act: 'RelationFileRegistered.v1' });
  });
  it('an area whose pack transfers no relations takes none', () => {
    given()
      .when(file(), { ...facts, credit: null })
      .thenRefuses({ code: 'relation-in-not-offered', poolingArea: '370200' });
  });
  it('money of a day to come, from the own area, or none at all is refused, all at once, and so is such a file', () => {
    given()
      .when(money({ fromPoolingArea: '370200', amountFen: f(0), receivedOn: '2026-03-02' }), facts)
      .thenRefuses(
        { code: 'relation-in-from-here', poolingArea: '370200' },
        { code: 'relation-in-received-later', receivedOn: '2026-03-02', today: '2026-03-01' },
        { code: 'relation-in-without-money', what: 'money' },
      );
    given(received())
      .when(file({ fromPoolingArea: '370200', currentYearFen: f(0), priorYearFen: f(0) }), facts)
      .thenRefuses(
        { code: 'relation-in-from-here', poolingArea: '370200' },
        { code: 'relation-in-without-money', what: 'file' },
        { code: 'relation-in-amounts-differ', fileFen: f(0), moneyFen: f(1000), firstAt: T0 },
      );
  });
  it('the day on which money came is a day in Shanghai: what came this morning is of today, though it is yesterday in Greenwich', () => {
    const early = { ...facts, decidedAt: '2026-02-28T16:30:00.000Z' };
    const { decision } = given().when(money({ receivedOn: '2026-03-01' }), early);
    expect(decision.kind).toBe('accepted');
  });
  it('what was wrong is taken back, and the right one takes its place', () => {
    const withdrawn: RelationInEvent = { type: 'RelationFileWithdrawn.v1', decidedAt: T0, data: withdraw.data };
    given(registered(), received(), matched).when(withdraw, facts).thenRecords(withdrawn);
    given(registered(), received(), matched, withdrawn)
      .when(order, facts)
      .thenRefuses({ code: 'relation-in-not-matched', missing: ['file'] });
    const right = { ...keyed('right'), currentYearFen: f(600), priorYearFen: f(400) };
    given(registered(), received(), matched, withdrawn).when(file(right), facts).thenRecords(registered(right), matched);
    const back: RelationInEvent = { type: 'RelationMoneySentBack.v1', decidedAt: T0, data: sendBack.data };
    given(received()).when(sendBack, facts).thenRecords(back);
    given(registered()).when(sendBack, facts).thenRefuses({ code: 'relation-in-nothing-there', what: 'money' });
    given(received(), back).when(withdraw, facts).thenRefuses({ code: 'relation-in-nothing-there', what: 'file' });
  });
});

describe('relation from elsewhere: credited once', () => {
  const whole = [registered(), received(), matched];
  it('only what matched is credited; and once', () => {
    given(registered())
      .when(order, facts)
      .thenRefuses({ code: 'relation-in-not-matched', missing: ['money'] });
    given(received())
      .when(order, facts)
      .thenRefuses({ code: 'relation-in-not-matched', missing: ['file'] });
    given(...whole)
      .when(order, facts)
      .thenRecords(ordered);
    given(...whole, ordered)
      .when(order, facts)
      .thenRefuses({ code: 'relation-in-crediting', orderedAt: T0, accountId: 'A1' });
    given(...whole, ordered)
      .when(record, facts)
      .thenRecords(credited);
    given(...whole)
      .when(record, facts)
      .thenRefuses({ code: 'relation-in-not-matched', missing: [] });
    given(...whole, ordered, credited)
      .when(record, facts)
      .thenRefuses({ code: 'relation-in-credited', creditedAt: T0, accountId: 'A1' });
  });
  it('while it is credited and after, nothing is taken back; what the account did not take may be', () => {
    given(...whole, ordered)
      .when(withdraw, facts)
      .thenRefuses({ code: 'relation-in-crediting', orderedAt: T0, accountId: 'A1' });
    given(...whole, ordered, credited)
      .when(sendBack, facts)
      .thenRefuses({ code: 'relation-in-credited', creditedAt: T0, accountId: 'A1' });
    const hold = {
      type: 'HoldRelationCredit',
      data: { key: 'hold', transferInId: 'i-1', accountId: 'A1', reasons: ['credit-frozen'] },
    } as const;
    const held: RelationInEvent = {
      type: 'RelationCreditHeld.v1',
      decidedAt: T0,
      data: { transferInId: 'i-1', accountId: 'A1', reasons: ['credit-frozen'] },
    };
    given(...whole, ordered)
      .when(hold, facts)
      .thenRecords(held);
    given(...whole)
      .when(hold, facts)
      .thenRefuses({ code: 'relation-in-not-matched', missing: [] });
    given(...whole, ordered, held)
      .when(sendBack, facts)
      .thenRecords({ type: 'RelationMoneySentBack.v1', decidedAt: T0, data: sendBack.data });
    given(...whole, ordered, held)
      .when(order, facts)
      .thenRecords(ordered);
  });
  it('a message that comes again after the credit is answered as it was', () => {
    given(...whole, ordered, credited)
      .when(file(), facts)
      .thenReplays(at(0, registered()));
    given(...whole, ordered, credited)
      .when(money(keyed('again')), facts)
      .thenReplays(at(1, received()));
  });
  it.each([
    ['a second file', [registered(), registered()]],
    ['second money', [received(), received()]],
    ['a match of what is not there', [registered(), matched]],
    ['a match of other amounts', [registered({ priorYearFen: f(1) }), received(), matched]],
    ['an order of what was not matched', [registered(), ordered]],
    ['a credit of another account', [...whole, ordered, { ...credited, data: { ...credited.data, accountId: 'A2' } }]],
    ['anything after the credit', [...whole, ordered, credited, ordered]],
    ['a withdrawal while it is credited', [...whole, ordered, { type: 'RelationFileWithdrawn.v1', decidedAt: T0, data: withdraw.data }]],
  ])('the reader stops at %s', (_what, events) => {
    const fold = () =>
      events.reduce((state, event, i) => relationIn.evolve(state, at(i, event as RelationInEvent)), relationIn.initialState());
    expect(fold).toThrow();
  });
});

describe('stored forms of a relation from elsewhere', () => {
  const GOLDEN = join(__dirname, 'golden');
  it('have one golden file each', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(RELATION_IN_EVENT_TYPES.map((type) => `${type}.json`).sort());
  });
  it.each(RELATION_IN_EVENT_TYPES)('%s reads as it was written, and no member more or less', (type) => {
    const { data } = JSON.parse(readFileSync(join(GOLDEN, `${type}.json`), 'utf8')) as { data: Record<string, unknown> };
    const read = decodeRelationInEvent(type, data);
    expect(encodeRelationInEvent({ ...read, decidedAt: T0 } as RelationInEvent)).toStrictEqual(data);
    expect(() => decodeRelationInEvent(type, { ...data, more: 1 })).toThrow();
    const { transferInId: _, ...less } = data;
    expect(() => decodeRelationInEvent(type, less)).toThrow();
  });
  it('knows no other type, and tells every refusal in words that fit the till', () => {
    expect(() => decodeRelationInEvent('RelationLost.v1', {})).toThrow('unknown type RelationLost.v1');
    for (const { messageZh } of Object.values(RELATION_IN_REFUSALS)) expect(messageZh.length).toBeLessThanOrEqual(60);
  });
});
