import type { Recorded, RefusalRow } from '#libs/kernel';
import { deciderSpec, recordedFrom } from '../../../test/support/decider-spec';
import type { InstitutionCommandData, InstitutionCommandType } from './commands';
import {
  INSTITUTION_REFUSALS,
  type InstitutionCommand,
  type InstitutionEvent,
  type InstitutionEventData,
  type InstitutionEventType,
  institution,
  institutionStream,
} from './index';

const { given } = deciderSpec(institution);
const T0 = '2026-01-01T01:00:00.000Z';
const NOW = '2026-03-10T04:00:00.000Z'; // Noon in Asia/Shanghai.
const LATER = '2026-04-01T00:00:00.000Z';
const facts = { decidedAt: NOW };

const does = <T extends InstitutionCommandType>(type: T, data: InstitutionCommandData[T], key = 'K', commandHash = 'h') =>
  ({ type, data: { key, commandHash, ...data } }) as unknown as InstitutionCommand;
let keys = 0;
const did = <T extends InstitutionEventType>(type: T, data: InstitutionEventData[T], decidedAt = T0, key = `B${keys++}`) =>
  ({ type, decidedAt, data: { key, commandHash: 'h', ...data } }) as unknown as InstitutionEvent;
const now = <T extends InstitutionEventType>(type: T, data: InstitutionEventData[T]) => did(type, data, NOW, 'K');

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

describe('institution: register', () => {
  it('registers an institution once', () => {
    given().when(does('RegisterInstitution', RECORD), facts).thenRecords(now('InstitutionRegistered.v1', RECORD));
    given(registered)
      .when(does('RegisterInstitution', RECORD), facts)
      .thenRefuses({ code: 'institution-already-registered', registeredAt: T0 });
  });
  it('knows no act on an institution that is not registered', () => {
    given().when(does('SignAgreement', YEAR), facts).thenRefuses({ code: 'institution-unknown' });
  });
  it('answers a repeat of any act with the first event, and refuses its reference for another act', () => {
    const first = did('InstitutionRenamed.v1', { name: '新名' }, T0, 'K');
    const [, original] = recordedFrom(0)([registered, first]);
    given(registered, first)
      .when(does('RenameInstitution', { name: '新名' }), facts)
      .thenReplays(original as Recorded<InstitutionEvent>);
    given(registered, first, did('InstitutionClosed.v1', { reason: 'r' }))
      .when(does('RenameInstitution', { name: '新名' }), facts)
      .thenReplays(original as Recorded<InstitutionEvent>);
    given(registered, first)
      .when(does('RenameInstitution', { name: '又一名' }, 'K', 'other'), facts)
      .thenRefuses({ code: 'institution-key-used-with-other-content', firstAt: T0 });
  });
  it('writes one stream an institution', () => expect(institutionStream('H1')).toBe('institution-H1'));
});

