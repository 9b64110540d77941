import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventReader } from '#libs/application';
import { leafHash } from '../leaf';
import { Refused } from '../words';
import {
  type AcceptedLoss,
  type Checkpoint,
  OWN_CHECKPOINT,
  readCheckpoint,
  setAside,
  type Witness,
  writeCheckpoint,
} from './checkpoint-file';
import { checkpointMissing, checkpointUnreadable, type Doubt, EXTERNAL } from './doubts';
import { eventAt, judge, type LogReader, missingBeside, seenByViews } from './evidence';

/** `any`: whatever this start finds. A number: only if the log ends at this index. */
export type AcceptLoss = 'none' | 'any' | number;
export type GuardOrder = Readonly<{
  folder: string;
  /** Outside the data folder; undefined: none is kept. */
  checkpointFile: string | undefined;
  reader: EventReader;
  /** Vault and bills do not stand in the folder: several engines share them, as they share the log. */
  isShared?: boolean | undefined;
  acceptLoss: AcceptLoss;
  now: () => string;
}>;
/** `doubts` not empty: the log must not be written to. `accepted`: what was in doubt until this start. */
export type Judgement = Readonly<{ doubts: readonly Doubt[]; accepted: readonly Doubt[]; checkpoint: Checkpoint }>;

type Read = ReturnType<typeof readCheckpoint>;
const sound = (read: Read): Checkpoint | undefined => (typeof read === 'string' ? undefined : read);

/**
 * Compares the log with everything that remembers how far it was: the checkpoints in the folder and outside of it, the read models, and what its
 * newest events name in the other files. To be asked by who holds the folder, before anything is written or made anew. An accepted loss is
 * recorded before it counts. Idempotency: without an acceptance it writes only what else would be forgotten.
 * Throws: Refused when a file is missing altogether; on outage.
 */
export const judgeLog = async (order: GuardOrder): Promise<Judgement> => {
  const { folder, checkpointFile, reader, acceptLoss } = order;
  const own = readCheckpoint(join(folder, OWN_CHECKPOINT));
  const external = checkpointFile === undefined ? undefined : readCheckpoint(checkpointFile);
  const last = await reader.lastLogIndex();
  const lastEvent = await eventAt(reader, last);
  const acceptedLosses = mergedLosses(sound(own), external === undefined ? undefined : sound(external));
  const checkpoint: Checkpoint = {
    format: 'yika-checkpoint',
    formatVersion: 1,
    logIndex: last,
    eventHash: lastEvent ? leafHash(lastEvent.bytes) : null,
    writtenAt: order.now(),
    external: checkpointFile !== undefined,
    standing: [],
    acceptedLosses,
  };
  const { doubts: found } = await judgedBy(order, { own, external, last });
  const doubts = found.filter((doubt) => !isAccepted(doubt, acceptedLosses));
  if (doubts.length === 0) return { doubts, accepted: [], checkpoint };
  if (acceptLoss === 'any' || acceptLoss === last) return accept(order, { doubts, checkpoint, own, external });
  if (doubts.some(({ lacksFile }) => lacksFile))
    throw new Refused(doubts.map(({ code, messageZh, messageEn }) => ({ code, zh: messageZh, en: messageEn })));
  await rememberViews(order, { doubts, own, checkpoint });
  return { doubts, accepted: [], checkpoint };
};

/** The same for somebody who only looks: what is in doubt and was not accepted. Nothing is written. `seen`: by how many the log was judged. */
export const doubtsAbout = async (
  order: Pick<GuardOrder, 'folder' | 'checkpointFile'> & Readonly<{ reader: LogReader }>,
): Promise<Readonly<{ doubts: readonly Doubt[]; seen: number }>> => {
  const { folder, checkpointFile, reader } = order;
  const own = readCheckpoint(join(folder, OWN_CHECKPOINT));
  const external = checkpointFile === undefined ? undefined : readCheckpoint(checkpointFile);
  const last = await reader.lastLogIndex(); // After the checkpoints, which an engine may be writing on.
  const losses = mergedLosses(sound(own), external === undefined ? undefined : sound(external));
  const { doubts, seen } = await judgedBy(order, { own, external, last });
  return { doubts: doubts.filter((doubt) => !isAccepted(doubt, losses)), seen };
};

type Evidence = Readonly<{ own: Read; external: Read | undefined; last: number }>;

