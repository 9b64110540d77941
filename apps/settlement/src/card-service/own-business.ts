import type { Place } from '#libs/access';
import type { ApplicationView, Noticed, Reason } from '#libs/application';
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
 * code; the holder himself applies online and at a machine. Throws: Problem 403 `outlet-not-own`, `applicant-not-own`.
 */
export const demandOwnApplication = (caller: Caller, { outletCode, applicant, unitCode }: CardApplicationDto): void => {
  demandOwnOutlet(caller, 'applyForCard', outletCode);
  const { rights } = caller.principal;
  if (caller.local || OFFICES.some((right) => rights.includes(right))) return;
  const unit = UNITS.find((right) => rights.includes(right));
  const said = applicant ?? 'holder';
  const isOwn = unit === undefined ? said === 'holder' || said === 'guardian' : said === unit && (unitCode ?? outletCode) === outletCode;
  if (!isOwn) throw doorProblem('applicant-not-own', { applicant: said });
};
