import { businessDateOf, type Decider, type Decision, type Instant, type Recorded } from '#libs/kernel';
import { endOf, freeFrom, suspensionEnd } from './agreement';
import type { InstitutionCommand, InstitutionCommandData, InstitutionCommandType, InstitutionDecisionFacts } from './commands';
import type { InstitutionEvent, InstitutionEventData, InstitutionEventType, Keyed } from './events';
import { type InstitutionRefusal, refuse } from './refusals';
import { evolve, holdsAt, type InstitutionState, initialState } from './state';

type Outcome = Decision<InstitutionEvent, InstitutionRefusal>;
type Rule<T extends InstitutionCommandType> = (
  data: Readonly<InstitutionCommandData[T]>,
  state: InstitutionState,
  decidedAt: Instant,
) => Readonly<{ fact: Fact; refusals: readonly InstitutionRefusal[] }>;
type Fact = { [T in InstitutionEventType]: Readonly<{ type: T; data: InstitutionEventData[T] }> }[InstitutionEventType];

const when = (holds: boolean, refusal: InstitutionRefusal): readonly InstitutionRefusal[] => (holds ? [refusal] : []);

const lacksAgreement = (state: InstitutionState, at: Instant) =>
  when(!state.agreements.some((agreement) => endOf(agreement, state) > at), { code: 'agreement-absent', at });

/** Signed late is common: a period may begin in the past. */
const signAgreement: Rule<'SignAgreement'> = ({ agreementNo, from, until, services }, state) => {
  const overlapping = state.agreements.find(
    (other) => from < freeFrom(other, state) && other.from <= until && other.from < freeFrom(other, state),
  );
  return {
    fact: { type: 'AgreementSigned.v1', data: { agreementNo, from, until, services } },
    refusals: [
      ...when(until < from, { code: 'agreement-period-reversed', from, until }),
      ...when(services.length === 0, { code: 'agreement-without-services' }),
      ...when(
        state.agreements.some((other) => other.agreementNo === agreementNo),
        { code: 'agreement-number-used', agreementNo },
      ),
      ...(overlapping === undefined
        ? []
        : [
            { code: 'agreement-overlaps' as const, agreementNo: overlapping.agreementNo, from: overlapping.from, until: overlapping.until },
          ]),
    ],
  };
};

/** May begin in the past, as a decision of the agency does; what was settled meanwhile stays, and is found at pay-out. */
const suspendAgreement: Rule<'SuspendAgreement'> = (data, state, decidedAt) => {
  const from = data.from ?? decidedAt;
  const { until, reason } = data;
  const refusals: InstitutionRefusal[] = [...lacksAgreement(state, from)];
  if (until !== null && until <= from) refusals.push({ code: 'suspension-period-reversed', from, until });
  for (const other of state.suspensions) {
    const end = suspensionEnd(other, state);
    const isEmpty = end !== null && end <= other.from;
    const overlaps = !isEmpty && (end === null || from < end) && (until === null || other.from < until);
    if (overlaps) refusals.push({ code: 'agreement-already-suspended', from: other.from, until: end });
  }
  return { fact: { type: 'AgreementSuspended.v1', data: { from, until, reason } }, refusals };
};

/** Ends the suspension that holds now and any that was to come. */
const resumeAgreement: Rule<'ResumeAgreement'> = ({ reason }, state, decidedAt) => ({
  fact: { type: 'AgreementResumed.v1', data: { reason } },
  refusals: when(
    state.suspensions.every((suspension) => {
      const end = suspensionEnd(suspension, state);
      return end !== null && (end <= decidedAt || end <= suspension.from);
    }),
    { code: 'agreement-not-suspended' },
  ),
});

const barOperator: Rule<'BarOperator'> = ({ operatorCode, until, reason }, state, decidedAt) => {
  const barred = state.bars.get(operatorCode)?.find((bar) => holdsAt(bar, decidedAt));
  return {
    fact: { type: 'OperatorBarred.v1', data: { operatorCode, until, reason } },
    refusals: [
      ...(until !== null && until <= decidedAt ? [{ code: 'operator-bar-ends-in-the-past' as const, until }] : []),
      ...(barred === undefined ? [] : [{ code: 'operator-already-barred' as const, operatorCode, until: barred.until }]),
    ],
  };
};

const monthAfter = (month: string): string => {
  const [year = '', number = ''] = month.split('-');
  return number === '12' ? `${String(+year + 1).padStart(4, '0')}-01` : `${year}-${String(+number + 1).padStart(2, '0')}`;
};

/** Source: 申报 by the 10th of the following month; the first month that an institution declares is its own choice. */
const declareMonth: Rule<'DeclareMonth'> = ({ month }, { declaredThrough }, decidedAt) => {
  const refusals: InstitutionRefusal[] = [...when(month >= businessDateOf(decidedAt).slice(0, 7), { code: 'month-not-over', month })];
  if (declaredThrough !== null && month <= declaredThrough) refusals.push({ code: 'month-already-declared', declaredThrough });
  if (declaredThrough !== null && month > monthAfter(declaredThrough))
    refusals.push({ code: 'month-out-of-order', nextMonth: monthAfter(declaredThrough) });
  return { fact: { type: 'MonthDeclared.v1', data: { month } }, refusals };
};

