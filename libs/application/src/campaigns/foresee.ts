import { type Instant, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  accountStream,
  type MedicalAccountEvent,
  medicalAccount,
  subAccountFen,
} from '#libs/medical-account';
import type { FactSources } from '../accounts/account-facts';
import type { AccountRunner } from '../accounts/account-streams';
import type { Campaigns, ForeseenStop } from '../engine';
import { eventId } from '../streams/command-identity';
import type { Loaded } from '../streams/stream-states';

export type ForeseeParts = Readonly<{ accounts: AccountRunner; policiesOf: FactSources['policiesOf'] }>;
type Foreseen = ReadonlyMap<string, ForeseenStop>;

/** Which cards stop, and what is sealed or moves with them: a seal or a transfer follows the stop of its card. */
const stopsIn = (events: readonly MedicalAccountEvent[], after: AccountState): Foreseen => {
  const stops = new Map<string, ForeseenStop>();
  for (const { type, data } of events) {
    if (type === 'CardStopped.v1') stops.set(data.cardId, { becomes: 'stopped', amountFen: 0 });
    if (type === 'SubAccountSealed.v1' && stops.has(data.cardId))
      stops.set(data.cardId, { becomes: 'sealed', amountFen: subAccountFen(after, data.cardId) });
    if (type === 'BalanceTransferred.v1' && stops.has(data.fromCardId))
      stops.set(data.fromCardId, { becomes: 'moved', amountFen: data.amountFen });
  }
  return stops;
};

/**
 * What a run would bring about on an account at an instant: the account's own decision on its own state, interest that is due by then
 * included, as a view of the account shows it; nothing is recorded, and no state is kept. Throws: on outage.
 */
export const foreseeStops =
  ({ accounts, policiesOf }: ForeseeParts): Campaigns['foresee'] =>
  async ({ accountId, poolingArea }, at) => {
    const stream = accountStream(accountId);
    const { policies } = await policiesOf(poolingArea, at);
    const visited = await accounts.visit<Foreseen>(stream, 'quote', (loaded) => ({ instead: foreseen(stream, loaded, { policies, at }) }));
    if (!('instead' in visited)) throw new Error(`an account could not be asked: ${visited.kind}`);
    return visited.instead;
  };

const foreseen = (
  stream: string,
  { state, head, lastDecidedAt }: Loaded<AccountState>,
  { policies, at }: Readonly<{ policies: AccountFacts['policies']; at: Instant }>,
): Foreseen => {
  const decidedAt = lastDecidedAt !== null && lastDecidedAt > at ? lastDecidedAt : at;
  const facts: AccountFacts = { decidedAt, policies, institution: null, postings: [], naturalKeyHolder: null };
  const record = (events: readonly MedicalAccountEvent[], offset: number): Recorded<MedicalAccountEvent>[] =>
    events.map((event, n) => ({ ...event, id: eventId('plan', offset + n), stream, revision: head + 1 + offset + n }));
  const settled = settleDue(medicalAccount, { state, facts, record });
  return stopsIn(settled.events, settled.state);
};
