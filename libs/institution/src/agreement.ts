import { type BusinessDate, businessDateOf, DAY_MS, type Instant, plusMs, startOf } from '#libs/kernel';
import type { Agreement, InstitutionState, Suspension, Termination } from './state';

/** `revision` is null when no recorded act decides the status. */
export type AgreementStatus = Readonly<{
  status: 'inForce' | 'suspended' | 'terminated' | 'none' | 'closed';
  revision: number | null;
  services: readonly string[];
}>;
type Acts = Pick<InstitutionState, 'agreements' | 'suspensions' | 'terminations' | 'closed'>;

/** A termination ends every agreement signed before it, the one in force and those to come; what is signed afterwards begins anew. */
const endingOf = (agreement: Agreement, { terminations }: Acts): Instant | null =>
  terminations
    .filter(({ revision }) => revision > agreement.revision)
    .reduce<Instant | null>((first, { at }) => (first === null || at < first ? at : first), null);

const LAPSES_MAX = 10_000;
const lapses = new Map<BusinessDate, Instant>();
/** The first instant after a day, worked out once: agreements end on few days, and every swipe asks for theirs. */
const lapseAfter = (until: BusinessDate): Instant => {
  const known = lapses.get(until);
  if (known !== undefined) return known;
  const lapse = plusMs(startOf(until), DAY_MS);
  if (lapses.size >= LAPSES_MAX) lapses.clear();
  lapses.set(until, lapse);
  return lapse;
};

/** The first instant at which the agreement no longer holds. */
export const endOf = (agreement: Agreement, acts: Acts): Instant => {
  const ending = endingOf(agreement, acts);
  const lapse = lapseAfter(agreement.until);
  return ending !== null && ending < lapse ? ending : lapse;
};

/** The first business date on which another agreement may begin: the day of a termination itself, else the day after the last. */
export const freeFrom = (agreement: Agreement, acts: Acts): BusinessDate => businessDateOf(endOf(agreement, acts));

const endsBefore = (suspension: Suspension): Instant | null => {
  const { until, resumed } = suspension;
  return resumed !== null && (until === null || resumed.at < until) ? resumed.at : until;
};

/** Ends at its own end, at the resumption, or with the termination of what it suspended; never by signing a new agreement. */
export const suspensionEnd = (suspension: Suspension, { terminations }: Acts): Instant | null =>
  terminations
    .filter(({ revision }) => revision > suspension.revision)
    .reduce((end, { at }) => (end === null || at < end ? at : end), endsBefore(suspension));

export const isSuspendedAt = (suspension: Suspension, at: Instant, acts: Acts): boolean => {
  const end = suspensionEnd(suspension, acts);
  return suspension.from <= at && (end === null || at < end);
};

/**
 * The agreement as it stood at an instant, judged on all that has been recorded up to now.
 * `revision` cites the act that decided: the signing, or the resumption after it; the suspension, the termination, the closing.
 * Source: 医疗保障局令第2号、第3号 (中止、解除).
 */
export const agreementAt = (acts: Acts, at: Instant): AgreementStatus => {
  const { closed } = acts;
  if (closed !== null && closed.at <= at) return { status: 'closed', revision: closed.revision, services: [] };
  const covering = acts.agreements.findLast((agreement) => startOf(agreement.from) <= at && at < endOf(agreement, acts));
  if (covering === undefined) return withoutAgreement(acts, at);
  const { services } = covering;
  const suspension = acts.suspensions.findLast((each) => isSuspendedAt(each, at, acts));
  if (suspension !== undefined) return { status: 'suspended', revision: suspension.revision, services };
  const resumptions = acts.suspensions.flatMap(({ from, resumed }) =>
    resumed !== null && from < resumed.at && resumed.at <= at ? [resumed.revision] : [],
  );
  return { status: 'inForce', revision: Math.max(covering.revision, ...resumptions), services };
};

const withoutAgreement = (acts: Acts, at: Instant): AgreementStatus => {
  const last = acts.terminations.findLast((termination: Termination) => termination.at <= at);
  const signedSince = acts.agreements.some(({ revision, from }) => last !== undefined && revision > last.revision && startOf(from) <= at);
  return last === undefined || signedSince
    ? { status: 'none', revision: null, services: [] }
    : { status: 'terminated', revision: last.revision, services: [] };
};
