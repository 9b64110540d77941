import type { AppendResult, ContentStore, EventReader, EventStore } from '#libs/application';
import { appendsOf } from './append';
import { type Batches, openBatches } from './batch-stream';
import { type Connection, connect } from './connection';
import { contentStoreOf } from './content';
import { openLanes } from './lanes';
import { logIndexOf } from './log-index';
import { logReads } from './log-reads';
import { LOG_DEFAULT, type Names, namesOf } from './names';
import { startUp } from './start-up';
import { streamReads } from './stream-reads';

export type KurrentDbOptions = Readonly<{
  /** `esdb://user:password@host:2113?tls=true`, or with several hosts, or `esdb+discover://`. The credentials stand here and nowhere else. */
  url: string;
  /** What the streams of this log begin with on the server. */
  log?: string;
  /** Reads only; answers every append with `unavailable: readOnly`. */
  readOnly?: boolean;
  /** After so long an append answers without knowing, and a read throws. Units: milliseconds. */
  callDeadlineMs?: number;
  /** After so long without an answer the same append is sent again. Units: milliseconds. */
  tryMs?: number;
  /** How long opening waits for a server that is starting. Units: milliseconds. */
  startUpMs?: number;
  /** How long the event of another's claim may be under way before it is kept from coming. Units: milliseconds. */
  claimPatienceMs?: number;
  /** How long a subscription tries to come back before it throws. Units: milliseconds. */
  outageMs?: number;
  /** Appends on the wire at once; jobs take at most half. */
  inFlightMax?: number;
  /** Events between two marks of the log index; of a new log only. */
  marksEvery?: number;
}>;

const CALL_DEADLINE_MS = 5_000;
const TRY_MS = 2_500; // Longer than the server's own bound on a write, and twice within a call.
const START_UP_MS = 10_000;
const CLAIM_PATIENCE_MS = 1_000;
const OUTAGE_MS = 10_000;
const IN_FLIGHT_MAX = 256;
const WAITING_BYTES_MAX = 256 * 1024 * 1024;

type Opened = Readonly<{ reader: EventReader; connection: Connection; batches: Batches; names: Names; idle: () => Promise<void> }>;

const open = async (options: KurrentDbOptions): Promise<Opened> => {
  const { url, log = LOG_DEFAULT, readOnly = false, callDeadlineMs = CALL_DEADLINE_MS, startUpMs = START_UP_MS } = options;
  const names = namesOf(log);
  const connection = connect(url);
  const batches = openBatches(connection, options.tryMs ?? TRY_MS);
  try {
    const writer = readOnly ? undefined : batches;
    const { marksEvery } = await startUp({
      connection,
      batches: writer,
      names,
      startUpMs,
      ...(options.marksEvery === undefined ? {} : { marksEvery: options.marksEvery }),
    });
    const index = logIndexOf({ connection, batches: writer, names, callDeadlineMs, marksEvery });
    const reader = {
      ...streamReads({ connection, names, callDeadlineMs }),
      ...logReads({ connection, names, index, callDeadlineMs, outageMs: options.outageMs ?? OUTAGE_MS }),
    };
    return { reader, connection, batches, names, idle: index.idle };
  } catch (thrown) {
    batches.close();
    await connection.close();
    throw thrown;
  }
};

const letGo = async ({ batches, connection, idle }: Opened): Promise<void> => {
  await idle();
  batches.close();
  await connection.close();
};

/**
 * Opens a log in KurrentDB (EventStoreDB). Several processes may have it open: what they append is settled by revisions and claims.
 * Throws: KurrentDbStartUpError when it cannot be used, and why.
 */
export const openKurrentDbEventStore = async (options: KurrentDbOptions): Promise<EventStore> => {
  const { readOnly = false, callDeadlineMs = CALL_DEADLINE_MS, claimPatienceMs = CLAIM_PATIENCE_MS, inFlightMax = IN_FLIGHT_MAX } = options;
  const opened = await open(options);
  const lanes = openLanes({ inFlight: inFlightMax, bytes: WAITING_BYTES_MAX });
  const append = appendsOf({ ...opened, lanes, callDeadlineMs, claimPatienceMs });
  let closed: Promise<void> | undefined;
  return {
    ...opened.reader,
    isShared: true,
    append: async (wanted): Promise<AppendResult> => {
      if (closed) return { kind: 'unavailable', cause: 'closing' };
      return readOnly ? { kind: 'unavailable', cause: 'readOnly' } : append(wanted);
    },
    close: () => {
      closed ??= lanes.empty().then(() => letGo(opened));
      return closed;
    },
  };
};

/** The same log for a thread or process that only reads. Throws: KurrentDbStartUpError when there is none, or it cannot be read. */
export const openKurrentDbEventReader = async (
  options: KurrentDbOptions,
): Promise<EventReader & Readonly<{ close: () => Promise<void> }>> => {
  const opened = await open({ ...options, readOnly: true });
  return { ...opened.reader, close: () => letGo(opened) };
};

/** What stands beside the log, on the same server. Throws: KurrentDbStartUpError when it cannot be used. */
export const openKurrentDbContentStore = async (options: KurrentDbOptions): Promise<ContentStore> => {
  const opened = await open(options);
  const { callDeadlineMs = CALL_DEADLINE_MS } = options;
  return contentStoreOf({ ...opened, callDeadlineMs }, () => letGo(opened));
};
