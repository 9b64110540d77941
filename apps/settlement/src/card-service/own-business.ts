import type { Place } from '#libs/access';
import type { ApplicationView, Engine, Noticed, Reason } from '#libs/application';
import { UNITS } from '#libs/card-service';
import { demandOwnOutlet, mayDo } from '../auth/caller';
import { doorProblem } from '../problem/problem';
import type { Caller } from '../request';
import type { CardApplicationDto } from './card-service.dto';

/** Whose an application is: of who accepted it, of who applied for its people, of where it is fetched, and of the bank. */
export const placeOf = ({
  outletCode,
  unitCode,
  pickUpOutletCode,
  bankCode,
}: Pick<ApplicationView, 'outletCode' | 'unitCode' | 'pickUpOutletCode' | 'bankCode'>): Place => ({
  outletCodes: [outletCode, unitCode, pickUpOutletCode].flatMap((code) => code ?? []),
  bankCode,
});

export const maySee = (caller: Caller, view: ApplicationView | undefined): view is ApplicationView =>
  view !== undefined && mayDo(caller, 'readApplication', placeOf(view));

type Seen = (applicationId: string) => Promise<ApplicationView | undefined>;

/** That another application is under way is told to everybody who applies; which one, and its day, to who may see it. */
export const withoutOthers = async (caller: Caller, noticed: Noticed<ApplicationView>, seen: Seen): Promise<Noticed<ApplicationView>> => {
  const { answer } = noticed;
  if (answer.kind !== 'refused') return noticed;
  const told = async (reason: Reason): Promise<Reason> => {
    const { code, applicationId } = reason;
    if (code !== 'application-under-way' || typeof applicationId !== 'string') return reason;
    return maySee(caller, await seen(applicationId)) ? reason : { code };
  };
  const [first, ...others] = answer.reasons;
  return { ...noticed, answer: { ...answer, reasons: [await told(first), ...(await Promise.all(others.map(told)))] } };
};

const OFFICES = ['bankOutlet', 'centre', 'agency'] as const;

/**
 * An office applies for whoever stands before it, in its own name. An employer, a school or a committee applies as such and under its own
 * code; the holder himself applies online and at a machine: none of them has a card to hand over at once, as an office does.
 * Throws: Problem 403 `outlet-not-own`, `applicant-not-own`, `at-once-by-office-only`.
 */
export const demandOwnApplication = (caller: Caller, { outletCode, applicant, unitCode, kind, onTheSpot }: CardApplicationDto): void => {
  demandOwnOutlet(caller, 'applyForCard', outletCode);
  const { rights } = caller.principal;
  if (caller.local || OFFICES.some((right) => rights.includes(right))) return;
  const unit = UNITS.find((right) => rights.includes(right));
  const said = applicant ?? 'holder';
  const isOwn = unit === undefined ? said === 'holder' || said === 'guardian' : said === unit && (unitCode ?? outletCode) === outletCode;
  if (!isOwn) throw doorProblem('applicant-not-own', { applicant: said });
  if (onTheSpot === true || kind === 'temporary') throw doorProblem('at-once-by-office-only', { kind, onTheSpot: onTheSpot === true });
};

/**
 * A unit that has a key of its own is what its key says: a school's code is no employer's. Of one without a key the office's word counts.
 * Throws: Problem 403 `unit-of-another-kind`.
 */
export const demandUnitAsKnown = async (keys: Pick<Engine['keys'], 'list'>, { applicant, unitCode }: CardApplicationDto): Promise<void> => {
  if (unitCode == null || !UNITS.some((unit) => unit === applicant)) return;
  const own = (await keys.list()).filter(({ revokedAt, outletCodes }) => revokedAt === null && outletCodes?.includes(unitCode));
  const known = UNITS.filter((unit) => own.some(({ rights }) => rights.includes(unit)));
  if (known.length > 0 && !known.some((unit) => unit === applicant)) throw doorProblem('unit-of-another-kind', { unitCode, known });
};
