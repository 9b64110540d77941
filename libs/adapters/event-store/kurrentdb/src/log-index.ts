import type { Batches } from './batch-stream';
import type { Connection } from './connection';
import { type DamagedLogError, damaged } from './errors';
import type { Names } from './names';
import { pageSteadily } from './pages';
import { appendSteadily } from './steady-append';
import { proposedJson, wireId } from './wire-append';
import type { Position, Raw } from './wire-read';

/** Where counting stands: `next` is the index of the first event of the log after `after`. */
export type Count = Readonly<{ next: number; after: Position | undefined }>;
export const AT_BEGIN: Count = { next: 0, after: undefined };

const TYPE = 'YikaLogIndex.v1';
const WRITE_MS = 5_000;

type Mark = Readonly<{ events: number; commit: string; prepare: string }>;
export type LogIndexParts = Readonly<{
  connection: Connection;
  /** Undefined: a reader that may write nothing down. */
  batches: Batches | undefined;
  names: Names;
  callDeadlineMs: number;
  /** A mark after every so many events. Fixed for a log by its header. */
  marksEvery: number;
}>;

/**
 * The log index is counted, over our events in the order of `$all`, and so the same for whoever counts. So that nobody has to count from the
 * beginning, whoever passes every so-manieth event writes its position down: mark n is event n of one stream, the same from every reader.
 */
export type LogIndex = Readonly<{
  /** The nearest count at or before an index. Throws: on outage or damage. */
  before: (logIndex: number) => Promise<Count>;
  /** Told of every event counted; writes marks down beside. Throws: when another reader has counted differently. */
  counted: (logIndex: number, position: Position) => void;
  /** Settles when nothing is being written down. */
  idle: () => Promise<void>;
}>;

export const logIndexOf = ({ connection, batches, names, callDeadlineMs, marksEvery }: LogIndexParts): LogIndex => {
  let unwritten: Mark[] = [];
  let newest = 0; // Events up to the newest mark that is known to stand or waits to be written.
  let writing: Promise<void> | undefined;
  let differs: DamagedLogError | undefined;

  const markAt = async (mark: number | 'end'): Promise<Mark | undefined> => {
    const page = { name: names.index, from: mark, backwards: mark === 'end', count: 1 };
    const [raw] = await pageSteadily(connection, page, callDeadlineMs);
    return raw && markIn(raw);
  };

  /** Marks one after the other; what could not be written waits for the next. */
  const writeDown = async (to: Batches): Promise<void> => {
    for (let mark = unwritten[0]; mark; mark = unwritten[0]) {
      const after = mark.events / marksEvery - 2;
      const verdict = await appendSteadily(
        to,
        { name: names.index, after, events: [proposedJson(TYPE, mark)] },
        performance.now() + WRITE_MS,
      );
      if (verdict.kind === 'elsewhere' && verdict.head > after)
        differs = damaged(
          `第 ${mark.events} 条事件的位置与先前所记不同`,
          `event ${mark.events} of the log is not where it was counted before`,
        );
      if (verdict.kind !== 'done') return;
      unwritten = unwritten.slice(1);
    }
  };

  return {
    before: async (logIndex) => {
      const wanted = Math.floor(logIndex / marksEvery);
      if (wanted === 0) return AT_BEGIN;
      const mark = (await markAt(wanted - 1)) ?? (await markAt('end'));
      if (!mark) return AT_BEGIN;
      newest = Math.max(newest, mark.events);
      return { next: mark.events, after: { commit: mark.commit, prepare: mark.prepare } };
    },
    counted: (logIndex, position) => {
      if (differs) throw differs;
      const events = logIndex + 1;
      if (!batches || events % marksEvery !== 0 || events !== newest + marksEvery) return;
      newest = events;
      unwritten.push({ events, ...position });
      writing ??= writeDown(batches).finally(() => {
        writing = undefined;
      });
    },
    idle: async () => writing,
  };
};

/** @throws DamagedLogError when it is not what was written. */
const markIn = ({ type, data, metadata, id, place }: Raw): Mark => {
  if (type !== TYPE || wireId(type, data, metadata) !== id)
    throw damaged(`日志序号第 ${place} 条与写入时不符`, `mark ${place} of the log index is not what was written`);
  return JSON.parse(Buffer.from(data).toString('utf8')) as Mark;
};
