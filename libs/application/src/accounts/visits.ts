import {
  type AccountRefusal,
  type AccountState,
  accountStream,
  type MedicalAccountEvent,
  mergedInto,
  mergesUnderWay,
} from '#libs/medical-account';
import type { CurrentAccount } from '../persons/successors';
import type { Instead } from '../streams/command-runner';
import type { Outcome } from '../streams/request';
import type { Loaded } from '../streams/stream-states';
import type { AccountRequest, AccountRunner } from './account-streams';

type Visited<Q> = Outcome<MedicalAccountEvent, AccountRefusal> | Instead<Q>;
/** Asks an account for something as a job does that comes by once; what is asked may follow from how it stands. */
export type VisitAccount = <Q>(asked: string, how: 'run' | 'quote', requestOn: RequestOn<Q>) => Promise<Visited<Q>>;
type RequestOn<Q> = (accountId: string, loaded: Loaded<AccountState>) => AccountRequest | Instead<Q>;

/** What is done for a person is done on the account that survived: nearly always the very one that is asked for. Throws: on outage. */
export const accountVisits =
  (accounts: AccountRunner, current: CurrentAccount): VisitAccount =>
  async <Q>(asked: string, how: 'run' | 'quote', requestOn: RequestOn<Q>): Promise<Visited<Q>> => {
    for (let accountId = asked; ; accountId = (await current(asked)).accountId) {
      const visited = await accounts.visit<Found<Q>>(accountStream(accountId), how, (loaded) => {
        if (!isCurrent(loaded.state)) return { instead: { kind: 'elsewhere' } };
        const request = requestOn(accountId, loaded);
        return 'instead' in request ? { instead: { kind: 'here', found: request.instead } } : request;
      });
      if (!('instead' in visited)) return visited;
      if (visited.instead.kind === 'here') return { instead: visited.instead.found };
    }
  };

type Found<Q> = Readonly<{ kind: 'elsewhere' }> | Readonly<{ kind: 'here'; found: Q }>;

const isCurrent = (state: AccountState): boolean =>
  mergedInto(state) === null && state.succession.handOvers.length === 0 && mergesUnderWay(state).length === 0;