describe('institution: sign agreement', () => {
  it('signs one period after another, also one that has begun already', () => {
    given(registered).when(does('SignAgreement', YEAR), facts).thenRecords(now('AgreementSigned.v1', YEAR));
    const next = { ...YEAR, agreementNo: 'A2', from: '2027-01-01', until: '2027-12-31' };
    given(registered, signed).when(does('SignAgreement', next), facts).thenRecords(now('AgreementSigned.v1', next));
  });
  it('signs no period that shares a single day with another', () => {
    const overlaps = { code: 'agreement-overlaps', agreementNo: 'A1', from: '2026-01-01', until: '2026-12-31' } as const;
    for (const period of [
      { from: '2026-12-31', until: '2027-12-30' },
      { from: '2025-01-01', until: '2026-01-01' },
    ])
      given(registered, signed)
        .when(does('SignAgreement', { ...YEAR, agreementNo: 'A2', ...period }), facts)
        .thenRefuses(overlaps);
    const before = { ...YEAR, agreementNo: 'A0', from: '2025-01-01', until: '2025-12-31' };
    given(registered, signed).when(does('SignAgreement', before), facts).thenRecords(now('AgreementSigned.v1', before));
  });
  it('may sign anew from the day of a termination, not from the day before', () => {
    const ended = did('AgreementTerminated.v1', { at: '2026-03-05T04:00:00.000Z', reason: 'r' });
    const anew = { ...YEAR, agreementNo: 'A2', from: '2026-03-05' };
    given(registered, signed, ended).when(does('SignAgreement', anew), facts).thenRecords(now('AgreementSigned.v1', anew));
    given(registered, signed, ended)
      .when(does('SignAgreement', { ...anew, from: '2026-03-04' }), facts)
      .thenRefuses({ code: 'agreement-overlaps', agreementNo: 'A1', from: '2026-01-01', until: '2026-12-31' });
  });
  it('names everything that is wrong with the paper at once', () => {
    given(registered, signed)
      .when(does('SignAgreement', { agreementNo: 'A1', from: '2028-06-02', until: '2028-06-01', services: [] }), facts)
      .thenRefuses(
        { code: 'agreement-period-reversed', from: '2028-06-02', until: '2028-06-01' },
        { code: 'agreement-without-services' },
        { code: 'agreement-number-used', agreementNo: 'A1' },
      );
  });
});

describe('institution: suspend, resume, terminate', () => {
  it('suspends from now on, or for a time', () => {
    given(registered, signed)
      .when(does('SuspendAgreement', { from: null, until: null, reason: 'r' }), facts)
      .thenRecords(now('AgreementSuspended.v1', { from: NOW, until: null, reason: 'r' }));
    const april = { from: LATER, until: '2026-05-01T00:00:00.000Z', reason: 'r' };
    given(registered, signed).when(does('SuspendAgreement', april), facts).thenRecords(now('AgreementSuspended.v1', april));
  });
  it('suspends nothing where there is no agreement then or later', () => {
    const suspend = does('SuspendAgreement', { from: null, until: null, reason: 'r' });
    given(registered).when(suspend, facts).thenRefuses({ code: 'agreement-absent', at: NOW });
    const expired = did('AgreementSigned.v1', { ...YEAR, until: '2026-03-09' });
    given(registered, expired).when(suspend, facts).thenRefuses({ code: 'agreement-absent', at: NOW });
    const lastDay = did('AgreementSigned.v1', { ...YEAR, until: '2026-03-10' });
    given(registered, lastDay)
      .when(suspend, facts)
      .thenRecords(now('AgreementSuspended.v1', { from: NOW, until: null, reason: 'r' }));
  });
  it('suspends no time twice, but again after the end', () => {
    const until = '2026-03-20T00:00:00.000Z';
    const suspended = did('AgreementSuspended.v1', { from: T0, until, reason: 'r' });
    given(registered, signed, suspended)
      .when(does('SuspendAgreement', { from: null, until: NOW, reason: 'r' }), facts)
      .thenRefuses({ code: 'suspension-period-reversed', from: NOW, until: NOW }, { code: 'agreement-already-suspended', from: T0, until });
    given(registered, signed, suspended)
      .when(does('SuspendAgreement', { from: until, until: null, reason: 'r' }), facts)
      .thenRecords(now('AgreementSuspended.v1', { from: until, until: null, reason: 'r' }));
  });
  it('resumes what is suspended now or is to be, and nothing else', () => {
    const resume = does('ResumeAgreement', { reason: 'ok' });
    given(registered, signed, did('AgreementSuspended.v1', { from: LATER, until: null, reason: 'r' }))
      .when(resume, facts)
      .thenRecords(now('AgreementResumed.v1', { reason: 'ok' }));
    given(registered, signed).when(resume, facts).thenRefuses({ code: 'agreement-not-suspended' });
    given(registered, signed, did('AgreementSuspended.v1', { from: T0, until: NOW, reason: 'r' }))
      .when(resume, facts)
      .thenRefuses({ code: 'agreement-not-suspended' });
  });
  it('terminates from now or from a day to come, and not twice', () => {
    const terminate = does('TerminateAgreement', { at: null, reason: 'r' });
    given(registered, signed)
      .when(terminate, facts)
      .thenRecords(now('AgreementTerminated.v1', { at: NOW, reason: 'r' }));
    given(registered, signed)
      .when(does('TerminateAgreement', { at: LATER, reason: 'r' }), facts)
      .thenRecords(now('AgreementTerminated.v1', { at: LATER, reason: 'r' }));
    given(registered, signed, did('AgreementTerminated.v1', { at: T0, reason: 'r' }))
      .when(terminate, facts)
      .thenRefuses({ code: 'agreement-absent', at: NOW });
  });
});

