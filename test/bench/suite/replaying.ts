import { crc32 } from 'node:zlib';
import type { Recorded } from '#libs/kernel';
import { type AccountState, type MedicalAccountEvent, medicalAccount, recordedAccountEvent } from '#libs/medical-account';
import { LogFile } from '../../../apps/cli/src/verification';

type Account = Recorded<MedicalAccountEvent>;
type Stored = Parameters<typeof recordedAccountEvent>[0];

/** Every event of the log, checked against its checksum; decoded where it is an account's. Throws: on damage. Returns how many there were. */
const replayed = (folder: string, take: (event: Account) => void): number => {
  const log = new LogFile(folder);
  let events = 0;
  for (const page of log.events(0, log.last())) {
    events += page.length;
    for (const { stored, crc, stream, logIndex } of page) {
      if (crc32(stored) !== crc) throw new Error(`the bytes of event ${logIndex} are not those that were written`);
      if (stream.startsWith('medicalAccount-')) take(recordedAccountEvent(JSON.parse(String(stored)) as Stored));
    }
  }
  log.close();
  return events;
};

const foldInto = (states: Map<string, AccountState>, event: Account): void => {
  states.set(event.stream, medicalAccount.evolve(states.get(event.stream) ?? medicalAccount.initialState(), event));
};

/** The account events of a log, decoded, in memory. */
export const accountEvents = (folder: string): readonly Account[] => {
  const events: Account[] = [];
  replayed(folder, (event) => events.push(event));
  return events;
};

/** All states from events in memory. Returns events a second. */
export const foldRate = (events: readonly Account[]): number => {
  const states = new Map<string, AccountState>();
  const from = performance.now();
  for (const event of events) foldInto(states, event);
  return events.length / ((performance.now() - from) / 1_000);
};

/** All states from the file: read, checked against their checksums, parsed, decoded, folded. Returns events a second. */
export const replayRate = (folder: string): number => {
  const states = new Map<string, AccountState>();
  const from = performance.now();
  const events = replayed(folder, (event) => foldInto(states, event));
  return events / ((performance.now() - from) / 1_000);
};
