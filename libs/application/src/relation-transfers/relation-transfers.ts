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

/** What a transfer in may have waited for: whether the own money has arrived elsewhere or come back. */
const BRINGS_NEWS: ReadonlySet<string> = new Set(['confirm', 'return']);

/** An account that is opened takes what came for the person before. Idempotency: a repeat of the opening credits nothing twice. */
export const opensWithTransfers =
  (accounts: Pick<Accounts, 'open'>, transfers: Pick<RelationTransfers, 'opened'>): Accounts['open'] =>
  async (order, tracing) => {
    const answer = await accounts.open(order, tracing);
    if (answer.kind === 'done') await transfers.opened(order, tracing);
    return answer;
  };

/** Insurance relations between pooling areas (关系转移接续), put together. */
export const relationTransfersOf = (parts: RelationTransferParts): RelationTransfers => {
  const { streams, vault, credentials, acts, view, policiesOf } = parts;
  const { nowMs } = streams.time;
  const secret = vault.commandHashSecret();
  const lateness = latenessOf({ policiesOf, nowMs });
  const transfers = new RelationInStreams(streams, policiesOf);
  const crediting = new RelationCrediting({ ...parts, transfers });
  const incoming = new IncomingTransfers({ transfers, crediting, credentials, lateness, nowMs, secret });
  const outgoing = outgoingTransfers({ acts, view, lateness });
  return {
    ...outgoing,
    act: async (accountId, transferId, order, tracing) => {
      const answer = await outgoing.act(accountId, transferId, order, tracing);
      if (answer.kind === 'done' && BRINGS_NEWS.has(order.act)) await crediting.goOn(accountId, tracing);
      return answer;
    },
    registerFile: (order, tracing) => orUnavailable(incoming.registerFile(order, tracing)),
    registerMoney: (order, tracing) => orUnavailable(incoming.registerMoney(order, tracing)),
    withdrawFile: (transferInId, order, tracing) => incoming.withdrawFile(transferInId, order, tracing),
    sendMoneyBack: (transferInId, order, tracing) => incoming.sendMoneyBack(transferInId, order, tracing),
    credit: (transferInId, tracing) => incoming.credit(transferInId, tracing),
    opened: (order, tracing) => incoming.opened(order, tracing),
    incoming: (transferInId) => incoming.incoming(transferInId),
    lateness,
  };
};
