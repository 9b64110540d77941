import { createHash } from 'node:crypto';
import { openSqliteEventReader } from '#libs/adapters/event-store/sqlite';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { replayLog } from '#libs/audit';
import type { Json, Recorded } from '#libs/kernel';
import { type AccountState, type MedicalAccountEvent, medicalAccount, recordedAccountEvent } from '#libs/medical-account';
import { accountPolicyOf, packOfDocument } from '#libs/policy';

type Account = Recorded<MedicalAccountEvent>;

const isOfAccount = ({ stream }: LoggedEvent): boolean => stream.startsWith('medicalAccount-');
const decoded = (logged: LoggedEvent): Account => recordedAccountEvent(envelopeOf(logged));

const foldInto = (states: Map<string, AccountState>, event: Account): void => {
  states.set(event.stream, medicalAccount.evolve(states.get(event.stream) ?? medicalAccount.initialState(), event));
};

/** The account events of a log, decoded, in memory. */
export const accountEvents = async (folder: string): Promise<readonly Account[]> => {
  const reader = await openSqliteEventReader({ folder });
  const events: Account[] = [];
  for await (const logged of reader.readLog(0)) if (isOfAccount(logged)) events.push(decoded(logged));
  await reader.close();
  return events;
};

/** All states from events in memory. Returns events a second. */
export const foldRate = (events: readonly Account[]): number => {
  const states = new Map<string, AccountState>();
  const from = performance.now();
  for (const event of events) foldInto(states, event);
  return events.length / ((performance.now() - from) / 1_000);
};

/** All states from the file: read, checked against their checksums, decoded, folded. Returns events a second. */
export const replayRate = async (folder: string): Promise<number> => {
  const reader = await openSqliteEventReader({ folder });
  const states = new Map<string, AccountState>();
  let events = 0;
  const from = performance.now();
  for await (const logged of reader.readLog(0)) {
    events += 1;
    if (isOfAccount(logged)) foldInto(states, decoded(logged));
  }
  const perSecond = events / ((performance.now() - from) / 1_000);
  await reader.close();
  return perSecond;
};

/** The whole check of a log, every decision made again, with a leaf hash of every event. Throws: when anything is found. */
export const verifyRate = async (folder: string): Promise<number> => {
  const reader = await openSqliteEventReader({ folder });
  const leaf = Buffer.of(0);
  const hashed = async function* () {
    for await (const logged of reader.readLog(0)) {
      createHash('sha256').update(leaf).update(logged.bytes).digest();
      yield logged;
    }
  };
  const from = performance.now();
  const { events, findings } = await replayLog(hashed(), (document, hash) => accountPolicyOf(packOfDocument(document as Json), hash));
  const perSecond = events / ((performance.now() - from) / 1_000);
  await reader.close();
  if (findings.length > 0) throw new Error(`the check found ${findings.length}: ${JSON.stringify(findings[0])}`);
  return perSecond;
};
