import type { CardServiceTerms } from '#libs/card-service';
import { type Instant, startOf } from '#libs/kernel';
import { yearsOf } from './calendars';
import type { Pack } from './pack';
import type { PolicyPackState } from './policy-pack';

/** What the area's pack in force promises to who applies for a card; null where it promises nothing, or there is no pack yet. */
export const cardServiceTermsAt = ({ published }: PolicyPackState, at: Instant): CardServiceTerms | null => {
  const inForce = published.findLast(({ effectiveFrom }) => startOf(effectiveFrom) <= at);
  return inForce === undefined ? null : termsOf(inForce.pack);
};

const termsOf = (pack: Pack): CardServiceTerms | null => {
  const { packId, cardService } = pack;
  if (cardService === undefined) return null;
  const { firstIssue, approved = null, replacement, exchange } = cardService;
  const { enquiryTelephone, complaintTelephone, employerHandOutDays, withoutPhotoBelowAge } = cardService;
  const signs = cardService.signsAloneFromAge === undefined ? {} : { signsAloneFromAge: cardService.signsAloneFromAge };
  const told = { enquiryTelephone, complaintTelephone, employerHandOutDays, withoutPhotoBelowAge, ...signs };
  return { packId, firstIssue, approved, replacement, exchange, ...told, calendar: yearsOf(pack) };
};
