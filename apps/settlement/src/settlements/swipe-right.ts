import { demandOwn, has } from '../auth/caller';
import { doorProblem } from '../problem/problem';
import type { Caller } from '../request';
import type { SwipeDto } from './swipe.dto';

/**
 * Who may post this swipe: the institution itself, without an approval; the agency, only a late entry that it has approved.
 * Throws: Problem 403.
 */
export const demandSwipeRight = (caller: Caller, { institutionCode, entry, approval }: SwipeDto): void => {
  const approved = approval !== undefined && approval !== null;
  if (!has(caller, 'agency')) {
    demandOwn(caller, institutionCode);
    if (approved) throw doorProblem('approval-by-agency-only');
  } else if (!caller.local && !caller.principal.institutionCodes.includes(institutionCode) && !(entry === 'late' && approved)) {
    throw doorProblem('agency-posts-approved-late-entries-only');
  }
};
