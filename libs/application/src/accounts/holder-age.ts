import { birthDateOf, businessDateOf, instantOf, plusYears } from '#libs/kernel';
import type { CurrentAccount } from '../persons/successors';
import type { Vault } from '../vault.port';
import { personIdOf } from './account-streams';
import type { AgeOf } from './cards';

const ADULT_AT_YEARS = 18; // 民法典第十七条
const CITIZEN_KINDS = ['01', '17']; // Their numbers hold the day of birth.

type Parts = Readonly<{ current: CurrentAccount; vault: Vault; nowMs: () => number }>;

/** Minor or adult today; the day of birth stays in the vault. Who has none there counts as an adult: no guardian acts for him unproven. */
export const holderAge =
  ({ current, vault, nowMs }: Parts): AgeOf =>
  async (accountId, { actor }) => {
    const personId = personIdOf((await current(accountId)).state);
    const reader = { principal: actor.principal, purpose: 'age of the holder for a proxy' };
    const person = personId === null ? undefined : await vault.readPerson(personId, reader);
    if (person === undefined) return 'adult';
    const born = person.birthDate ?? (CITIZEN_KINDS.includes(person.identityKind) ? birthDateOf(person.identityNumber) : null);
    return born !== null && businessDateOf(instantOf(nowMs())) < plusYears(born, ADULT_AT_YEARS) ? 'minor' : 'adult';
  };
