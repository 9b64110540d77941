import { type Instant, laterOf } from '#libs/kernel';
import { agreementAt } from './agreement';
import type { InstitutionKind, TerminalMedium } from './events';
import { holdsAt, type InstitutionState } from './state';

/** What an account's decision is told about the institution of a swipe. */
export type InstitutionFactsAt = Readonly<{
  institutionCode: string;
  poolingArea: string;
  kind: InstitutionKind;
  identityCheckEquipped: boolean;
  agreement: Readonly<{
    status: 'inForce' | 'suspended' | 'terminated' | 'none' | 'closed';
    revision: number;
    services: readonly string[];
  }>;
  terminal: Readonly<{ media: readonly TerminalMedium[] }> | null;
  operatorBarred: boolean;
  declaredThrough: string | null;
  succeededBy: string | null;
  judgedAt: Instant;
}>;
/** `isNow`: judged as things stand, by an engine whose clock may be behind that of the engine which recorded the newest act. */
export type Judged = Readonly<{ judgedAt: Instant; isNow?: boolean; operatorCode: string; terminalCode: string }>;

/** The value that held at an instant; before the first, the first: a bill from before the registration is judged on what was registered. */
const valueAt = <V extends Readonly<{ from: Instant }>>(history: readonly V[], at: Instant): V | undefined =>
  history.findLast(({ from }) => from <= at) ?? history[0];

/**
 * The institution as it was at `judgedAt`, and no earlier than its newest act where it is judged as things stand: an act that is known holds,
 * whichever clock is behind. What has been declared, and by whom it is succeeded, is as of now. Null when not registered.
 * Where no recorded act decides the agreement's status, the fact cites `revision`, the head of the stream that was looked at.
 */
export const institutionFactsAt = (state: InstitutionState, judged: Judged, revision: number): InstitutionFactsAt | null => {
  if (state.registration === null) return null;
  const { isNow = false, operatorCode, terminalCode } = judged;
  const judgedAt = isNow ? laterOf(judged.judgedAt, state.newestAt) : judged.judgedAt;
  const { institutionCode, kind, poolingArea } = state.registration;
  const agreement = agreementAt(state, judgedAt);
  const terminal = state.terminals.get(terminalCode)?.findLast((period) => holdsAt(period, judgedAt));
  return {
    institutionCode,
    poolingArea,
    kind,
    identityCheckEquipped: valueAt(state.identityChecks, judgedAt)?.equipped ?? false,
    agreement: { ...agreement, revision: agreement.revision ?? revision },
    terminal: terminal === undefined ? null : { media: terminal.media },
    operatorBarred: (state.bars.get(operatorCode) ?? []).some((bar) => holdsAt(bar, judgedAt)),
    declaredThrough: state.declaredThrough,
    succeededBy: state.succeededBy,
    judgedAt,
  };
};

/** The whole record as plain data, for a clerk to read; undefined when not registered. Codes of operators are work numbers, not persons. */
export const institutionView = (state: InstitutionState): Readonly<Record<string, unknown>> | undefined => {
  if (state.registration === null) return undefined;
  const { at, ...registration } = state.registration;
  return {
    ...registration,
    registeredAt: at,
    name: state.names.at(-1)?.name,
    names: [...state.names],
    identityCheckEquipped: state.identityChecks.at(-1)?.equipped,
    agreements: [...state.agreements],
    suspensions: [...state.suspensions],
    terminations: [...state.terminations],
    terminals: [...state.terminals].flatMap(([terminalCode, periods]) => periods.map((period) => ({ terminalCode, ...period }))),
    barredOperators: [...state.bars].flatMap(([operatorCode, bars]) => bars.map((bar) => ({ operatorCode, ...bar }))),
    declaredThrough: state.declaredThrough,
    succeededBy: state.succeededBy,
    closed: state.closed,
  };
};