const nothingChanges = (same: boolean) => when(same, { code: 'institution-nothing-changes' });
const isRegistered = (state: InstitutionState, terminalCode: string, at: Instant): boolean =>
  (state.terminals.get(terminalCode) ?? []).some((period) => holdsAt(period, at));

const RULES: { readonly [T in InstitutionCommandType]: Rule<T> } = {
  RegisterInstitution: ({ institutionCode, name, kind, poolingArea, identityCheckEquipped }, { registration }) => ({
    fact: { type: 'InstitutionRegistered.v1', data: { institutionCode, name, kind, poolingArea, identityCheckEquipped } },
    refusals: registration === null ? [] : [{ code: 'institution-already-registered', registeredAt: registration.at }],
  }),
  SignAgreement: signAgreement,
  SuspendAgreement: suspendAgreement,
  ResumeAgreement: resumeAgreement,
  TerminateAgreement: (data, state, decidedAt) => {
    const at = data.at ?? decidedAt;
    return { fact: { type: 'AgreementTerminated.v1', data: { at, reason: data.reason } }, refusals: lacksAgreement(state, at) };
  },
  RenameInstitution: ({ name }, { names }) => ({
    fact: { type: 'InstitutionRenamed.v1', data: { name } },
    refusals: nothingChanges(names.at(-1)?.name === name),
  }),
  SucceedInstitution: ({ byInstitutionCode }, { registration, succeededBy }) => ({
    fact: { type: 'InstitutionSucceeded.v1', data: { byInstitutionCode } },
    refusals: [
      ...when(byInstitutionCode === registration?.institutionCode, { code: 'institution-succeeds-itself' }),
      ...nothingChanges(succeededBy === byInstitutionCode),
      ...(succeededBy !== null && succeededBy !== byInstitutionCode
        ? [{ code: 'institution-already-succeeded' as const, byInstitutionCode: succeededBy }]
        : []),
    ],
  }),
  CloseInstitution: ({ reason }) => ({ fact: { type: 'InstitutionClosed.v1', data: { reason } }, refusals: [] }),
  RegisterTerminal: ({ terminalCode, media }, state, decidedAt) => ({
    fact: { type: 'TerminalRegistered.v1', data: { terminalCode, media } },
    refusals: [
      ...when(media.length === 0, { code: 'terminal-without-media' }),
      ...when(isRegistered(state, terminalCode, decidedAt), { code: 'terminal-already-registered', terminalCode }),
    ],
  }),
  RetireTerminal: ({ terminalCode }, state, decidedAt) => ({
    fact: { type: 'TerminalRetired.v1', data: { terminalCode } },
    refusals: when(!isRegistered(state, terminalCode, decidedAt), { code: 'terminal-not-registered', terminalCode }),
  }),
  BarOperator: barOperator,
  UnbarOperator: ({ operatorCode }, state, decidedAt) => ({
    fact: { type: 'OperatorUnbarred.v1', data: { operatorCode } },
    refusals: when(!(state.bars.get(operatorCode) ?? []).some((bar) => holdsAt(bar, decidedAt)), {
      code: 'operator-not-barred',
      operatorCode,
    }),
  }),
  SetIdentityCheck: ({ equipped }, { identityChecks }) => ({
    fact: { type: 'IdentityCheckSet.v1', data: { equipped } },
    refusals: nothingChanges(identityChecks.at(-1)?.equipped === equipped),
  }),
  DeclareMonth: declareMonth,
};

const ruling = <T extends InstitutionCommandType>(
  { type, data }: Readonly<{ type: T; data: Readonly<InstitutionCommandData[T]> }>,
  state: InstitutionState,
  decidedAt: Instant,
) => RULES[type](data, state, decidedAt);

/** Idempotency: by key, before any other check; the same hash answers again, whatever has happened to the institution since. */
const answerAgain = (original: Recorded<InstitutionEvent>, { commandHash }: Keyed): Outcome =>
  original.data.commandHash === commandHash
    ? { kind: 'replayed', original }
    : refuse([{ code: 'institution-key-used-with-other-content', firstAt: original.decidedAt }]);

const OPEN_TO_THE_CLOSED: ReadonlySet<InstitutionCommandType> = new Set(['DeclareMonth', 'SucceedInstitution']);

const decide = (command: InstitutionCommand, state: InstitutionState, { decidedAt }: InstitutionDecisionFacts): Outcome => {
  const { key, commandHash } = command.data;
  const earlier = state.answers.get(key);
  if (earlier !== undefined) return answerAgain(earlier, command.data);
  if (state.registration === null && command.type !== 'RegisterInstitution') return refuse([{ code: 'institution-unknown' }]);
  if (state.closed !== null && !OPEN_TO_THE_CLOSED.has(command.type))
    return refuse([{ code: 'institution-record-closed', closedAt: state.closed.at }]);
  const { fact, refusals } = ruling(command, state, decidedAt);
  if (refusals.length > 0) return refuse(refusals);
  return { kind: 'accepted', events: [{ type: fact.type, decidedAt, data: { key, commandHash, ...fact.data } } as InstitutionEvent] };
};

/** Agreements, suspensions and bars are intervals: time alone brings about nothing that must be recorded. */
export const institution: Decider<InstitutionCommand, InstitutionEvent, InstitutionState, InstitutionRefusal, InstitutionDecisionFacts> = {
  decide,
  due: () => [],
  evolve,
  initialState,
  isClosing: () => false,
};
