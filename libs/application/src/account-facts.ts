import type { Json, Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountPolicy,
  type AccountState,
  decodeAccountEvent,
  decodeVoidEvent,
  type InstitutionFacts,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  postingOf,
  type SettlementKeyVoided,
  type VoidFacts,
} from '#libs/medical-account';
import type { EventReader } from './event-store.port';
import type { Gathered, WantedClaim } from './run-command';
import { type Decode, recordedOf } from './stored-form';

export type FactSources = Readonly<{
  reader: EventReader;
  /** Published packs of an area that began by the instant, oldest first. */
  policiesOf: (poolingArea: string, decidedAt: string) => Promise<readonly AccountPolicy[]>;
  institutionAt: (
    code: string,
    at: Readonly<{ judgedAt: string; operatorCode: string | null; terminalCode: string | null }>,
  ) => Promise<InstitutionFacts | null>;
}>;

/** An account as the facts need it: its stream, and the head that the state was loaded at. */
type At = Readonly<{ stream: string; head: number; state: AccountState; poolingArea: string }>;

/**
 * Finds what stands under a key, by its claim. What has been undone of it is counted up to the loaded head when it stands on the loaded
 * stream; on another stream only the original matters. Throws: on outage. A claim whose event is not there is inert.
 */
export const findPosting = async (
  reader: EventReader,
  key: string,
  upTo?: Readonly<{ stream: string; head: number }>,
): Promise<Posting | undefined> => {
  const claim = await reader.findClaim(key);
  // A key of another kind of stream (an institution's, say) is no posting: the append will find it taken.
  if (!claim || !/^(medicalAccount|settlementVoid)-/.test(claim.stream)) return undefined;
  const first = await reader.readEvent(claim.stream, claim.revision);
  if (!first || first.id !== claim.eventId) return undefined;
  const decode: Decode<MedicalAccountEvent | SettlementKeyVoided> = claim.stream.startsWith('settlementVoid-')
    ? decodeVoidEvent
    : decodeAccountEvent;
  const original = recordedOf<MedicalAccountEvent | SettlementKeyVoided>(decode, first);
  if (original.type !== 'SwipeSettled.v1' || (upTo && upTo.stream !== claim.stream)) return { original, undone: NOTHING_UNDONE };
  const since: Recorded<MedicalAccountEvent>[] = [];
  for await (const stored of reader.readForward(claim.stream, claim.revision)) {
    if (upTo && stored.revision > upTo.head) break;
    since.push(recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored));
  }
  return postingOf(since, original.data.key); // The key that was looked for may be a second natural one.
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

const postingsFor = async (reader: EventReader, command: MedicalAccountCommand, { stream, head, state }: At): Promise<Posting[]> => {
  const found: Posting[] = [];
  const visit = async (key: string): Promise<void> => {
    const known = state.postings.get(key);
    const posting = known ?? (await findPosting(reader, key, { stream, head }));
    if (!known && posting) found.push(posting);
    // A cancellation stands under the target: what it undid is decided on too.
    const original = posting?.original;
    if (original?.type === 'SettlementCancelled.v1' && command.type === 'ReverseSettlement') await visit(original.data.settlementKey);
  };
  for (const key of keysOf(command)) await visit(key);
  return found;
};

type Natural = Readonly<{ holder: Posting | null; claims: readonly WantedClaim[] }>;

/**
 * A second natural key (visit and charge batch; invoice) is claimed once more after its settlement was wholly undone, under the next
 * number: claims are never released. The holder is the live settlement that stands in the way.
 */
const naturalKeys = async (reader: EventReader, command: MedicalAccountCommand): Promise<Natural> => {
  if (command.type !== 'PostSwipe') return { holder: null, claims: [] };
  const { institutionCode, visitNo, chargeBatchNo, invoiceNo, commandHash, replacesKey, key } = command.data;
  const bases: string[] = [];
  if (visitNo !== null && chargeBatchNo !== null) bases.push(`visit-${institutionCode}-${visitNo}-${chargeBatchNo}`);
  if (invoiceNo !== null) bases.push(`invoice-${institutionCode}-${invoiceNo}`);
  const claims: WantedClaim[] = [];
  let holder: Posting | null = null;
  for (const base of bases) {
    for (let n = 0; ; n++) {
      const posting = await findPosting(reader, `${base}#${n}`);
      if (posting?.original.type !== 'SwipeSettled.v1') {
        claims.push({ key: `${base}#${n}`, commandHash });
        break;
      }
      const { original, undone } = posting;
      const isLive = undone.amountFen < original.data.totalFeeFen;
      if (isLive && original.data.key !== replacesKey && original.data.key !== key) {
        holder ??= posting;
        break;
      }
    }
  }
  return { holder, claims };
};

const institutionOf = ({
  type,
  data,
}: MedicalAccountCommand): Readonly<{ code: string; operatorCode: string | null; terminalCode: string | null }> | null => {
  if (type === 'PostSwipe') return { code: data.institutionCode, operatorCode: data.operatorCode, terminalCode: data.terminalCode };
  if (type === 'CancelSettlement' || type === 'ReverseSettlement')
    return { code: data.institutionCode, operatorCode: null, terminalCode: null };
  return null;
};

/** Makes the step that gathers an account's facts; they are recorded with packs and postings by reference. Throws: on outage. */
export const accountFacts =
  (sources: FactSources) =>
  (command: MedicalAccountCommand, account: Readonly<{ stream: string; poolingArea: string }>, extra: readonly WantedClaim[] = []) =>
  async (state: AccountState, decidedAt: string, head: number): Promise<Gathered<AccountFacts>> => {
    const asked = institutionOf(command);
    const judgedAt = command.type === 'PostSwipe' && command.data.entry === 'late' ? command.data.occurredAt : decidedAt;
    const at: At = { ...account, head, state };
    const [policies, institution, postings, natural] = await Promise.all([
      sources.policiesOf(account.poolingArea, decidedAt),
      asked ? sources.institutionAt(asked.code, { judgedAt, operatorCode: asked.operatorCode, terminalCode: asked.terminalCode }) : null,
      postingsFor(sources.reader, command, at),
      naturalKeys(sources.reader, command),
    ]);
    const facts: AccountFacts = { decidedAt, policies, institution, postings, naturalKeyHolder: natural.holder };
    const own: WantedClaim[] = command.type === 'SettleDue' ? [] : [{ key: command.data.key, commandHash: command.data.commandHash }];
    return { facts, recordedFacts: recordedFacts(facts), claims: [...own, ...natural.claims, ...extra] };
  };

/** The facts as the log keeps them: a pack by id and hash, a posting by where it stands and what was undone of it by then. */
export const recordedFacts = ({ decidedAt, policies, institution, postings, naturalKeyHolder }: AccountFacts): Json => ({
  decidedAt,
  policies: policies.map(({ packId, hash }) => ({ packId, hash })),
  institution: institution as unknown as Json,
  postings: postings.map(cited),
  naturalKeyHolder: naturalKeyHolder === null ? null : cited(naturalKeyHolder),
});

export const recordedFactsOfVoid = ({ decidedAt, institution, postings }: VoidFacts): Json => ({
  decidedAt,
  institution: institution as unknown as Json,
  postings: postings.map(cited),
});

const cited = ({ original, undone }: Posting): Json => ({
  stream: original.stream,
  revision: original.revision,
  undone: undone as unknown as Json,
});
