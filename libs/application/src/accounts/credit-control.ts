import { decodeAccountEvent, type MedicalAccountEvent } from '#libs/medical-account';
import type { LoggedCredit, MonthlySource, Moved, Movement } from '../engine';
import type { EventReader } from '../event-store.port';
import { recordedOf } from '../streams/stored-form';

type Range = Readonly<{ from: number; until: number; source: MonthlySource; period: string }>;
type Sums = { -readonly [Name in keyof Movement]: Movement[Name] };

const EVENTS_AT_ONCE = 64; // Some milliseconds at most: others wait for their swipes meanwhile.
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * What the log says was moved after one place and up to another. Control totals are held against this: the balances before and after come from
 * a projection, this from the events themselves. Units: fen. Throws: on outage or damage.
 */
export async function* movedIn(
  reader: Pick<EventReader, 'readLog'>,
  { from, until, source, period }: Range,
  signal: AbortSignal,
): AsyncGenerator<LoggedCredit, Moved> {
  const sums = new Map<string, Sums>();
  let read = 0;
  for await (const stored of reader.readLog(from + 1)) {
    if (stored.logIndex > until || signal.aborted) break;
    if (++read % EVENTS_AT_ONCE === 0) await nextTurn();
    if (!stored.stream.startsWith('medicalAccount-')) continue;
    const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
    if (!('legs' in event.data)) continue;
    const sum = sums.get(event.type) ?? { type: event.type, events: 0, subAccountsFen: 0, receivableFen: 0 };
    sums.set(event.type, sum);
    const fundFen = add(sum, event.data.legs);
    if (event.type !== 'AccountCredited.v1' || event.data.source !== source || event.data.period !== period) continue;
    yield { logIndex: stored.logIndex, reference: event.data.reference, amountFen: fundFen };
  }
  return { from, until, movements: [...sums.values()].toSorted((a, b) => (a.type < b.type ? -1 : 1)) };
}

/** Returns what the funds gave. */
const add = (sum: Sums, legs: readonly Readonly<{ account: string; amountFen: number }>[]): number => {
  let fundFen = 0;
  sum.events += 1;
  for (const { account, amountFen } of legs) {
    if (account.startsWith('subAccount:')) sum.subAccountsFen += amountFen;
    else if (account === 'receivable') sum.receivableFen += amountFen;
    else if (account.startsWith('fund:')) fundFen -= amountFen;
  }
  return fundFen;
};
