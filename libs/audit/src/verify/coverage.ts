import type { Appended } from './appends';
import { type CheckName, type Tally, words } from './checks';
import type { RecordedEvent } from './recorded';

const AFTER_DAMAGE = words('该流已损坏，其后未查', 'not checked: the stream is broken before it');

/** The checks that every event falls under, however little of it can be read. */
export const OF_EVERY_EVENT = ['bytes', 'canonical', 'form', 'order', 'ids'] as const satisfies readonly CheckName[];
const OF_A_SWIPE = ['legs', 'settlements', 'cards', 'agreements'] as const satisfies readonly CheckName[];
const UNDOING: ReadonlySet<string> = new Set(['SettlementCancelled.v1', 'SettlementReversed.v1', 'CancellationReversed.v1']);

/** The further checks that an event falls under by what it records. */
const checksOf = ({ type, data }: RecordedEvent): readonly CheckName[] => {
  if (type === 'SwipeSettled.v1') return OF_A_SWIPE;
  const isClosing = type === 'YearRolledOver.v1' || type === 'AccountCarriedForward.v1';
  return [
    ...('legs' in data ? (['legs'] as const) : []),
    ...(UNDOING.has(type) ? (['settlements'] as const) : []),
    ...(isClosing ? (['closings'] as const) : []),
  ];
};

export const expectChecksOf = (event: RecordedEvent, tally: Tally): void => {
  for (const check of checksOf(event)) tally.expect(check);
};

/** An append that stands behind damage: nothing that needs the state before it can be said of it. */
export const leaveOutAppend = (appended: readonly Appended[], tally: Tally): void => {
  tally.expect('decisions');
  tally.leaveOut('decisions', 1, AFTER_DAMAGE);
  for (const { event } of appended) for (const check of checksOf(event)) tally.leaveOut(check, 1, AFTER_DAMAGE);
};
