import type { Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  keyAfter,
  keysOf,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  medicalAccount,
  type Posting,
  postingOf,
  withSwipeBefore,
} from '#libs/medical-account';
import { STREAM } from './account-fixture';
import { deciderSpec } from './decider-spec';

/** What stands under the keys that a command asks for, by a look-up. */
export const standingFor = (command: MedicalAccountCommand, under: (key: string) => Posting | undefined): Posting[] => {
  const postings: Posting[] = [];
  const visit = (key: string): void => {
    const posting = under(key);
    if (posting === undefined) return;
    postings.push(posting);
    const next = keyAfter(command, key, posting);
    if (next !== null) visit(next);
  };
  keysOf(command).forEach(visit);
  return postings;
};

/** What stands under the command's keys in the account's own history, besides what the facts bring from elsewhere. */
export const withStanding = (
  command: MedicalAccountCommand,
  facts: AccountFacts,
  history: readonly Recorded<MedicalAccountEvent>[],
): AccountFacts => ({
  ...facts,
  postings: [
    ...standingFor(command, (key) => postingOf(history, key)).map((posting) =>
      withSwipeBefore(command, posting, history.reduce(medicalAccount.evolve, medicalAccount.initialState()), history),
    ),
    ...facts.postings,
  ],
});

export const { given } = deciderSpec(medicalAccount, STREAM, withStanding);
