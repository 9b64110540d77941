import type { BusinessDate, Instant, Recorded } from '#libs/kernel';
import type { InstitutionEvent, InstitutionEventData, InstitutionEventType, InstitutionKind, TerminalMedium } from './events';

export type Agreement = Readonly<{
  agreementNo: string;
  from: BusinessDate;
  until: BusinessDate;
  services: readonly string[];
  revision: number;
}>;
export type Suspension = Readonly<{
  from: Instant;
  until: Instant | null;
  reason: string;
  revision: number;
  resumed: Readonly<{ at: Instant; revision: number; reason: string }> | null;
}>;
export type Termination = Readonly<{ at: Instant; reason: string; revision: number }>;
/** From its first instant up to, not at, its last; null: open. */
export type Period = Readonly<{ from: Instant; until: Instant | null }>;
export type TerminalPeriod = Period & Readonly<{ media: readonly TerminalMedium[] }>;
export type Bar = Period & Readonly<{ reason: string }>;

/** Histories, oldest first: a late entry is judged as of an earlier instant. */
export type InstitutionState = Readonly<{
  registration: Readonly<{ institutionCode: string; kind: InstitutionKind; poolingArea: string; at: Instant }> | null;
  names: Readonly<{ name: string; from: Instant }>[];
  identityChecks: Readonly<{ equipped: boolean; from: Instant }>[];
  agreements: Agreement[];
  suspensions: Suspension[];
  terminations: Termination[];
  terminals: Map<string, readonly TerminalPeriod[]>;
  bars: Map<string, readonly Bar[]>;
  declaredThrough: string | null;
  succeededBy: string | null;
  closed: Readonly<{ at: Instant; revision: number; reason: string }> | null;
  answers: Map<string, Recorded<InstitutionEvent>>; // By key: institution streams are short and have no closing.
}> & { newestAt: Instant }; // When the newest event was decided.

export const initialState = (): InstitutionState => ({
  registration: null,
  names: [],
  identityChecks: [],
  agreements: [],
  suspensions: [],
  terminations: [],
  terminals: new Map(),
  bars: new Map(),
  declaredThrough: null,
  succeededBy: null,
  closed: null,
  newestAt: '',
  answers: new Map(),
});

export const holdsAt = ({ from, until }: Period, at: Instant): boolean => from <= at && (until === null || at < until);

type Place = Readonly<{ at: Instant; revision: number }>;
type Fold<T extends InstitutionEventType> = (state: InstitutionState, data: InstitutionEventData[T], place: Place) => InstitutionState;

const ended = <P extends Period>(periods: readonly P[] | undefined, at: Instant): readonly P[] =>
  (periods ?? []).map((period) => (holdsAt(period, at) ? { ...period, until: at } : period));

const FOLDS: { readonly [T in InstitutionEventType]: Fold<T> } = {
  'InstitutionRegistered.v1': (state, { institutionCode, kind, poolingArea, name, identityCheckEquipped }, { at }) => {
    state.names.push({ name, from: at });
    state.identityChecks.push({ equipped: identityCheckEquipped, from: at });
    return { ...state, registration: { institutionCode, kind, poolingArea, at } };
  },
  'AgreementSigned.v1': (state, { agreementNo, from, until, services }, { revision }) => {
    state.agreements.push({ agreementNo, from, until, services, revision });
    return state;
  },
  'AgreementSuspended.v1': (state, { from, until, reason }, { revision }) => {
    state.suspensions.push({ from, until, reason, revision, resumed: null });
    return state;
  },
  'AgreementResumed.v1': (state, { reason }, { at, revision }) => {
    for (const [i, suspension] of state.suspensions.entries()) {
      const over = suspension.resumed !== null || (suspension.until !== null && suspension.until <= at);
      if (!over) state.suspensions[i] = { ...suspension, resumed: { at, revision, reason } };
    }
    return state;
  },
  'AgreementTerminated.v1': (state, { at, reason }, { revision }) => {
    state.terminations.push({ at, reason, revision });
    return state;
  },
  'InstitutionRenamed.v1': (state, { name }, { at }) => {
    state.names.push({ name, from: at });
    return state;
  },
  'InstitutionSucceeded.v1': (state, { byInstitutionCode }) => ({ ...state, succeededBy: byInstitutionCode }),
  'InstitutionClosed.v1': (state, { reason }, { at, revision }) => ({ ...state, closed: { at, revision, reason } }),
  'TerminalRegistered.v1': (state, { terminalCode, media }, { at }) => {
    state.terminals.set(terminalCode, [...(state.terminals.get(terminalCode) ?? []), { from: at, until: null, media }]);
    return state;
  },
  'TerminalRetired.v1': (state, { terminalCode }, { at }) => {
    state.terminals.set(terminalCode, ended(state.terminals.get(terminalCode), at));
    return state;
  },
  'OperatorBarred.v1': (state, { operatorCode, until, reason }, { at }) => {
    state.bars.set(operatorCode, [...(state.bars.get(operatorCode) ?? []), { from: at, until, reason }]);
    return state;
  },
  'OperatorUnbarred.v1': (state, { operatorCode }, { at }) => {
    state.bars.set(operatorCode, ended(state.bars.get(operatorCode), at));
    return state;
  },
  'IdentityCheckSet.v1': (state, { equipped }, { at }) => {
    state.identityChecks.push({ equipped, from: at });
    return state;
  },
  'MonthDeclared.v1': (state, { month }) => ({ ...state, declaredThrough: month }),
};

const fold = <T extends InstitutionEventType>(
  state: InstitutionState,
  { type, data }: Readonly<{ type: T; data: InstitutionEventData[T] }>,
  place: Place,
): InstitutionState => FOLDS[type](state, data, place);

/**
 * Applies one recorded event, in place.
 * @throws Error when the stream is impossible (before the registration, or registered twice): damage, not a refusal.
 */
export const evolve = (state: InstitutionState, event: Recorded<InstitutionEvent>): InstitutionState => {
  const isFirst = event.type === 'InstitutionRegistered.v1';
  if (isFirst !== (state.registration === null)) throw new Error(`${event.type} ${isFirst ? 'twice' : 'before the registration'}`);
  const next = fold(state, event, { at: event.decidedAt, revision: event.revision });
  next.answers.set(event.data.key, event);
  next.newestAt = event.decidedAt;
  return next;
};
