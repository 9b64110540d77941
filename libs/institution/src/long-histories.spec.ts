import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import type { InstitutionCommandData, InstitutionCommandType } from './commands';
import {
  type InstitutionCommand,
  type InstitutionEvent,
  type InstitutionEventData,
  type InstitutionEventType,
  institution,
  institutionFactsAt,
  institutionView,
} from './index';

const { given } = deciderSpec(institution);
const T0 = '2026-01-01T01:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z'; // Noon in Asia/Shanghai.
const SOON = '2026-03-20T00:00:00.000Z';
const LATER = '2026-04-01T00:00:00.000Z';
const facts = { decidedAt: NOW };
const reason = 'r';

const does = <T extends InstitutionCommandType>(type: T, data: InstitutionCommandData[T]) =>
  ({ type, data: { key: 'K', commandHash: 'h', ...data } }) as unknown as InstitutionCommand;
let keys = 0;
const did = <T extends InstitutionEventType>(type: T, data: InstitutionEventData[T], decidedAt = T0, key = `B${keys++}`) =>
  ({ type, decidedAt, data: { key, commandHash: 'h', ...data } }) as unknown as InstitutionEvent;
const now = <T extends InstitutionEventType>(type: T, data: InstitutionEventData[T]) => did(type, data, NOW, 'K');

const RECORD = { institutionCode: 'H1', name: '第一医院', kind: 'hospital', poolingArea: '370200', identityCheckEquipped: true } as const;
const YEAR = { agreementNo: 'A1', from: '2026-01-01', until: '2026-12-31', services: ['outpatient'] };
const registered = did('InstitutionRegistered.v1', RECORD);
const sign = (agreementNo: string, from: string, until = '2026-12-31') => did('AgreementSigned.v1', { ...YEAR, agreementNo, from, until });
const signed = sign('A1', '2026-01-01');
const suspended = (from: string, until: string | null = null) => did('AgreementSuspended.v1', { from, until, reason });
const resumed = (decidedAt: string) => did('AgreementResumed.v1', { reason }, decidedAt);
const terminated = (at: string) => did('AgreementTerminated.v1', { at, reason });
const barred = (decidedAt: string, until: string | null) => did('OperatorBarred.v1', { operatorCode: 'O1', until, reason }, decidedAt);

const stateOf = (...history: InstitutionEvent[]) => recordedFrom(0)(history).reduce(institution.evolve, institution.initialState());
const factsAt = (judgedAt: string, ...history: InstitutionEvent[]) =>
  institutionFactsAt(stateOf(...history), { judgedAt, operatorCode: 'O1', terminalCode: 'T1' }, 99);
const agreementAt = (judgedAt: string, ...history: InstitutionEvent[]) => {
  const agreement = factsAt(judgedAt, ...history)?.agreement;
  return [agreement?.status, agreement?.revision];
};

