import { recordedFrom } from '../../../test/support/decider-spec';
import {
  decodeInstitutionEvent,
  type InstitutionEvent,
  type InstitutionEventData,
  type InstitutionEventType,
  institution,
  institutionFactsAt,
  institutionView,
} from './index';

const T0 = '2026-01-01T01:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z'; // Noon in Asia/Shanghai.
const LATER = '2026-04-01T00:00:00.000Z';

let keys = 0;
const did = <T extends InstitutionEventType>(type: T, data: InstitutionEventData[T], decidedAt = T0) =>
  ({ type, decidedAt, data: { key: `B${keys++}`, commandHash: 'h', ...data } }) as unknown as InstitutionEvent;

const RECORD = {
  institutionCode: 'H1',
  name: '第一医院',
  kind: 'hospital',
  poolingArea: '370200',
  identityCheckEquipped: false,
} as const;
const YEAR = { agreementNo: 'A1', from: '2026-01-01', until: '2026-12-31', services: ['outpatient'] };
const registered = did('InstitutionRegistered.v1', RECORD);
const signed = did('AgreementSigned.v1', YEAR);
const terminal = did('TerminalRegistered.v1', { terminalCode: 'T1', media: ['stripe', 'qr'] });

const stateOf = (...history: InstitutionEvent[]) => recordedFrom(0)(history).reduce(institution.evolve, institution.initialState());
const agreementAt = (judgedAt: string, ...history: InstitutionEvent[]) =>
  institutionFactsAt(stateOf(...history), { judgedAt, operatorCode: 'O1', terminalCode: 'T1' }, 99)?.agreement;

describe('institution: the facts that a swipe is judged on', () => {
  it('are none for an institution that is not registered', () => {
    expect(institutionFactsAt(stateOf(), { judgedAt: NOW, operatorCode: 'O1', terminalCode: 'T1' }, -1)).toBeNull();
    expect(institutionView(stateOf())).toBeUndefined();
  });
  it('hold all of the institution at that instant', () => {
    const history = [
      registered,
      signed,
      terminal,
      did('OperatorBarred.v1', { operatorCode: 'O1', until: LATER, reason: 'r' }, NOW),
      did('IdentityCheckSet.v1', { equipped: true }, NOW),
      did('TerminalRetired.v1', { terminalCode: 'T1' }, NOW),
      did('MonthDeclared.v1', { month: '2026-02' }, NOW),
      did('InstitutionSucceeded.v1', { byInstitutionCode: 'H2' }, NOW),
    ];
    const at = (judgedAt: string) => institutionFactsAt(stateOf(...history), { judgedAt, operatorCode: 'O1', terminalCode: 'T1' }, 7);
    const before = '2026-03-10T03:59:59.999Z';
    const { name: _name, ...record } = RECORD;
    const always = {
      ...record,
      agreement: { status: 'inForce', revision: 1, services: ['outpatient'] },
      declaredThrough: '2026-02',
      succeededBy: 'H2',
    };
    expect(at(before)).toStrictEqual({ ...always, terminal: { media: ['stripe', 'qr'] }, operatorBarred: false, judgedAt: before });
    expect(at(NOW)).toStrictEqual({ ...always, identityCheckEquipped: true, terminal: null, operatorBarred: true, judgedAt: NOW });
    expect(at(LATER)?.operatorBarred).toBe(false);
  });
  it('an act that is known holds as things stand, though the clock of who judges is behind; a late entry is judged as it was then', () => {
    const suspended = did('AgreementSuspended.v1', { from: NOW, until: null, reason: 'r' }, NOW);
    const state = stateOf(registered, signed, suspended);
    const asked = { judgedAt: '2026-03-10T03:59:30.000Z', operatorCode: 'O1', terminalCode: 'T1' };
    expect(institutionFactsAt(state, { ...asked, isNow: true }, 2)).toMatchObject({ judgedAt: NOW, agreement: { status: 'suspended' } });
    expect(institutionFactsAt(state, { ...asked, isNow: false }, 2)).toMatchObject({
      judgedAt: asked.judgedAt,
      agreement: { status: 'inForce' },
    });
    expect(institutionFactsAt(state, { ...asked, judgedAt: LATER, isNow: true }, 2)?.judgedAt).toBe(LATER);
  });
  it('an agreement holds from the first midnight to the last, both in Asia/Shanghai', () => {
    const none = { status: 'none', revision: 99, services: [] };
    const inForce = { status: 'inForce', revision: 1, services: ['outpatient'] };
    expect(agreementAt('2025-12-31T15:59:59.999Z', registered, signed)).toStrictEqual(none);
    expect(agreementAt('2025-12-31T16:00:00.000Z', registered, signed)).toStrictEqual(inForce);
    expect(agreementAt('2026-12-31T15:59:59.999Z', registered, signed)).toStrictEqual(inForce);
    expect(agreementAt('2026-12-31T16:00:00.000Z', registered, signed)).toStrictEqual(none);
  });
  it('a suspension holds from its first instant up to its end, and signing does not lift it', () => {
    const suspended = did('AgreementSuspended.v1', { from: NOW, until: LATER, reason: 'r' });
    const renewed = did('AgreementSigned.v1', { ...YEAR, agreementNo: 'A2', from: '2027-01-01', until: '2027-12-31' });
    const open = did('AgreementSuspended.v1', { from: NOW, until: null, reason: 'r' });
    expect(agreementAt('2026-03-10T03:59:59.999Z', registered, signed, suspended)?.status).toBe('inForce');
    expect(agreementAt(NOW, registered, signed, suspended)).toStrictEqual({ status: 'suspended', revision: 2, services: ['outpatient'] });
    expect(agreementAt(LATER, registered, signed, suspended)).toStrictEqual({ status: 'inForce', revision: 1, services: ['outpatient'] });
    expect(agreementAt('2027-02-01T00:00:00.000Z', registered, signed, open, renewed)?.status).toBe('suspended');
  });
  it('a resumption is what a later settlement cites', () => {
    const history = [
      registered,
      signed,
      did('AgreementSuspended.v1', { from: T0, until: null, reason: 'r' }),
      did('AgreementResumed.v1', { reason: 'ok' }, NOW),
    ];
    expect(agreementAt('2026-02-01T00:00:00.000Z', ...history)).toMatchObject({ status: 'suspended', revision: 2 });
    expect(agreementAt(NOW, ...history)).toMatchObject({ status: 'inForce', revision: 3 });
  });
  it('a termination ends the agreement and those signed for later, until another is signed', () => {
    const next = did('AgreementSigned.v1', { ...YEAR, agreementNo: 'A2', from: '2027-01-01', until: '2027-12-31' });
    const suspended = did('AgreementSuspended.v1', { from: T0, until: null, reason: 'r' });
    const ended = did('AgreementTerminated.v1', { at: NOW, reason: 'r' });
    const anew = did('AgreementSigned.v1', { ...YEAR, agreementNo: 'A3', from: '2026-05-01' });
    const history = [registered, signed, next, suspended, ended];
    expect(agreementAt('2026-03-10T03:59:59.999Z', ...history)?.status).toBe('suspended');
    expect(agreementAt(NOW, ...history)).toStrictEqual({ status: 'terminated', revision: 4, services: [] });
    expect(agreementAt('2027-02-01T00:00:00.000Z', ...history)?.status).toBe('terminated');
    expect(agreementAt(LATER, ...history, anew)?.status).toBe('terminated');
    expect(agreementAt('2026-05-02T00:00:00.000Z', ...history, anew)).toMatchObject({ status: 'inForce', revision: 5 });
  });
  it('a closed institution is closed from then on', () => {
    const closed = did('InstitutionClosed.v1', { reason: 'r' }, NOW);
    expect(agreementAt(NOW, registered, signed, closed)).toStrictEqual({ status: 'closed', revision: 2, services: [] });
    expect(agreementAt('2026-03-10T03:59:59.999Z', registered, signed, closed)?.status).toBe('inForce');
  });
});

