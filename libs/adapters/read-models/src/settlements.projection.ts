import type { SettlementRow } from '#libs/application';
import { type MedicalLeg, ofSettlementKey, type SwipeSettled } from '#libs/medical-account';
import { type ProjectedEvent, type Projection, payableFen, type Rows, standing } from './projection';

/** Without what follows from the rest, and with the place in the log, so that paging meets later settlements last. */
export type StoredSettlement = Omit<SettlementRow, 'key' | 'stream'> & Readonly<{ logIndex: number }>;

/** Each settlement as its institution posted it, and how much of it has been undone since. */
export const settlements: Projection<StoredSettlement> = {
  name: 'settlements',
  version: 2,
  shape: {
    columns: {
      institutionCode: 'text',
      serial: 'text',
      accountId: 'text',
      cardId: 'text',
      businessDate: 'text',
      decidedAt: 'text',
      totalFeeFen: 'integer',
      fundPaidFen: 'integer',
      accountPaidFen: 'integer',
      cashPaymentFen: 'integer',
      undoneFen: 'integer',
      undoneAccountFen: 'integer',
      state: 'text',
      eventId: 'text',
      revision: 'integer',
      logIndex: 'integer',
    },
    key: ['institutionCode', 'serial'],
    filedBy: 'logIndex',
    indexes: [{ on: ['institutionCode', 'businessDate'] }, { on: ['accountId'] }, { on: ['businessDate'] }],
  },
  apply(rows, event) {
    if (event.type === 'SwipeSettled.v1') settle(rows, event.data, event);
    if (event.type === 'SettlementCancelled.v1' || event.type === 'SettlementReversed.v1') undo(rows, event.data, 1);
    if (event.type === 'CancellationReversed.v1') undo(rows, event.data, -1);
  },
};

const settle = (rows: Rows<StoredSettlement>, settled: SwipeSettled['data'], event: ProjectedEvent): void => {
  const { institutionCode, serial, cardId, businessDate, totalFeeFen, fundPaidFen, cashPaymentFen, legs } = settled;
  if (rows.get(institutionCode, serial) !== undefined) throw new Error(`${settled.key} is settled twice`);
  const { id: eventId, revision, decidedAt, accountId, logIndex } = event;
  const fees = { totalFeeFen, fundPaidFen, accountPaidFen: payableFen(legs), cashPaymentFen, undoneFen: 0, undoneAccountFen: 0 };
  const place = { decidedAt, eventId, revision, logIndex };
  rows.put({ institutionCode, serial, accountId, cardId, businessDate, ...fees, ...place, state: 'live' });
};

type Undoing = Readonly<{ settlementKey: string; amountFen: number; legs: readonly MedicalLeg[] }>;

/** `sign`: 1 undoes, -1 takes an undoing back. @throws Error when more would be undone than was settled, or less than nothing. */
const undo = (rows: Rows<StoredSettlement>, { settlementKey, amountFen, legs }: Undoing, sign: 1 | -1): void => {
  const { institutionCode, serial } = ofSettlementKey(settlementKey);
  const row = standing(rows.get(institutionCode, serial), settlementKey);
  const undoneFen = row.undoneFen + sign * amountFen;
  const undoneAccountFen = row.undoneAccountFen - payableFen(legs); // Legs of a return take from what is payable.
  if (undoneFen < 0 || undoneFen > row.totalFeeFen)
    throw new Error(`${undoneFen} of ${row.totalFeeFen} fen of ${settlementKey} would be undone`);
  const whole = undoneFen === row.totalFeeFen;
  const none = undoneFen === 0;
  const state = whole && (sign === 1 || !none) ? 'undone' : none ? 'live' : 'partlyUndone';
  rows.put({ ...row, undoneFen, undoneAccountFen, state });
};