describe('institution: agreements one after the other', () => {
  it('an agreement of a single day is one', () => {
    const day = { ...YEAR, from: '2026-03-10', until: '2026-03-10' };
    given(registered).when(does('SignAgreement', day), facts).thenRecords(now('AgreementSigned.v1', day));
  });
  it('what was terminated before it held a whole day is in no one’s way', () => {
    const anew = { ...YEAR, agreementNo: 'A2', from: '2026-03-01', until: '2027-12-31' };
    for (const never of ['2027-01-01', '2026-03-05'])
      given(registered, sign('A1', never, '2027-06-30'), terminated('2026-03-05T04:00:00.000Z'))
        .when(does('SignAgreement', anew), facts)
        .thenRecords(now('AgreementSigned.v1', anew));
  });
  it('the last day ends at midnight in Asia/Shanghai, for who wants to suspend it too', () => {
    const suspend = does('SuspendAgreement', { from: null, until: null, reason });
    const midnight = '2026-03-09T16:00:00.000Z';
    const history = [registered, sign('A1', '2026-01-01', '2026-03-09')];
    given(...history)
      .when(suspend, { decidedAt: midnight })
      .thenRefuses({ code: 'agreement-absent', at: midnight });
    const before = '2026-03-09T15:59:59.999Z';
    given(...history)
      .when(suspend, { decidedAt: before })
      .thenRecords(did('AgreementSuspended.v1', { from: before, until: null, reason }, before, 'K'));
  });
  it('of two terminations the earlier ends the agreement, whichever was recorded first', () => {
    expect(agreementAt(SOON, registered, signed, terminated(LATER), terminated(NOW))).toStrictEqual(['terminated', 3]);
    const next = sign('A2', '2026-03-25');
    const history = [registered, signed, terminated(NOW), next, terminated(LATER)];
    expect(agreementAt('2026-03-10T03:59:59.999Z', ...history)).toStrictEqual(['inForce', 1]);
    expect(agreementAt(SOON, ...history)).toStrictEqual(['terminated', 2]);
    expect(agreementAt('2026-03-26T00:00:00.000Z', ...history)).toStrictEqual(['inForce', 3]);
  });
  it('what has lapsed is not brought back by a termination to come, and is not terminated before it comes', () => {
    const history = [registered, sign('A1', '2026-01-01', '2026-03-09'), sign('A2', '2026-05-01'), terminated(LATER)];
    expect(agreementAt(SOON, ...history)).toStrictEqual(['none', 99]);
    expect(agreementAt(LATER, ...history)).toStrictEqual(['terminated', 3]);
  });
  it('what was signed after a termination and has lapsed is lapsed, not terminated', () => {
    const history = [registered, signed, terminated(NOW), sign('A2', '2026-05-01', '2026-06-30')];
    expect(agreementAt('2026-04-30T00:00:00.000Z', ...history)).toStrictEqual(['terminated', 2]);
    expect(agreementAt('2026-08-01T00:00:00.000Z', ...history)).toStrictEqual(['none', 99]);
  });
});

describe('institution: suspensions one after the other', () => {
  it('a suspension that was called off before it began is in no one’s way, and no settlement cites its end', () => {
    const all = { from: T0, until: null, reason };
    for (const from of [LATER, NOW]) {
      const history = [registered, signed, suspended(from), resumed(NOW)];
      given(...history)
        .when(does('SuspendAgreement', all), facts)
        .thenRecords(now('AgreementSuspended.v1', all));
      expect(agreementAt(SOON, ...history)).toStrictEqual(['inForce', 1]);
      expect(agreementAt('2026-05-01T00:00:00.000Z', ...history)).toStrictEqual(['inForce', 1]);
    }
  });
  it('an open suspension leaves no room for another; one to come leaves room up to its first instant', () => {
    const suspend = (until: string | null) => does('SuspendAgreement', { from: null, until, reason });
    const again = { code: 'agreement-already-suspended', until: null } as const;
    given(registered, signed, suspended(T0))
      .when(suspend(null), facts)
      .thenRefuses({ ...again, from: T0 });
    given(registered, signed, suspended(LATER))
      .when(suspend(null), facts)
      .thenRefuses({ ...again, from: LATER });
    given(registered, signed, suspended(LATER))
      .when(suspend('2026-04-01T00:00:00.001Z'), facts)
      .thenRefuses({ ...again, from: LATER });
    given(registered, signed, suspended(LATER))
      .when(suspend(LATER), facts)
      .thenRecords(now('AgreementSuspended.v1', { from: NOW, until: LATER, reason }));
  });
  it('is resumed before its end, once; what is terminated before it begins cannot be', () => {
    const resume = does('ResumeAgreement', { reason });
    given(registered, signed, suspended(T0, LATER)).when(resume, facts).thenRecords(now('AgreementResumed.v1', { reason }));
    for (const end of [SOON, LATER])
      given(registered, signed, suspended(LATER), terminated(end)).when(resume, facts).thenRefuses({ code: 'agreement-not-suspended' });
    expect(agreementAt(SOON, registered, signed, suspended(T0, LATER), resumed(NOW))).toStrictEqual(['inForce', 3]);
  });
  it('a late entry from before the suspension cites the signing', () => {
    const history = [registered, signed, suspended(T0), resumed(NOW)];
    expect(agreementAt('2025-12-31T20:00:00.000Z', ...history)).toStrictEqual(['inForce', 1]);
  });
  it('a resumption ends no suspension that had ended by then', () => {
    const first = [registered, signed, suspended(T0), resumed('2026-02-01T00:00:00.000Z')];
    const second = [suspended('2026-02-15T00:00:00.000Z'), resumed(NOW)];
    expect(agreementAt('2026-02-10T00:00:00.000Z', ...first, ...second)).toStrictEqual(['inForce', 3]);
    expect(agreementAt(NOW, ...first, ...second)).toStrictEqual(['inForce', 5]);
    const view = institutionView(stateOf(registered, signed, suspended(T0, NOW), suspended(SOON), resumed(NOW)));
    expect(view?.suspensions).toStrictEqual([
      { from: T0, until: NOW, reason, revision: 2, resumed: null },
      { from: SOON, until: null, reason, revision: 3, resumed: { at: NOW, revision: 4, reason } },
    ]);
  });
  it('ends with the termination of what it suspended, and not with one from before it', () => {
    const later = sign('A2', '2026-03-15');
    expect(agreementAt(SOON, registered, signed, suspended(T0, LATER), terminated(NOW), later)).toStrictEqual(['inForce', 4]);
    expect(agreementAt(SOON, registered, signed, terminated(NOW), later, suspended(NOW))).toStrictEqual(['suspended', 4]);
    expect(agreementAt('2026-03-25T00:00:00.000Z', registered, signed, suspended(T0, SOON), terminated(LATER))).toStrictEqual([
      'inForce',
      1,
    ]);
  });
});

