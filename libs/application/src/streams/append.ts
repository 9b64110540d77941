import type { Append, AppendResult, EventStore, NewClaim } from '../event-store.port';
import { elapsedMs, type Time, type WantedClaim } from './request';
import type { AnyEvent } from './stored-form';

type Definite = Exclude<AppendResult, { kind: 'unknown' }> | Readonly<{ kind: 'outcomeUnknown' }>;

/** Appends the very same events again until the answer is definite or the deadline has passed: reading nothing would prove nothing. */
export const appendUntilDefinite = async (store: EventStore, time: Time, append: Append, untilMs: number): Promise<Definite> => {
  for (let tries = 1; ; tries++) {
    const result = await store.append(append);
    if (result.kind !== 'unknown') return result;
    if (elapsedMs(time) >= untilMs) return { kind: 'outcomeUnknown' };
    await time.pause(tries);
  }
};

/** Gives each claim its event: the one whose `data.key` it is, else the one that answers the command. @throws Error when there is neither: a bug. */
export const placed = (wanted: readonly WantedClaim[], events: readonly AnyEvent[], commandKey: string): NewClaim[] => {
  const indexOf = (key: string) => events.findIndex(({ data }) => (data as { key?: unknown }).key === key);
  return wanted.map(({ key, commandHash, at }) => {
    const own = indexOf(at ?? key);
    const eventIndex = own >= 0 ? own : indexOf(commandKey);
    if (eventIndex < 0) throw new Error('a claim without an event that answers its command');
    return { key, commandHash, eventIndex };
  });
};