describe('institution: name, successor, closing', () => {
  it('renames, and refuses the name it has', () => {
    given(registered)
      .when(does('RenameInstitution', { name: '新名' }), facts)
      .thenRecords(now('InstitutionRenamed.v1', { name: '新名' }));
    given(registered)
      .when(does('RenameInstitution', { name: '第一医院' }), facts)
      .thenRefuses({ code: 'institution-nothing-changes' });
  });
  it('is succeeded by one other institution', () => {
    const succeed = (byInstitutionCode: string) => does('SucceedInstitution', { byInstitutionCode });
    const succeeded = did('InstitutionSucceeded.v1', { byInstitutionCode: 'H2' });
    given(registered)
      .when(succeed('H2'), facts)
      .thenRecords(now('InstitutionSucceeded.v1', { byInstitutionCode: 'H2' }));
    given(registered).when(succeed('H1'), facts).thenRefuses({ code: 'institution-succeeds-itself' });
    given(registered, succeeded).when(succeed('H2'), facts).thenRefuses({ code: 'institution-nothing-changes' });
    given(registered, succeeded).when(succeed('H3'), facts).thenRefuses({ code: 'institution-already-succeeded', byInstitutionCode: 'H2' });
  });
  it('once closed, still declares its months and names its successor, and nothing else', () => {
    const closed = did('InstitutionClosed.v1', { reason: 'r' });
    given(registered)
      .when(does('CloseInstitution', { reason: 'r' }), facts)
      .thenRecords(now('InstitutionClosed.v1', { reason: 'r' }));
    given(registered, closed).when(does('SignAgreement', YEAR), facts).thenRefuses({ code: 'institution-record-closed', closedAt: T0 });
    given(registered, closed)
      .when(does('CloseInstitution', { reason: 'r' }), facts)
      .thenRefuses({ code: 'institution-record-closed', closedAt: T0 });
    given(registered, closed)
      .when(does('DeclareMonth', { month: '2026-02' }), facts)
      .thenRecords(now('MonthDeclared.v1', { month: '2026-02' }));
    given(registered, closed)
      .when(does('SucceedInstitution', { byInstitutionCode: 'H2' }), facts)
      .thenRecords(now('InstitutionSucceeded.v1', { byInstitutionCode: 'H2' }));
  });
});

