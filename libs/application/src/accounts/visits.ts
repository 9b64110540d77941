import { type AccountRefusal, type AccountState, accountStream, type MedicalAccountEvent } from '#libs/medical-account';
import type { Instead } from '../streams/command-runner';
import type { Outcome } from '../streams/request';
import type { Loaded } from '../streams/stream-states';
import type { AccountRequest, AccountRunner } from './account-streams';

type Visited<Q> = Outcome<MedicalAccountEvent, AccountRefusal> | Instead<Q>;
/** Asks an account for something as a job does that comes by once; what is asked may follow from how it stands. */
export type VisitAccount = <Q>(
  asked: string,
  how: 'run' | 'quote',
  requestOn: (accountId: string, loaded: Loaded<AccountState>) => AccountRequest | Instead<Q>,
) => Promise<Visited<Q>>;

export const accountVisits =
  (accounts: AccountRunner): VisitAccount =>
  (accountId, how, requestOn) =>
    accounts.visit(accountStream(accountId), how, (loaded) => requestOn(accountId, loaded));
