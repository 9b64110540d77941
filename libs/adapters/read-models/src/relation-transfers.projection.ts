import type { RelationTransferRow } from '#libs/application';
import { leftBy, type RelationStage } from '#libs/medical-account';
import { type ProjectedEvent, type ProjectedRelationIn, type Projection, type Rows, standing } from './projection';

/** Without the area of an account, which the read model of cards knows. `isOpen`: something is still awaited. */
export type StoredRelationTransfer = Omit<RelationTransferRow, 'ownArea' | 'toFollowFen'> &
  Readonly<{ ownArea: string | null; isOpen: boolean }>;
type Row = StoredRelationTransfer;
type Table = Rows<Row>;
type Of<T extends ProjectedEvent['type']> = Extract<ProjectedEvent, { type: T }>;

const BLANK = {
  accountId: null,
  ownArea: null,
  followsTransferId: null,
  transferNo: null,
  currentYearFen: null,
  priorYearFen: null,
  amountFen: 0,
  fileFen: null,
  moneyFen: null,
  batchReference: null,
  remittedAt: null,
  dueOn: null,
  endedAt: null,
  isOpen: true,
} as const;

/** Relations on their way to another pooling area or from one: where each stands, what is awaited, and since when. */
export const relationTransfers: Projection<Row> = {
  name: 'relationTransfers',
  version: 1,
  shape: {
    columns: {
      direction: 'text',
      transferId: 'text',
      accountId: 'text?',
      ownArea: 'text?',
      otherArea: 'text',
      stage: 'text',
      followsTransferId: 'text?',
      transferNo: 'text?',
      currentYearFen: 'integer?',
      priorYearFen: 'integer?',
      amountFen: 'integer',
      fileFen: 'integer?',
      moneyFen: 'integer?',
      batchReference: 'text?',
      beganAt: 'text',
      remittedAt: 'text?',
      dueOn: 'text?',
      endedAt: 'text?',
      isOpen: 'boolean',
      logIndex: 'integer',
    },
    key: ['direction', 'transferId'],
    indexes: [{ on: ['logIndex'] }, { on: ['accountId', 'logIndex'] }, { on: ['logIndex'], only: 'isOpen' }],
  },
  apply(rows, event) {
    switch (event.type) {
      case 'RelationTransferRequested.v1': {
        request(rows, event);
        return;
      }
      case 'RelationTransferRemitted.v1': {
        remit(rows, event);
        return;
      }
      case 'RelationTransferConfirmed.v1': {
        end(rows, event.data.transferId, 'confirmed', event.decidedAt);
        return;
      }
      case 'RelationTransferReturned.v1': {
        end(rows, event.data.transferId, 'returned', event.decidedAt);
        return;
      }
      case 'RelationTransferClosed.v1': {
        end(rows, event.data.transferId, event.data.cause, event.decidedAt);
        return;
      }
      case 'RelationTransferLapsed.v1': {
        end(rows, event.data.transferId, 'lapsed', event.data.effectiveAt);
        return;
      }
      default:
    }
  },
  applyRelationIn(rows, event) {
    const row = rows.get('in', event.data.transferInId);
    rows.put(arrived(row, event));
  },
};

const outgoing = (rows: Table, transferId: string): Row => standing(rows.get('out', transferId), `relation transfer ${transferId}`);

const request = (rows: Table, { accountId, decidedAt, logIndex, data }: Of<'RelationTransferRequested.v1'>): void => {
  const { transferId, toPoolingArea: otherArea, followsTransferId, remitBy: dueOn } = data;
  if (rows.get('out', transferId) !== undefined) throw new Error(`relation transfer ${transferId} is requested twice`);
  const asked = { accountId, otherArea, followsTransferId, dueOn, beganAt: decidedAt, logIndex };
  rows.put({ ...BLANK, direction: 'out', transferId, stage: 'requested', ...asked });
};

const remit = (rows: Table, { decidedAt, data }: Of<'RelationTransferRemitted.v1'>): void => {
  const { transferId, batchReference, confirmBy: dueOn, amountFen, legs } = data;
  const sumIn = (bucket: string) => leftBy(legs).reduce((sum, [account, fen]) => (account.endsWith(bucket) ? sum + fen : sum), 0);
  const amounts = { amountFen, currentYearFen: sumIn(':currentYear'), priorYearFen: sumIn(':priorYear') };
  rows.put({ ...outgoing(rows, transferId), stage: 'remitted', remittedAt: decidedAt, batchReference, dueOn, ...amounts });
};

const end = (rows: Table, transferId: string, stage: RelationStage, endedAt: string): void =>
  rows.put({ ...outgoing(rows, transferId), stage, endedAt, dueOn: null, isOpen: false });

/** What stands after one more event of a transfer that comes from elsewhere. @throws Error when its first is not there. */
const arrived = (row: Row | undefined, { type, data, decidedAt, logIndex }: ProjectedRelationIn): Row => {
  if (type === 'RelationFileRegistered.v1' || type === 'RelationMoneyReceived.v1') {
    const { transferInId: transferId, poolingArea: ownArea, fromPoolingArea: otherArea, transferNo } = data;
    const first: Row = row ?? {
      ...BLANK,
      ...{ direction: 'in', transferId, ownArea, otherArea, transferNo, stage: 'empty', beganAt: decidedAt, logIndex },
    };
    if (type === 'RelationMoneyReceived.v1')
      return staged({ ...first, moneyFen: data.amountFen, amountFen: data.amountFen, batchReference: data.batchReference });
    const { currentYearFen, priorYearFen } = data;
    const fileFen = currentYearFen + priorYearFen;
    return staged({ ...first, currentYearFen, priorYearFen, fileFen, amountFen: fileFen });
  }
  const standingRow = standing(row, `transfer ${data.transferInId}`);
  switch (type) {
    case 'RelationMatched.v1':
      return { ...standingRow, stage: 'matched', dueOn: data.creditBy };
    case 'RelationFileWithdrawn.v1':
      return staged({ ...standingRow, fileFen: null, currentYearFen: null, priorYearFen: null, dueOn: null });
    case 'RelationMoneySentBack.v1':
      return staged({ ...standingRow, moneyFen: null, batchReference: null, dueOn: null });
    case 'RelationCreditOrdered.v1':
      return { ...standingRow, stage: 'crediting', accountId: data.accountId };
    case 'RelationCreditHeld.v1':
      return { ...standingRow, stage: 'matched', accountId: null };
    case 'RelationCredited.v1':
      return { ...standingRow, stage: 'credited', accountId: data.accountId, endedAt: decidedAt, dueOn: null, isOpen: false };
  }
};

const staged = (row: Row): Row => {
  const { fileFen, moneyFen } = row;
  const amountFen = fileFen ?? moneyFen ?? 0;
  if (fileFen !== null) return { ...row, stage: 'fileOnly', amountFen, isOpen: true };
  return moneyFen === null ? { ...row, stage: 'empty', amountFen, isOpen: false } : { ...row, stage: 'moneyOnly', amountFen, isOpen: true };
};