describe('institution: what is kept and read', () => {
  it('shows a clerk the whole record with its history', () => {
    const renamed = did('InstitutionRenamed.v1', { name: '新名' }, NOW);
    const view = institutionView(stateOf(registered, signed, terminal, renamed));
    expect(view).toMatchObject({ institutionCode: 'H1', name: '新名', registeredAt: T0, declaredThrough: null, closed: null });
    expect(view?.names).toStrictEqual([
      { name: '第一医院', from: T0 },
      { name: '新名', from: NOW },
    ]);
    expect(view?.terminals).toStrictEqual([{ terminalCode: 'T1', from: T0, until: null, media: ['stripe', 'qr'] }]);
    expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
  });
  it('stops at a stream that cannot be', () => {
    expect(() => stateOf(signed)).toThrow('AgreementSigned.v1 before the registration');
    expect(() => stateOf(registered, registered)).toThrow('InstitutionRegistered.v1 twice');
  });
  it('reads back what it wrote, and nothing else', () => {
    const every = [registered, signed, terminal, did('AgreementSuspended.v1', { from: T0, until: null, reason: 'r' })];
    for (const { type, data } of every)
      expect(decodeInstitutionEvent(type, JSON.parse(JSON.stringify(data)))).toStrictEqual({ type, data });
    expect(() => decodeInstitutionEvent('AgreementSigned.v2', signed.data)).toThrow('unknown institution event: AgreementSigned.v2');
    expect(() => decodeInstitutionEvent('AgreementSigned.v1', { ...signed.data, note: 'x' })).toThrow(
      'AgreementSigned.v1.note is not a known field',
    );
    expect(() => decodeInstitutionEvent('AgreementSigned.v1', { ...signed.data, until: '2026-02-30' })).toThrow(
      'AgreementSigned.v1.until is not a business date',
    );
  });
});
