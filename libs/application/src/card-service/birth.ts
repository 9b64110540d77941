import { birthDateOf, businessDateOf, type Instant, plusYears } from '#libs/kernel';
import type { PersonRecord } from '../vault.port';

const ADULT_AT_YEARS = 18; // 民法典第十七条
const CITIZEN_KINDS = ['01', '17']; // Their numbers hold the day of birth.

/** Of what the vault or the counter has; null: unknown. */
export const birthOf = ({ birthDate, identityKind, identityNumber }: Omit<PersonRecord, 'name'>): string | null =>
  birthDate ?? (CITIZEN_KINDS.includes(identityKind) ? birthDateOf(identityNumber) : null);

/** From the eighteenth birthday's first instant in China on an adult; who has no day of birth counts as one: nobody acts for him unproven. */
export const ageAt = (person: PersonRecord | undefined, at: Instant): 'minor' | 'adult' =>
  isYounger(person, ADULT_AT_YEARS, at) ? 'minor' : 'adult';

/** Until that birthday begins in China; never of whom no day of birth is known. */
export const isYounger = (person: PersonRecord | undefined, years: number, at: Instant): boolean => {
  const born = person === undefined ? null : birthOf(person);
  return born !== null && businessDateOf(at) < plusYears(born, years);
};
