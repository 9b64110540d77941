import type { Recorded } from '#libs/kernel';
import {
  type AccountState,
  asksForSwipeBefore,
  decodeAccountEvent,
  decodeVoidEvent,
  keyAfter,
  keysOf,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  postingOf,
  type SettlementKeyVoided,
  type SwipeAsked,
  swipeBefore,
} from '#libs/medical-account';
import type { EventReader } from '../event-store.port';
import { type Decode, recordedOf } from '../streams/stored-form';

/** The stream that a decision is made on, and the head that its state was loaded at. */
export type At = Readonly<{ stream: string; head: number }>;

/**
 * Finds what stands under a key, by its claim. What has been undone of it is counted up to the loaded head when it stands on the loaded
 * stream; on another stream only the original matters. Throws: on outage. A claim whose event is not there is inert.
 */
export const findPosting = async (reader: EventReader, key: string, upTo?: At): Promise<Posting | undefined> => {
  const original = await originalUnder(reader, key);
  if (!original) return undefined;
  const countsHere = !upTo || (upTo.stream === original.stream && upTo.head >= original.revision);
  if (original.type !== 'SwipeSettled.v1' || !countsHere) return { original, undone: NOTHING_UNDONE };
  const since: Recorded<MedicalAccountEvent>[] = [];
  for await (const stored of reader.readForward(original.stream, original.revision)) {
    if (upTo && stored.revision > upTo.head) break;
    since.push(recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored));
  }
  return postingOf(since, original.data.key); // The key that was looked for may be a second natural one.
};

/** The event that holds a key's claim. A key of another kind of stream (an institution's, say) is no posting: the append will find it taken. */
const originalUnder = async (reader: EventReader, key: string): Promise<Posting['original'] | undefined> => {
  const claim = await reader.findClaim(key);
  if (!claim || !/^(medicalAccount|settlementVoid)-/.test(claim.stream)) return undefined;
  const stored = await reader.readEvent(claim.stream, claim.revision);
  if (stored?.id !== claim.eventId) return undefined;
  const isVoid = claim.stream.startsWith('settlementVoid-');
  const decode: Decode<MedicalAccountEvent | SettlementKeyVoided> = isVoid ? decodeVoidEvent : decodeAccountEvent;
  return recordedOf<MedicalAccountEvent | SettlementKeyVoided>(decode, stored);
};

/** With the card's swipe before, read backwards from the loaded head; mostly it stands a few events behind. Throws: on outage. */
const withSwipeBefore = async (reader: EventReader, posting: Posting, asked: SwipeAsked, { stream, head }: At): Promise<Posting> => {
  const search = swipeBefore(asked);
  for await (const stored of reader.readBackward(stream)) {
    if (stored.revision > head) continue;
    if (search.take(recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored))) break;
  }
  return { ...posting, undone: { ...posting.undone, swipedBefore: search.found() } };
};

/** What stands under the keys that a command asks for. Throws: on outage. */
export const postingsFor = async (
  reader: EventReader,
  command: MedicalAccountCommand,
  { stream, head, state }: At & Readonly<{ state?: AccountState }>,
): Promise<Posting[]> => {
  const found: Posting[] = [];
  const visit = async (key: string): Promise<void> => {
    // Under its own key a command needs only what was answered: the way of a repeat stays short, however much came after it.
    const upTo = 'key' in command.data && key === command.data.key ? { stream, head: -1 } : { stream, head };
    const posting = await findPosting(reader, key, upTo);
    if (!posting) return;
    const asked = state && posting.original.stream === stream ? asksForSwipeBefore(command, posting, state) : null;
    found.push(asked ? await withSwipeBefore(reader, posting, asked, { stream, head }) : posting);
    const next = keyAfter(command, key, posting);
    if (next !== null) await visit(next);
  };
  for (const key of keysOf(command)) await visit(key);
  return found;
};
