import { type MedicalAccountCommand, medicalFen, type RelationTransferRecord } from '#libs/medical-account';
import type { AccountActs, Field } from '../accounts/account-acts';
import type { Accounts, AccountView, RelationTransferAct, RelationTransferOut, RelationTransfers } from '../engine';
import { uuidOf } from '../streams/command-identity';

type OutgoingParts = Readonly<{
  acts: AccountActs;
  view: Accounts['view'];
  lateness: (poolingArea: string, dueOn: string | null) => Promise<number>;
}>;
type Outgoing = Pick<RelationTransfers, 'request' | 'act' | 'ofAccount'>;
type Keyed = Readonly<{ key: string; commandHash: string }>;
type Command = Exclude<MedicalAccountCommand, { type: 'SettleDue' }>;

const idUnder = (key: string): string => uuidOf(`relationTransfer-${key}`);

/** Relations that go elsewhere: the ordinary way of an act on an account. Idempotency: by the organisation's reference. Throws: on outage. */
export const outgoingTransfers = ({ acts, view, lateness }: OutgoingParts): Outgoing => ({
  request: (accountId, { reference, toPoolingArea, holderStatus }, tracing) => {
    const own = acts.keyed(tracing, reference, 'RequestRelationTransfer', accountId, toPoolingArea, holderStatus);
    const transferId = idUnder(own.key);
    const command: Command = { type: 'RequestRelationTransfer', data: { ...own, transferId, toPoolingArea, holderStatus } };
    return acts.run({ accountId, command, tracing, id: transferId });
  },
  act: (accountId, transferId, { reference, ...order }, tracing) => {
    const { act, ...said } = order;
    const own = acts.keyed(tracing, reference, `RelationTransfer-${act}`, accountId, transferId, ...(Object.values(said) as Field[]));
    const command = commandOf(order, transferId, own);
    return acts.run({ accountId, command, tracing, id: act === 'follow' ? idUnder(own.key) : transferId });
  },
  ofAccount: async (accountId) => {
    const account = await view(accountId, null);
    if (!account) return undefined;
    const transfers = account.relationTransfers ?? [];
    return Promise.all(
      transfers.map(async ([transferId, record]) => {
        const dueOn = dueOnOf(record);
        return { ...outOf(transferId, record, account), dueOn, overdueWorkingDays: await lateness(account.poolingArea, dueOn) };
      }),
    );
  },
});

const commandOf = (order: RelationTransferAct, transferId: string, own: Keyed): Command => {
  switch (order.act) {
    case 'remit':
      return { type: 'RemitRelationTransfer', data: { ...own, transferId, batchReference: order.batchReference } };
    case 'confirm':
      return {
        type: 'ConfirmRelationTransfer',
        data: { ...own, transferId, amountFen: order.amountFen, confirmation: order.confirmation },
      };
    case 'return':
      return { type: 'ReturnRelationTransfer', data: { ...own, transferId, amountFen: order.amountFen, reason: order.reason } };
    case 'withdraw':
    case 'reject': {
      const cause = order.act === 'withdraw' ? 'withdrawn' : 'rejected';
      return { type: 'CloseRelationTransfer', data: { ...own, transferId, cause, reason: order.reason } };
    }
    case 'follow':
      return { type: 'FollowRelationTransfer', data: { ...own, transferId: idUnder(own.key), followsTransferId: transferId } };
    case 'resume':
      return { type: 'ResumeRelation', data: { ...own, transferId, reason: order.reason } };
  }
};

export const dueOnOf = ({ stage, remitBy, remittance }: RelationTransferRecord): string | null => {
  if (stage === 'requested') return remitBy;
  return stage === 'remitted' ? (remittance?.confirmBy ?? null) : null;
};

const outOf = (
  transferId: string,
  record: RelationTransferRecord,
  { balances, inTransit }: AccountView,
): Omit<RelationTransferOut, 'dueOn' | 'overdueWorkingDays'> => {
  const { stage, toPoolingArea, followsTransferId, requestedAt, remittance, endedAt, resumedAt } = record;
  const left = remittance?.left ?? [];
  const sumOf = (pairs: readonly (readonly [string, number])[], end = '') =>
    medicalFen(pairs.reduce((sum, [account, fen]) => (account.endsWith(end) ? sum + fen : sum), 0));
  const isAway = followsTransferId === null && (stage === 'remitted' || (stage === 'confirmed' && resumedAt === null));
  return {
    ...{ transferId, toPoolingArea, followsTransferId, stage, requestedAt, endedAt, resumedAt },
    remittedAt: remittance?.at ?? null,
    batchReference: remittance?.batchReference ?? null,
    currentYearFen: sumOf(left, ':currentYear'),
    priorYearFen: sumOf(left, ':priorYear'),
    amountFen: sumOf(left),
    inTransitFen: sumOf((inTransit ?? []).filter(([account]) => account === `inTransit:${transferId}`)),
    toFollowFen: isAway ? sumOf(balances) : medicalFen(0),
  };
};
