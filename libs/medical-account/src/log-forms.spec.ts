import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '#libs/kernel';
import { facts, institution, recorded, settled, T0 } from '../../../test/support/account-fixture';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import { ACCOUNT_EVENT_TYPES } from './codec';
import {
  type AttemptEvent,
  attempts,
  attemptsStream,
  decodeAccountEvent,
  decodeAttemptEvent,
  decodeVoidEvent,
  encodeAccountEvent,
  encodeAttemptEvent,
  encodeVoidEvent,
  leftOutOf,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  REFUSALS,
  recordedAccountEvent,
  type SettlementKeyVoided,
  settlementVoid,
  type VoidSettlementKey,
} from './index';

const GOLDEN = join(__dirname, 'golden');
type Golden = Readonly<{ decidedAt: string; data: Record<string, unknown> }>;
const golden = (type: string): Golden => JSON.parse(readFileSync(join(GOLDEN, `${type}.json`), 'utf8')) as Golden;
const decode = (type: string, data: unknown): unknown => {
  if (type === 'SettlementKeyVoided.v1') return decodeVoidEvent(type, data, T0);
  return type.startsWith('Attempt') ? decodeAttemptEvent(type, data) : decodeAccountEvent(type, data, T0);
};
const encode = (event: object): unknown => {
  const { type } = event as { type: string };
  if (type === 'SettlementKeyVoided.v1') return encodeVoidEvent({ ...event, decidedAt: T0 } as SettlementKeyVoided);
  return type.startsWith('Attempt')
    ? encodeAttemptEvent({ ...event, decidedAt: T0 } as AttemptEvent)
    : encodeAccountEvent({ ...event, decidedAt: T0 } as MedicalAccountEvent);
};
const TYPES = [...ACCOUNT_EVENT_TYPES, 'SettlementKeyVoided.v1', 'AttemptRefused.v1', 'AttemptRepeated.v1'];

