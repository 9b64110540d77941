import type { Accounts } from '../engine';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import { orUnavailable } from '../unavailable';
import type { Vault } from '../vault.port';
import type { AccountActs } from './account-acts';
import type { FactsFor } from './account-facts';
import { type AccountRunner, personIdOf } from './account-streams';
import { AccountViews, type ViewParts } from './account-view';
import { balanceByCredential } from './balance-by-credential';
import { cardActs, cardQuestion, cardRegistration } from './cards';
import type { Credentials } from './credentials';
import { freezeActs } from './freezes';
import { holderAge } from './holder-age';
import { moneyActs } from './money-acts';
import { accountOpening } from './opening';
import { statementOf } from './statement';

export type AccountParts = ViewParts &
  Readonly<{
    accounts: AccountRunner;
    reader: EventReader;
    vault: Vault;
    credentials: Credentials;
    factsFor: FactsFor;
    hasPolicy: (poolingArea: string) => Promise<boolean>;
    poolingAreasFor: (institutionCode: string) => Promise<readonly string[]>;
    current: CurrentAccount;
    acts: AccountActs;
  }>;

/** Everything a clerk may do to an account, and everything that may be read of it. */
export const accountsOf = (parts: AccountParts): Accounts => {
  const { vault, acts } = parts;
  const views = new AccountViews(parts);
  const open = accountOpening({ ...parts, acts });
  const registerCard = cardRegistration({ ...parts, acts });
  const askForCard = cardQuestion(acts);
  return {
    open: (order, tracing) => orUnavailable(open(order, tracing)),
    registerCard: (accountId, order, tracing) => orUnavailable(registerCard(accountId, order, tracing)),
    askForCard: (accountId, order, tracing) => orUnavailable(askForCard(accountId, order, tracing)),
    ...cardActs({ acts, credentials: parts.credentials, ageOf: holderAge(parts) }),
    ...freezeActs(acts),
    ...moneyActs(acts),
    settleDue: (accountId, tracing) => acts.settleDue(accountId, tracing),
    view: (accountId, asOf) => {
      if (asOf === null) return views.now(accountId);
      return 'revision' in asOf ? views.atRevision(accountId, asOf.revision) : views.asOf(accountId, asOf.instant);
    },
    balanceByCredential: balanceByCredential({ ...parts, views }),
    statement: statementOf(parts.reader),
    person: async (accountId, reader) => {
      const personId = personIdOf((await parts.current(accountId)).state);
      return personId === null ? undefined : vault.readPerson(personId, reader);
    },
  };
};
