import type { LoggedEvent } from '#libs/application';
import { type ReplayReport, replayLog } from '#libs/audit';
import type { Json } from '#libs/kernel';
import { accountPolicyOf, packOfDocument } from '#libs/policy';
import type { TestEngine } from './engine-fixture';

/** The whole log of a test's engine. */
export const logOf = async ({ store }: Pick<TestEngine, 'store'>): Promise<readonly LoggedEvent[]> => {
  const log: LoggedEvent[] = [];
  for await (const event of store.readLog(0)) log.push(event);
  return log;
};

/** The same entry with other words in its bytes: what somebody with a pen in the file would leave. @throws Error when nothing was changed. */
export const reworded = (entry: LoggedEvent, from: RegExp | string, to: string): LoggedEvent => {
  const before = Buffer.from(entry.bytes).toString();
  const after = before.replace(from, to);
  if (after === before) throw new Error('nothing to reword');
  return { ...entry, bytes: Buffer.from(after) };
};

/** Replays a log, trusting only its bytes. */
export const auditOf = (log: Iterable<LoggedEvent>): Promise<ReplayReport> => {
  const entries = async function* () {
    yield* log;
  };
  return replayLog(entries(), (document, hash) => accountPolicyOf(packOfDocument(document as Json), hash));
};

/** Every test on a real engine ends so: nothing found, everything decided again, every closing the fold of what came before it. */
export const expectSound = async (made: Pick<TestEngine, 'store'>): Promise<ReplayReport> => {
  const report = await auditOf(await logOf(made));
  expect(report.findings).toEqual([]);
  expect(report.decisionsRepeated).toBeGreaterThan(0);
  return report;
};
