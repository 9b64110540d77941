import { birthDateOf, businessDateOf, type Instant, plusYears } from '#libs/kernel';
import type { PersonRecord } from '../vault.port';

const ADULT_AT_YEARS = 18; // 民法典第十七条
const CITIZEN_KINDS = ['01', '17']; // Their numbers hold the day of birth.

/** Of what the vault or the counter has; null: unknown. */
export const birthOf = ({ birthDate, identityKind, identityNumber }: Omit<PersonRecord, 'name'>): string | null =>
  birthDate ?? (CITIZEN_KINDS.includes(identityKind) ? birthDateOf(identityNumber) : null);

/** From the eighteenth birthday's first instant in China on an adult; who has no day of birth counts as one: nobody acts for him unproven. */
export const ageAt = (person: PersonRecord | undefined, at: Instant): 'minor' | 'adult' => {
  const born = person === undefined ? null : birthOf(person);
  return born !== null && businessDateOf(at) < plusYears(born, ADULT_AT_YEARS) ? 'minor' : 'adult';
};
