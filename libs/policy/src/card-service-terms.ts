import type { CardServiceTerms } from '#libs/card-service';
import { type Instant, startOf } from '#libs/kernel';
import type { Pack } from './pack';
import type { PolicyPackState } from './policy-pack';

/** What the area's pack in force promises to who applies for a card; null where it promises nothing, or there is no pack yet. */
export const cardServiceTermsAt = ({ published }: PolicyPackState, at: Instant): CardServiceTerms | null => {
  const inForce = published.findLast(({ effectiveFrom }) => startOf(effectiveFrom) <= at);
  return inForce === undefined ? null : termsOf(inForce.pack);
};

const termsOf = ({ packId, cardService }: Pack): CardServiceTerms | null => {
  if (cardService === undefined) return null;
  const { firstIssue, approved = null, replacement, exchange, calendar = [] } = cardService;
  const { enquiryTelephone, complaintTelephone, employerHandOutDays, withoutPhotoBelowAge } = cardService;
  const told = { enquiryTelephone, complaintTelephone, employerHandOutDays, withoutPhotoBelowAge };
  return { packId, firstIssue, approved, replacement, exchange, ...told, calendar };
};