describe('stored forms of the account’s events', () => {
  it('has one golden file for each stored type and version, and no other', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(TYPES.map((type) => `${type}.json`).sort());
  });
  it.each(TYPES)('reads %s as it was written, and every byte of it', (type) => {
    const { data } = golden(type);
    const whole = decode(type, data) as { type: string; data: object };
    expect(whole.type).toBe(type);
    expect(canonicalJson(encode(whole))).toBe(canonicalJson(data));
    expect(decode(type, JSON.parse(JSON.stringify(encode(whole))))).toStrictEqual(whole);
  });
  it('leaves out what is usual, and reads what is left out', () => {
    const { data } = golden('SwipeSettled.v1');
    expect(Object.keys(data)).not.toEqual(expect.arrayContaining(['entry']));
    expect(decode('SwipeSettled.v1', data)).toMatchObject({
      data: {
        entry: 'online',
        payment: 'upToBalance',
        lateReason: null,
        serial: 'S1',
        businessDate: '2026-03-01',
        holderCheck: { reference: null },
      },
    });
  });
  it.each(ACCOUNT_EVENT_TYPES)('knows one spelling only of %s: what may be left out is', (type) => {
    const { data } = golden(type);
    for (const [name, means] of Object.entries(leftOutOf(type)))
      expect(() => decode(type, { ...data, [name]: means })).toThrow(/is not (left out|a record with)/);
  });
  it('names the card of a swipe in its legs, and beside them only where it paid nothing', () => {
    const event = recorded(3, settled());
    const unpaid = { ...event, data: { ...event.data, legs: [], cashPaymentFen: event.data.totalFeeFen } };
    expect(encodeAccountEvent(event)).not.toHaveProperty('cardId');
    expect(encodeAccountEvent(unpaid)).toHaveProperty('cardId', event.data.cardId);
    for (const one of [event, unpaid]) expect(decodeAccountEvent(one.type, encodeAccountEvent(one), T0)).toMatchObject({ data: one.data });
    const short = encodeAccountEvent(event) as object;
    expect(() => decodeAccountEvent(event.type, { ...short, cardId: event.data.cardId }, T0)).toThrow('cardId is not left out');
    expect(() => decodeAccountEvent(event.type, { ...short, legs: [] }, T0)).toThrow('cardId is not text');
  });
  it('writes no event whose serial or day is not that of its key and decision', () => {
    const event = recorded(3, settled());
    for (const other of [{ serial: 'S2' }, { businessDate: '2026-03-02' }])
      expect(() => encodeAccountEvent({ ...event, data: { ...event.data, ...other } })).toThrow('not those of key and decision');
  });
  it.each(TYPES)('stops at %s with a member missing, wrong or added', (type) => {
    const { data } = golden(type);
    for (const name of Object.keys(data)) {
      if (['command', 'facts'].includes(name)) continue; // Any JSON.
      const { [name]: _left, ...rest } = data;
      if (!Object.hasOwn({ ...leftOutOf(type), account: null }, name)) expect(() => decode(type, rest)).toThrow('stored event');
      expect(() => decode(type, { ...data, [name]: { not: 1 } })).toThrow('stored event');
    }
    expect(() => decode(type, { ...data, more: 1 })).toThrow('members only');
    expect(() => decode(type, null)).toThrow('stored event');
  });
  it('stops at a type that it does not know, also at one that every object has', () => {
    for (const type of ['SwipeSettled.v2', 'toString']) expect(() => decodeAccountEvent(type, {}, T0)).toThrow(`unknown type ${type}`);
    expect(() => decodeVoidEvent('SettlementKeyVoided.v2', {}, T0)).toThrow('unknown type');
    expect(() => decodeAttemptEvent('AttemptRefused.v2', {})).toThrow('unknown type');
  });
  it('never puts a value into the error: it could be personal', () => {
    const { data } = golden('SwipeSettled.v1');
    expect(() => decodeAccountEvent('SwipeSettled.v1', { ...data, totalFeeFen: '37020019800101001X' }, T0)).toThrow(
      /^stored event: SwipeSettled.v1.totalFeeFen is not a whole number of fen$/,
    );
  });
  it('gives the fold a whole envelope', () => {
    const event = recorded(3, settled());
    expect(recordedAccountEvent({ ...event, data: encodeAccountEvent(event) })).toStrictEqual(event);
  });
});

describe('the refusal catalogue', () => {
  it('fits a line of the till, says what to do, and knows no code twice', () => {
    for (const row of Object.values(REFUSALS)) {
      for (const zh of [row.messageZh, row.remedyZh]) {
        expect(zh.length).toBeGreaterThan(0);
        expect(zh.length).toBeLessThanOrEqual(60);
      }
      expect(row.messageEn).toMatch(/\.$/);
      expect(row.remedyEn).toMatch(/\.$/);
    }
  });
});

