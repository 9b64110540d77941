import type { AccountActs } from '../accounts/account-acts';
import type { FactsFor } from '../accounts/account-facts';
import type { AccountRunner } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import type { Accounts, RelationTransfers } from '../engine';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import type { StreamParts } from '../streams/command-runner';
import { orUnavailable } from '../unavailable';
import type { Vault } from '../vault.port';
import { RelationCrediting } from './crediting';
import { latenessOf, type PoliciesOf } from './deadlines';
import { IncomingTransfers } from './incoming';
import { RelationInStreams } from './incoming-stream';
import { outgoingTransfers } from './outgoing';

export type RelationTransferParts = Readonly<{
  streams: StreamParts;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  current: CurrentAccount;
  accounts: AccountRunner;
  factsFor: FactsFor;
  policiesOf: PoliciesOf;
  acts: AccountActs;
  view: Accounts['view'];
}>;

/** Insurance relations between pooling areas (关系转移接续), put together. */
export const relationTransfersOf = (parts: RelationTransferParts): RelationTransfers => {
  const { streams, vault, credentials, acts, view, policiesOf } = parts;
  const { nowMs } = streams.time;
  const secret = vault.commandHashSecret();
  const lateness = latenessOf({ policiesOf, nowMs });
  const transfers = new RelationInStreams(streams, policiesOf);
  const crediting = new RelationCrediting({ ...parts, transfers });
  const incoming = new IncomingTransfers({ transfers, crediting, credentials, lateness, nowMs, secret });
  return {
    ...outgoingTransfers({ acts, view, lateness }),
    registerFile: (order, tracing) => orUnavailable(incoming.registerFile(order, tracing)),
    registerMoney: (order, tracing) => orUnavailable(incoming.registerMoney(order, tracing)),
    withdrawFile: (transferInId, order, tracing) => incoming.withdrawFile(transferInId, order, tracing),
    sendMoneyBack: (transferInId, order, tracing) => incoming.sendMoneyBack(transferInId, order, tracing),
    credit: (transferInId, tracing) => incoming.credit(transferInId, tracing),
    incoming: (transferInId) => incoming.incoming(transferInId),
    lateness,
  };
};
