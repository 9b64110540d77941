import { type Append, envelopeOf, type LoggedEvent } from '#libs/application';
import { nonEmpty } from '#libs/kernel';
import { type CopyParts, goOn } from './parts';
import { CopyRefused } from './words';

const TRIES_MAX = 20;

/**
 * Copies what the target does not have yet up to a log index, append by append as they were made, in log order. What a settlement names
 * (lines of its bill) comes before it. Idempotency: a target that holds a beginning of the source is gone on with.
 * Throws: CopyRefused when the target holds anything else; CopyStopped.
 */
export const copyLog = async (parts: CopyParts, last: number): Promise<number> => {
  const standing = await parts.target.lastLogIndex();
  await demandBeginning(parts, standing, last);
  const underWay = new Set<Promise<void>>();
  const faults: unknown[] = [];
  let done = standing + 1;
  for await (const group of groups(parts.source.readLog(standing + 1), last)) {
    await copyContents(parts, group);
    const appending = append(parts, group).then(
      () => {
        done += group.length;
        parts.report('copying', done, last + 1);
      },
      (fault: unknown) => void faults.push(fault),
    );
    const tracked: Promise<void> = appending.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    if (underWay.size >= parts.inFlightMax) await Promise.race(underWay);
    if (faults.length > 0 || parts.signal.aborted) break;
  }
  await Promise.all(underWay);
  if (faults.length > 0) throw faults[0];
  goOn(parts, done);
  return done - standing - 1;
};

/** What stands in the target is what the source begins with; each event of it is compared at the end. Throws: CopyRefused. */
const demandBeginning = async ({ source, target }: CopyParts, standing: number, last: number): Promise<void> => {
  if (standing === -1) return;
  if (standing > last) {
    throw new CopyRefused(
      'source-shorter',
      `目标已有 ${standing + 1} 条，来源只有 ${last + 1} 条`,
      `the target has ${standing + 1} events, the source only ${last + 1}`,
    );
  }
  const [mine, theirs] = [await eventAt(source.readLog(standing)), await eventAt(target.readLog(standing))];
  if (mine && theirs && Buffer.compare(mine.bytes, theirs.bytes) === 0) return;
  throw new CopyRefused(
    'target-not-a-copy',
    `目标不为空，且第 ${standing} 条与来源不同：请另指空目标`,
    `the target is not empty, and its event ${standing} is not the source's: name an empty target`,
  );
};

const eventAt = async (events: AsyncIterable<LoggedEvent>): Promise<LoggedEvent | undefined> => {
  for await (const event of events) return event;
  return undefined;
};

/** The log as it was appended: the envelope of an event says how many came with it. */
async function* groups(events: AsyncIterable<LoggedEvent>, last: number): AsyncGenerator<readonly LoggedEvent[]> {
  let group: LoggedEvent[] = [];
  for await (const event of events) {
    if (event.logIndex > last) break;
    group.push(event);
    const { index, count } = envelopeOf(event).meta.append;
    if (index < count - 1) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) throw new Error(`the log ends within an append, at log index ${group.at(-1)?.logIndex}`);
}

const claimsIn = (group: readonly LoggedEvent[]): Append['claims'] =>
  group.flatMap((event, eventIndex) => (envelopeOf(event).meta.claims ?? []).map((claim) => ({ ...claim, eventIndex })));

/** Throws: CopyRefused. */
const append = async ({ target }: CopyParts, group: readonly LoggedEvent[]): Promise<void> => {
  const [{ stream, revision }] = nonEmpty(group);
  const expected = revision === 0 ? 'no-stream' : revision - 1;
  const events = nonEmpty(group.map(({ logIndex: _, ...event }) => event));
  for (let attempt = 1; ; attempt++) {
    const result = await target.append({ stream, expected, events, claims: claimsIn(group), lane: 'job' });
    if (result.kind === 'appended') return;
    if (result.kind === 'unknown' && attempt < TRIES_MAX) continue; // The same again is answered for good, some time.
    throw refused(result.kind, `${stream} ${revision}`, 'cause' in result ? result.cause : '');
  }
};

const refused = (kind: string, what: string, cause: string): CopyRefused => {
  if (kind === 'unavailable')
    return new CopyRefused('target-unavailable', `目标不可写（${cause}），停于 ${what}`, `the target takes nothing (${cause}), at ${what}`);
  if (kind === 'unknown')
    return new CopyRefused(
      'outcome-unknown',
      `不知 ${what} 是否写入（${cause}）：请再次执行`,
      `whether ${what} was written is not known (${cause}): run it again`,
    );
  return new CopyRefused(
    'target-not-a-copy',
    `目标中 ${what} 处已有别的内容（${kind}）`,
    `the target has something else at ${what} (${kind})`,
  );
};

/** Lines of bills, under the hash that their settlement names. Throws: CopyRefused when the source does not have them. */
const copyContents = async ({ sourceContents, targetContents }: CopyParts, group: readonly LoggedEvent[]): Promise<void> => {
  for (const hash of group.flatMap((event) => contentOf(event) ?? [])) {
    const bytes = await sourceContents.get(hash);
    if (bytes === undefined)
      throw new CopyRefused('copy-differs', `来源缺少账单明细 ${hash}`, `the source does not have the bill lines ${hash}`);
    await targetContents.put(bytes);
  }
};

export const contentOf = (event: LoggedEvent): string | undefined => {
  const { linesHash } = (envelopeOf(event).data ?? {}) as Readonly<{ linesHash?: unknown }>;
  return typeof linesHash === 'string' ? linesHash : undefined;
};
