import { createHash, type Hash } from 'node:crypto';
import { envelopeOf, type LoggedEvent, type StoredEvent } from '#libs/application';
import { accountStream, type MedicalLeg, recordedAccountEvent } from '#libs/medical-account';
import { contentOf } from './copy-log';
import { type CopyParts, goOn } from './parts';
import { CopyRefused } from './words';

const ACCOUNTS = accountStream('');
/** Money stands in the streams of accounts only. @throws Error on a type or form that this program does not know. */
const legsOf = (event: StoredEvent): readonly MedicalLeg[] => {
  if (!event.stream.startsWith(ACCOUNTS)) return [];
  const { data } = recordedAccountEvent(envelopeOf(event));
  return 'legs' in data ? data.legs : [];
};

/** What a stream's events come to: how many they are, and what stands on each of its accounts. Units: fen. */
class StreamSums {
  events = 0;
  readonly fen = new Map<string, number>();

  add(event: StoredEvent): void {
    this.events += 1;
    for (const { account, amountFen } of legsOf(event)) this.fen.set(account, (this.fen.get(account) ?? 0) + amountFen);
  }

  equals(other: StreamSums): boolean {
    if (this.events !== other.events || this.fen.size !== other.fen.size) return false;
    for (const [account, fen] of this.fen) if (other.fen.get(account) !== fen) return false;
    return true;
  }

  get subAccountsFen(): number {
    let sum = 0;
    for (const [account, fen] of this.fen) if (account.startsWith('subAccount:')) sum += fen;
    return sum;
  }
}

export type Compared = Readonly<{ claims: number; contents: number; streams: number; balanceFen: number; hash: string }>;

/**
 * Holds the copy against the source: each event byte by byte at its log index, each claim by its key, the lines of bills by their hash; then
 * each stream of the target, read by itself, by what its legs come to. Throws: CopyRefused at the first difference; CopyStopped.
 */
export const compareLogs = async (parts: CopyParts, last: number): Promise<Compared> => {
  const hash = createHash('sha256');
  const sums = new Map<string, StreamSums>();
  const counts = { claims: 0, contents: 0 };
  const theirs = parts.target.readLog(0)[Symbol.asyncIterator]();
  try {
    for await (const event of parts.source.readLog(0)) {
      if (event.logIndex > last) break;
      const next = await theirs.next();
      demandSame(event, next.done === true ? undefined : next.value, hash);
      await compareBeside(parts, event, counts);
      const sum = sums.get(event.stream) ?? new StreamSums();
      sum.add(event);
      sums.set(event.stream, sum);
      parts.report('comparing', event.logIndex + 1, last + 1);
      goOn(parts, event.logIndex + 1);
    }
    if ((await theirs.next()).done !== true) throw differs(`目标多于 ${last + 1} 条`, `the target has more than ${last + 1} events`);
  } finally {
    await theirs.return?.();
  }
  const balanceFen = await compareBalances(parts, sums);
  return { ...counts, streams: sums.size, balanceFen, hash: hash.digest('hex') };
};

const differs = (zh: string, en: string): CopyRefused => new CopyRefused('copy-differs', zh, en);
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Throws: CopyRefused. */
const demandSame = (mine: LoggedEvent, theirs: LoggedEvent | undefined, hash: Hash): void => {
  const own = sha256(mine.bytes);
  hash.update(own);
  if (theirs?.logIndex === mine.logIndex && own.equals(sha256(theirs.bytes))) return;
  throw differs(`第 ${mine.logIndex} 条不同或缺失`, `event ${mine.logIndex} differs or is missing`);
};

/** Throws: CopyRefused. */
const compareBeside = async (
  { target, targetContents }: CopyParts,
  event: LoggedEvent,
  counts: { claims: number; contents: number },
): Promise<void> => {
  for (const { key, commandHash } of envelopeOf(event).meta.claims ?? []) {
    counts.claims += 1;
    const claim = await target.findClaim(key);
    const isSame = claim?.commandHash === commandHash && claim.eventId === event.id && claim.revision === event.revision;
    if (!isSame || claim.stream !== event.stream)
      throw differs(`第 ${event.logIndex} 条的占用记录不同或缺失`, `a claim of event ${event.logIndex} differs or is missing`);
  }
  const content = contentOf(event);
  if (content === undefined) return;
  counts.contents += 1;
  if ((await targetContents.get(content)) === undefined)
    throw differs(`第 ${event.logIndex} 条的账单明细缺失`, `the bill lines of event ${event.logIndex} are missing`);
};

/** Throws: CopyRefused. */
const compareBalances = async (parts: CopyParts, sums: ReadonlyMap<string, StreamSums>): Promise<number> => {
  let done = 0;
  let balanceFen = 0;
  for (const [stream, sum] of sums) {
    const found = new StreamSums();
    for await (const event of parts.target.readForward(stream)) found.add(event);
    if (!found.equals(sum)) throw differs(`${stream} 的事件数或余额不同`, `${stream}: events or balances differ`);
    balanceFen += sum.subAccountsFen;
    parts.report('balances', ++done, sums.size);
    goOn(parts, done);
  }
  return balanceFen;
};