describe('institution: terminals, operators, identity check', () => {
  it('registers a terminal with the media it reads, and again after it was retired', () => {
    const data = { terminalCode: 'T1', media: ['contactChip'] as const };
    const retired = did('TerminalRetired.v1', { terminalCode: 'T1' });
    given(registered).when(does('RegisterTerminal', data), facts).thenRecords(now('TerminalRegistered.v1', data));
    given(registered, terminal, retired).when(does('RegisterTerminal', data), facts).thenRecords(now('TerminalRegistered.v1', data));
    given(registered, terminal)
      .when(does('RegisterTerminal', { ...data, media: [] }), facts)
      .thenRefuses({ code: 'terminal-without-media' }, { code: 'terminal-already-registered', terminalCode: 'T1' });
    given(registered, terminal)
      .when(does('RetireTerminal', { terminalCode: 'T1' }), facts)
      .thenRecords(now('TerminalRetired.v1', { terminalCode: 'T1' }));
    given(registered, terminal, retired)
      .when(does('RetireTerminal', { terminalCode: 'T1' }), facts)
      .thenRefuses({ code: 'terminal-not-registered', terminalCode: 'T1' });
  });
  it('bars an operator once at a time and lifts only a bar that holds', () => {
    const bar = { operatorCode: 'O1', until: LATER, reason: 'r' };
    const lift = does('UnbarOperator', { operatorCode: 'O1' });
    given(registered).when(does('BarOperator', bar), facts).thenRecords(now('OperatorBarred.v1', bar));
    given(registered, did('OperatorBarred.v1', bar))
      .when(does('BarOperator', { ...bar, until: NOW }), facts)
      .thenRefuses(
        { code: 'operator-bar-ends-in-the-past', until: NOW },
        { code: 'operator-already-barred', operatorCode: 'O1', until: LATER },
      );
    given(registered, did('OperatorBarred.v1', bar))
      .when(lift, facts)
      .thenRecords(now('OperatorUnbarred.v1', { operatorCode: 'O1' }));
    given(registered, did('OperatorBarred.v1', { ...bar, until: NOW }))
      .when(lift, facts)
      .thenRefuses({ code: 'operator-not-barred', operatorCode: 'O1' });
  });
  it('notes whether the institution is equipped to check identity', () => {
    given(registered)
      .when(does('SetIdentityCheck', { equipped: true }), facts)
      .thenRecords(now('IdentityCheckSet.v1', { equipped: true }));
    given(registered)
      .when(does('SetIdentityCheck', { equipped: false }), facts)
      .thenRefuses({ code: 'institution-nothing-changes' });
  });
});

describe('institution: declare month', () => {
  const declare = (month: string) => does('DeclareMonth', { month });
  const declared = (month: string) => did('MonthDeclared.v1', { month });
  it('declares months that are over, in order, across the turn of the year', () => {
    given(registered)
      .when(declare('2026-02'), facts)
      .thenRecords(now('MonthDeclared.v1', { month: '2026-02' }));
    given(registered, declared('2025-12'))
      .when(declare('2026-01'), facts)
      .thenRecords(now('MonthDeclared.v1', { month: '2026-01' }));
    given(registered, declared('2025-12'))
      .when(declare('2026-02'), facts)
      .thenRefuses({ code: 'month-out-of-order', nextMonth: '2026-01' });
    given(registered, declared('2026-02'))
      .when(declare('2026-02'), facts)
      .thenRefuses({ code: 'month-already-declared', declaredThrough: '2026-02' });
    given(registered, declared('2026-02')).when(declare('2026-03'), facts).thenRefuses({ code: 'month-not-over', month: '2026-03' });
  });
  it('a month is over at midnight in Asia/Shanghai', () => {
    const march = declare('2026-03');
    given(registered).when(march, { decidedAt: '2026-03-31T15:59:59.999Z' }).thenRefuses({ code: 'month-not-over', month: '2026-03' });
    const decidedAt = '2026-03-31T16:00:00.000Z';
    given(registered)
      .when(march, { decidedAt })
      .thenRecords(did('MonthDeclared.v1', { month: '2026-03' }, decidedAt, 'K'));
  });
});

describe('institution: refusals', () => {
  it('tells every refusal in words that fit the till', () => {
    for (const [code, { messageZh, messageEn, remedyZh, remedyEn }] of Object.entries<RefusalRow>(INSTITUTION_REFUSALS)) {
      expect([code, messageZh.length <= 60 && remedyZh.length <= 60]).toStrictEqual([code, true]);
      expect([code, [messageZh, messageEn, remedyZh, remedyEn].every((text) => text.length > 0)]).toStrictEqual([code, true]);
    }
  });
});
