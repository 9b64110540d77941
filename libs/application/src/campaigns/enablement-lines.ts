import type { Recorded } from '#libs/kernel';
import { accountStream, businessKey, type MedicalAccountCommand, type MedicalAccountEvent } from '#libs/medical-account';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRunner, accountIdOf, poolingAreaOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import { accountVisits } from '../accounts/visits';
import { answerOf, refused } from '../answers';
import type { Answer, Campaigns, EnabledLine, EnablementLine } from '../engine';
import type { CurrentAccount } from '../persons/successors';
import { commandHash } from '../streams/command-identity';

export type EnablementParts = Readonly<{
  accounts: AccountRunner;
  factsFor: FactsFor;
  credentials: Credentials;
  secret: Uint8Array;
  current: CurrentAccount;
}>;

/** Cards of a file, a line at a time: the same command as at a counter, by the channel `batch`, in the lane of the jobs. */
export const enablementLines =
  ({ accounts, factsFor, credentials, secret, current }: EnablementParts, visit = accountVisits(accounts, current)): Campaigns['enable'] =>
  async (line, tracing) => {
    const { reference, financialAreaActivated, card } = line;
    const place = 'cardId' in card ? card : await credentials.resolve({ kind: 'socialSecurityCard', number: card.number }, async () => []);
    if (!place?.cardId) return refused([{ code: 'card-unknown' }]);
    const { cardId } = place;
    const key = businessKey(tracing.actor.organisation, reference);
    const hash = commandHash(secret, ['EnableCard', key, place.accountId, cardId, 'batch']); // As of the counter's order: the two know each other.
    const data = { key, commandHash: hash, cardId, channel: 'batch', financialAreaActivated, proxy: null } as const;
    const command: MedicalAccountCommand = { type: 'EnableCard', data };
    const outcome = await visit<Answer<never>>(place.accountId, 'run', (accountId, { head, state }) => {
      if (head < 0) return { instead: refused([{ code: 'account-not-found' }]) };
      const stream = accountStream(accountId);
      const gather = factsFor(command, { stream, poolingArea: poolingAreaOf(state) ?? '' });
      return { stream, key, command, gather, newAtFirst: true, tracing, lane: 'job' };
    });
    if ('instead' in outcome) return outcome.instead;
    return answerOf<MedicalAccountEvent, EnabledLine>(
      outcome,
      async (events) => enabledLine(line, events.find(isEnabled) ?? events[0]),
      async (original) => enabledLine(line, original),
    );
  };

const isEnabled = ({ type }: Recorded<MedicalAccountEvent>): boolean => type === 'CardEnabled.v1';

const enabledLine = ({ reference }: EnablementLine, event: Recorded<MedicalAccountEvent>): EnabledLine => {
  const { stream, revision, decidedAt, id: eventId } = event;
  if (event.type !== 'CardEnabled.v1') throw new Error('an enablement was answered with another event');
  return { reference, accountId: accountIdOf(stream), cardId: event.data.cardId, decidedAt, stream, revision, eventId };
};
