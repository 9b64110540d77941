import type { Recorded } from '#libs/kernel';
import {
  type AccountCredited,
  type AccountRefusal,
  type AccountState,
  accountStream,
  creditKey,
  type MedicalAccountEvent,
} from '#libs/medical-account';
import { answerOf, refused } from '../answers';
import type { Answer, CreditedAccount, CreditedLine, CreditLine, Credits, Reason } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import { commandHash } from '../streams/command-identity';
import type { Instead } from '../streams/command-runner';
import type { Outcome } from '../streams/request';
import type { Loaded } from '../streams/stream-states';
import type { Vault } from '../vault.port';
import type { FactsFor } from './account-facts';
import { type AccountRequest, type AccountRunner, accountIdOf, poolingAreaOf } from './account-streams';
import type { Credentials } from './credentials';
import { movedIn } from './credit-control';
import { creditCommand } from './money-acts';
import { findPosting } from './postings';
import { accountVisits } from './visits';

export type CreditParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  vault: Pick<Vault, 'commandHashSecret'>;
  credentials: Credentials;
  factsFor: FactsFor;
  current: CurrentAccount;
}>;
type Credited = Recorded<AccountCredited>;

/** A month's credits, a line at a time: the same command as a single credit, in the lane of the jobs. */
export const creditLines = (parts: CreditParts): Credits => {
  const { reader, factsFor } = parts;
  const visit = accountVisits(parts.accounts, parts.current);
  const secret = parts.vault.commandHashSecret();
  const hashOf = (...says: readonly (string | number | null)[]) => commandHash(secret, says);

  /** The request of a line, on its account as it stands. */
  const requestOn =
    ({ reference, source, period, amountFen, poolingArea }: CreditLine, named: string, tracing: Tracing) =>
    (accountId: string, { head, state }: Loaded<AccountState>): AccountRequest | Instead<readonly Reason[]> => {
      if (head < 0) return { instead: [{ code: 'account-not-found' }] };
      if (poolingAreaOf(state) !== poolingArea) return { instead: [{ code: 'account-of-another-pooling-area' }] };
      const stream = accountStream(accountId);
      const says = { reference, source, period, amountFen, bucket: 'currentYear', legalBasis: null } as const;
      const command = creditCommand(hashOf, named, says); // As it was named: after a merge, too, a repeat is the same command.
      const gather = factsFor(command, { stream, poolingArea });
      return { stream, key: command.data.key, command, gather, newAtFirst: true, tracing, lane: 'job' };
    };

  const answer = async (line: CreditLine, accountId: string, outcome: Outcome<MedicalAccountEvent, AccountRefusal>) => {
    const answered = await answerOf<MedicalAccountEvent, CreditedLine>(
      outcome,
      async (events) => creditedLine(line, events.find(isCredited)),
      async (original) => creditedLine(line, isCredited(original) ? original : undefined),
    );
    if (answered.kind !== 'refused' || answered.reasons[0].code !== 'key-used-with-different-content') return answered;
    const differing = await differences(reader, line, accountId);
    return differing.length === 0 ? answered : refused(differing);
  };

  const decided =
    (how: 'run' | 'quote'): Credits['post'] =>
    async (line, tracing): Promise<Answer<CreditedLine>> => {
      const accountId = await accountIn(parts.credentials, line.poolingArea, line.account);
      if (accountId === undefined) return refused([{ code: 'holder-not-found' }]);
      const request = requestOn(line, accountId, tracing);
      let visited = accountId;
      const outcome = await visit(accountId, how, (at, loaded) => {
        visited = at;
        return request(at, loaded);
      });
      return 'instead' in outcome ? refused(outcome.instead) : answer(line, visited, outcome);
    };

  return { post: decided('run'), quote: decided('quote'), moved: (range, signal) => movedIn(reader, range, signal) };
};

/** A person is looked for in the pooling area of the line and nowhere else; a card leads to its account wherever that is. Throws: on outage. */
const accountIn = async (credentials: Credentials, poolingArea: string, account: CreditedAccount): Promise<string | undefined> => {
  if ('accountId' in account) return account.accountId;
  return (await credentials.resolve(account.credential, async () => [poolingArea]))?.accountId;
};

const isCredited = (event: Recorded<MedicalAccountEvent>): event is Credited => event.type === 'AccountCredited.v1';

const creditedFen = ({ data }: Credited): number =>
  data.legs.reduce((sum, { account, amountFen }) => (account.startsWith('fund:') ? sum - amountFen : sum), 0);

/** @throws Error when the command was answered by something else: a bug. */
const creditedLine = ({ reference, source, period, amountFen }: CreditLine, event: Credited | undefined): CreditedLine => {
  if (!event) throw new Error('a credit was answered with another event');
  const { stream, revision, decidedAt, id } = event;
  return { reference, source, period, accountId: accountIdOf(stream), amountFen, decidedAt, stream, revision, eventId: id };
};

/** What a reference that was used before was used for, where it differs. Throws: on outage. */
const differences = async (reader: EventReader, line: CreditLine, accountId: string): Promise<Reason[]> => {
  const original = (await findPosting(reader, creditKey(line.source, line.reference)))?.original;
  if (original?.type !== 'AccountCredited.v1') return [];
  const { decidedAt: firstAt, data, stream } = original;
  const found: Reason[] = [];
  if (accountIdOf(stream) !== accountId) found.push({ code: 'credit-exists-with-different-account', firstAt });
  const recordedFen = creditedFen(original);
  if (recordedFen !== line.amountFen) found.push({ code: 'credit-exists-with-different-amount', firstAt, recordedFen });
  if (data.period !== line.period) found.push({ code: 'credit-exists-with-different-period', firstAt, recorded: data.period });
  return found;
};
