import { type ReplayReport, replayLog } from '#libs/audit';
import type { Json } from '#libs/kernel';
import { accountPolicyOf, packOfDocument } from '#libs/policy';
import type { TestEngine } from './engine-fixture';

/** Replays the whole log of a test's engine, trusting only its bytes. */
export const auditOf = ({ store }: Pick<TestEngine, 'store'>): Promise<ReplayReport> =>
  replayLog(store.readLog(0), (document, hash) => accountPolicyOf(packOfDocument(document as Json), hash));

/** Every test on a real engine ends so: nothing found, everything decided again, every closing the fold of what came before it. */
export const expectSound = async (made: Pick<TestEngine, 'store'>): Promise<ReplayReport> => {
  const report = await auditOf(made);
  expect(report.findings).toEqual([]);
  expect(report.decisionsRepeated).toBeGreaterThan(0);
  return report;
};
