import type { SettlementRow } from '#libs/application';
import type { MedicalLeg, SwipeSettled } from '#libs/medical-account';
import { type ProjectedEvent, type Projection, payableFen, type Rows, standing } from './projection';

/** With the place in the log, so that paging meets later settlements last. */
export type StoredSettlement = SettlementRow & Readonly<{ logIndex: number }>;

/** Each settlement as its institution posted it, and how much of it has been undone since. */
export const settlements: Projection<StoredSettlement> = {
  name: 'settlements',
  version: 1,
  shape: {
    columns: {
      key: 'text',
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
      stream: 'text',
      revision: 'integer',
      logIndex: 'integer',
    },
    key: ['key'],
    indexes: [['logIndex'], ['institutionCode', 'businessDate', 'logIndex'], ['accountId', 'logIndex'], ['businessDate', 'logIndex']],
  },
  apply(rows, event) {
    if (event.type === 'SwipeSettled.v1') settle(rows, event.data, event);
    if (event.type === 'SettlementCancelled.v1' || event.type === 'SettlementReversed.v1') undo(rows, event.data, 1);
    if (event.type === 'CancellationReversed.v1') undo(rows, event.data, -1);
  },
};

const settle = (rows: Rows<StoredSettlement>, settled: SwipeSettled['data'], event: ProjectedEvent): void => {
  const { key, institutionCode, serial, cardId, businessDate, totalFeeFen, fundPaidFen, cashPaymentFen, legs } = settled;
  if (rows.get(key) !== undefined) throw new Error(`${key} is settled twice`);
  const { id: eventId, stream, revision, decidedAt, accountId, logIndex } = event;
  const fees = { totalFeeFen, fundPaidFen, accountPaidFen: payableFen(legs), cashPaymentFen, undoneFen: 0, undoneAccountFen: 0 };
  const place = { decidedAt, eventId, stream, revision, logIndex };
  rows.put({ key, institutionCode, serial, accountId, cardId, businessDate, ...fees, ...place, state: 'live' });
};

type Undoing = Readonly<{ settlementKey: string; amountFen: number; legs: readonly MedicalLeg[] }>;

/** `sign`: 1 undoes, -1 takes an undoing back. @throws Error when more would be undone than was settled, or less than nothing. */
const undo = (rows: Rows<StoredSettlement>, { settlementKey, amountFen, legs }: Undoing, sign: 1 | -1): void => {
  const row = standing(rows.get(settlementKey), settlementKey);
  const undoneFen = row.undoneFen + sign * amountFen;
  const undoneAccountFen = row.undoneAccountFen - payableFen(legs); // Legs of a return take from what is payable.
  if (undoneFen < 0 || undoneFen > row.totalFeeFen)
    throw new Error(`${undoneFen} of ${row.totalFeeFen} fen of ${settlementKey} would be undone`);
  const whole = undoneFen === row.totalFeeFen;
  const none = undoneFen === 0;
  const state = whole && (sign === 1 || !none) ? 'undone' : none ? 'live' : 'partlyUndone';
  rows.put({ ...row, undoneFen, undoneAccountFen, state });
};
