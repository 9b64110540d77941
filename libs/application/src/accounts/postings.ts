import type { Recorded } from '#libs/kernel';
import {
  type AccountState,
  decodeAccountEvent,
  decodeVoidEvent,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  postingOf,
  type SettlementKeyVoided,
} from '#libs/medical-account';
import type { EventReader } from '../event-store.port';
import { type Decode, recordedOf } from '../streams/stored-form';

/** The stream that a decision is made on, and the head that its state was loaded at. */
export type At = Readonly<{ stream: string; head: number; state: AccountState }>;

/**
 * Finds what stands under a key, by its claim. What has been undone of it is counted up to the loaded head when it stands on the loaded
 * stream; on another stream only the original matters. Throws: on outage. A claim whose event is not there is inert.
 */
export const findPosting = async (reader: EventReader, key: string, upTo?: Pick<At, 'stream' | 'head'>): Promise<Posting | undefined> => {
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

/** The keys whose answers a decision depends on, the command's own first. */
const keysOf = ({ type, data }: MedicalAccountCommand): string[] => {
  switch (type) {
    case 'SettleDue':
      return [];
    case 'PostSwipe':
      return data.replacesKey === null ? [data.key] : [data.key, data.replacesKey];
    case 'CancelSettlement':
      return [data.key, data.settlementKey];
    case 'ReverseSettlement':
      return [data.key, data.targetKey];
    default:
      return [data.key];
  }
};

/** What stands under the command's keys where the state does not know it. Throws: on outage. */
export const postingsFor = async (reader: EventReader, command: MedicalAccountCommand, { stream, head, state }: At): Promise<Posting[]> => {
  const found: Posting[] = [];
  const visit = async (key: string): Promise<void> => {
    const known = state.postings.get(key);
    // Under its own key a command needs only what was answered: the way of a repeat stays short, however much came after it.
    const upTo = 'key' in command.data && key === command.data.key ? { stream, head: -1 } : { stream, head };
    const posting = known ?? (await findPosting(reader, key, upTo));
    if (!known && posting) found.push(posting);
    const undid = command.type === 'ReverseSettlement' && posting ? undoneBy(posting.original, key === command.data.targetKey) : null;
    if (undid !== null) await visit(undid);
  };
  for (const key of keysOf(command)) await visit(key);
  return found;
};

/** What a reversal's target itself undid, as a cancellation or by replacing, is decided on too. */
const undoneBy = (original: Posting['original'], isTarget: boolean): string | null => {
  if (original.type === 'SettlementCancelled.v1') return original.data.settlementKey;
  return original.type === 'SwipeSettled.v1' && isTarget ? original.data.replacesKey : null;
};