describe('institution: operators, months and the record', () => {
  it('an operator who was barred before is barred again, and free once the bar is lifted', () => {
    const bars = [barred(T0, '2026-02-01T00:00:00.000Z'), barred('2026-03-01T00:00:00.000Z', null)];
    expect(factsAt(SOON, registered, ...bars)?.operatorBarred).toBe(true);
    given(registered, ...bars)
      .when(does('UnbarOperator', { operatorCode: 'O1' }), facts)
      .thenRecords(now('OperatorUnbarred.v1', { operatorCode: 'O1' }));
    const lifted = did('OperatorUnbarred.v1', { operatorCode: 'O1' }, NOW);
    expect(factsAt(SOON, registered, ...bars, lifted)?.operatorBarred).toBe(false);
    expect(factsAt('2026-03-05T00:00:00.000Z', registered, ...bars, lifted)?.operatorBarred).toBe(true);
  });
  it('names the month that is next, within a year too', () => {
    const after = (month: string, nextMonth: string) =>
      given(registered, did('MonthDeclared.v1', { month }))
        .when(does('DeclareMonth', { month: '2026-01' }), facts)
        .thenRefuses({ code: 'month-out-of-order', nextMonth });
    after('2025-08', '2025-09');
    after('2025-09', '2025-10');
  });
  it('a bill from before the registration is judged on what was registered', () => {
    expect(factsAt('2025-12-31T00:00:00.000Z', registered)?.identityCheckEquipped).toBe(true);
  });
  it('the record shows all of its history, and goes by the newest name', () => {
    const renamed = (name: string, at: string) => did('InstitutionRenamed.v1', { name }, at);
    const history = [registered, renamed('二', SOON), renamed('三', LATER), signed, suspended(NOW), terminated(LATER), barred(NOW, LATER)];
    expect(institutionView(stateOf(...history))).toStrictEqual({
      institutionCode: 'H1',
      kind: 'hospital',
      poolingArea: '370200',
      registeredAt: T0,
      name: '三',
      names: [
        { name: '第一医院', from: T0 },
        { name: '二', from: SOON },
        { name: '三', from: LATER },
      ],
      identityCheckEquipped: true,
      agreements: [{ ...YEAR, revision: 3 }],
      suspensions: [{ from: NOW, until: null, reason, revision: 4, resumed: null }],
      terminations: [{ at: LATER, reason, revision: 5 }],
      terminals: [],
      barredOperators: [{ operatorCode: 'O1', from: NOW, until: LATER, reason }],
      declaredThrough: null,
      succeededBy: null,
      closed: null,
    });
  });
  it('no event closes the books: the stream is read from its first', () => {
    expect([registered, did('InstitutionClosed.v1', { reason })].map(institution.isClosing)).toStrictEqual([false, false]);
  });
});