const judgedBy = async (
  { folder, reader, isShared = false }: Readonly<{ folder: string; reader: LogReader; isShared?: boolean | undefined }>,
  { own, external, last }: Evidence,
): Promise<Readonly<{ doubts: readonly Doubt[]; seen: number }>> => {
  const doubts: Doubt[] = [];
  if (own === 'unreadable') doubts.push(checkpointUnreadable(OWN_CHECKPOINT));
  if (external === 'unreadable') doubts.push(checkpointUnreadable(EXTERNAL));
  // The first start with the setting makes the file; later its absence means that nobody can tell how far the log was.
  if (external === 'missing' && sound(own)?.external === true) doubts.push(checkpointMissing());
  const witnesses = distinct([...seenByCheckpoints(own, external), ...seenByViews(folder)]);
  for (const witness of witnesses) {
    const doubt = await judge(reader, witness, last);
    if (doubt !== undefined) doubts.push(doubt);
  }
  const missing = isShared ? [] : await missingBeside(reader, folder, last);
  return { doubts: [...doubts, ...missing], seen: witnesses.length };
};

const seenBy = (source: string, read: Read): readonly Witness[] => {
  const { logIndex = -1, eventHash = null } = sound(read) ?? {};
  return eventHash === null ? [] : [{ source, logIndex, eventHash, hash: 'leaf' }];
};

const seenByCheckpoints = (own: Read, external: Read | undefined): readonly Witness[] => [
  ...(external === undefined ? [] : seenBy(EXTERNAL, external)),
  ...seenBy(OWN_CHECKPOINT, own),
  ...(sound(own)?.standing ?? []),
];

const keyOf = ({ source, logIndex, eventHash }: Readonly<{ source: string; logIndex: number | null; eventHash: string | null }>): string =>
  `${source} ${String(logIndex)} ${String(eventHash)}`;
const distinct = (witnesses: readonly Witness[]): readonly Witness[] => [
  ...new Map(witnesses.map((witness) => [keyOf(witness), witness])).values(),
];

/**
 * What was seen and given up is given up for good, also when the log has grown past that place again. A file's own absence or damage is never
 * accepted for the next time.
 */
const isAccepted = (doubt: Doubt, losses: readonly AcceptedLoss[]): boolean =>
  doubt.logIndex !== null && losses.some(({ doubts }) => doubts.some((known) => keyOf(known) === keyOf(doubt)));

const mergedLosses = (...checkpoints: readonly (Checkpoint | undefined)[]): readonly AcceptedLoss[] => {
  const all = checkpoints.flatMap((checkpoint) => checkpoint?.acceptedLosses ?? []);
  return [...new Map(all.map((loss) => [JSON.stringify(loss), loss])).values()].sort((a, b) => (a.at < b.at ? -1 : 1));
};

type Found = Readonly<{ doubts: readonly Doubt[]; checkpoint: Checkpoint; own: Read; external?: Read | undefined }>;

const accept = async ({ folder, checkpointFile, now }: GuardOrder, { doubts, checkpoint, own, external }: Found): Promise<Judgement> => {
  const at = now();
  const loss: AcceptedLoss = {
    at,
    lastLogIndex: checkpoint.logIndex,
    lastEventHash: checkpoint.eventHash,
    doubts: doubts.map(({ code, source, logIndex, eventHash }) => ({ code, source, logIndex, eventHash })),
  };
  const accepted: Checkpoint = { ...checkpoint, acceptedLosses: [...checkpoint.acceptedLosses, loss] };
  const ownFile = join(folder, OWN_CHECKPOINT);
  if (own === 'unreadable') await setAside(ownFile, at);
  if (checkpointFile !== undefined) {
    if (external === 'unreadable' && existsSync(checkpointFile)) await setAside(checkpointFile, at);
    await writeCheckpoint(checkpointFile, accepted);
  }
  await writeCheckpoint(ownFile, accepted);
  return { doubts: [], accepted: doubts, checkpoint: accepted };
};

/** The read models are about to be made anew from this log; what they had seen is kept, until the log has it again or somebody accepts its loss. */
const rememberViews = async ({ folder, now }: GuardOrder, { doubts, own, checkpoint }: Found): Promise<void> => {
  if (own === 'unreadable') return; // It says enough as it is.
  const standing = doubts.flatMap(({ source, logIndex, eventHash }): Witness[] =>
    source === 'views.db' && logIndex !== null && eventHash !== null ? [{ source, logIndex, eventHash, hash: 'plain' }] : [],
  );
  if (standing.length === 0) return;
  const base = sound(own) ?? { ...checkpoint, external: false };
  await writeCheckpoint(join(folder, OWN_CHECKPOINT), { ...base, writtenAt: now(), standing });
};