describe('settlement void: a reversal that came first', () => {
  const { given } = deciderSpec(settlementVoid, 'settlementVoid-H1-S1');
  const data = {
    key: 'settlement-H1-R1',
    commandHash: 'h',
    institutionCode: 'H1',
    serial: 'R1',
    voidedKey: 'settlement-H1-S1',
    note: null,
  };
  const command: VoidSettlementKey = { type: 'VoidSettlementKey', data };
  const voided: SettlementKeyVoided = { type: 'SettlementKeyVoided.v1', decidedAt: T0, data: { ...data, businessDate: '2026-03-01' } };
  it('takes the key, once, and answers a repeat with the original', () => {
    given().when(command, facts()).thenRecords(voided);
    given(voided)
      .when(command, facts({ institution: null }))
      .thenReplays({ ...voided, id: 'e0', stream: 'settlementVoid-H1-S1', revision: 0 });
  });
  it('refuses another use of the serial, another reversal of the key, and a serial that stands for something else', () => {
    given(voided)
      .when({ ...command, data: { ...data, commandHash: 'other' } }, facts())
      .thenRefuses({ code: 'key-used-with-different-content', firstAt: T0, act: 'SettlementKeyVoided.v1' });
    given(voided)
      .when({ ...command, data: { ...data, key: 'settlement-H1-R2', serial: 'R2' } }, facts())
      .thenRefuses({ code: 'settlement-key-voided', voidedAt: T0 });
    const postings = [{ original: recorded(3, settled()), undone: NOTHING_UNDONE }];
    given().when(command, facts({ postings })).thenRefuses({ code: 'serial-used-for-other-act', firstAt: T0, act: 'SwipeSettled.v1' });
    given()
      .when(command, facts({ institution: null }))
      .thenRefuses({ code: 'institution-not-registered' });
    given()
      .when(command, facts({ institution: institution({ agreement: { status: 'suspended', revision: 1, services: [] } }) }))
      .thenRecords(voided);
  });
  it('stops at a stream that voids twice', () => {
    expect(() => recordedFrom(0)([voided, voided]).reduce(settlementVoid.evolve, settlementVoid.initialState())).toThrow('voided twice');
  });
});

describe('refused attempts of an institution’s day', () => {
  const { given } = deciderSpec(attempts, attemptsStream('H1', '2026-03-01', 0));
  const attempt = (attemptKey: string, ...codes: [string, ...string[]]) =>
    ({
      type: 'RecordAttempt',
      data: { attemptKey, command: { serial: 'S1' }, facts: {}, account: null, reasons: codes.map((code) => ({ code })) as never },
    }) as const;
  const refused = (...args: Parameters<typeof attempt>): AttemptEvent => ({
    type: 'AttemptRefused.v1',
    decidedAt: T0,
    data: attempt(...args).data,
  });
  const repeated = (attemptKey: string, count: number): AttemptEvent => ({
    type: 'AttemptRepeated.v1',
    decidedAt: T0,
    data: { attemptKey, count },
  });
  it('records the first, and counts the same attempt with the same reasons', () => {
    given().when(attempt('a', 'card-stopped'), { decidedAt: T0 }).thenRecords(refused('a', 'card-stopped'));
    given(refused('a', 'card-stopped')).when(attempt('a', 'card-stopped'), { decidedAt: T0 }).thenRecords(repeated('a', 2));
    given(refused('a', 'card-stopped'), repeated('a', 2))
      .when(attempt('a', 'card-stopped'), { decidedAt: T0 })
      .thenRecords(repeated('a', 3));
  });
  it('counts in one step those that were only told to wait', () => {
    const four = { ...attempt('a', 'card-stopped'), data: { ...attempt('a', 'card-stopped').data, times: 4 } };
    given().when(four, { decidedAt: T0 }).thenRecords(refused('a', 'card-stopped'), repeated('a', 4));
    given(refused('a', 'card-stopped')).when(four, { decidedAt: T0 }).thenRecords(repeated('a', 5));
  });
  it('records it anew for other reasons, and another attempt for itself', () => {
    const first = refused('a', 'card-stopped');
    given(first)
      .when(attempt('a', 'card-stopped', 'operator-barred'), { decidedAt: T0 })
      .thenRecords(refused('a', 'card-stopped', 'operator-barred'));
    given(first).when(attempt('b', 'card-stopped'), { decidedAt: T0 }).thenRecords(refused('b', 'card-stopped'));
  });
  it('names its stream by institution, day and shard, and stops at a count out of order', () => {
    expect(attemptsStream('H1', '2026-03-01', 3)).toBe('attempts-H1-2026-03-01-3');
    const damaged = recordedFrom(0)<AttemptEvent>([refused('a', 'x'), repeated('a', 1)]);
    expect(() => damaged.reduce(attempts.evolve, attempts.initialState())).toThrow('out of order');
  });
});
