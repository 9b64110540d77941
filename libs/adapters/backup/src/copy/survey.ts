import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { envelopeOf, type LoggedEvent } from '#libs/application';
import { reasonOf } from '../layouts';
import { leafOf, treeOf } from '../leaf';
import type { LogPlace } from '../manifest';
import { fault, goOn, Refused, type Work } from '../words';

const EVENTS_A_TURN = 2_000;

type Row = LoggedEvent & Readonly<{ crc: number }>;
const COLUMNS = 'log_index AS logIndex, stream, revision, id, type, crc, bytes';

const demandSound = ({ logIndex, crc, bytes }: Row, expected: number): void => {
  if (logIndex !== expected)
    throw new Refused([fault('event-missing', `日志缺少事件 ${expected}`, `event ${expected} is missing in the log`)]);
  if (crc32(bytes) !== crc)
    throw new Refused([
      fault('event-damaged', `事件 ${logIndex} 的字节与写入时不符`, `the bytes of event ${logIndex} are not those that were written`),
    ]);
};

/**
 * Reads a whole log that nobody writes to: every event is there and is what was written. Idempotency: reads only.
 * Throws: Refused on damage; Stopped.
 */
export const surveyLog = async (db: DatabaseSync, work: Work, saw: (event: LoggedEvent) => void = () => undefined): Promise<LogPlace> => {
  const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
  const tree = treeOf();
  let last: Readonly<{ event: LoggedEvent; leaf: Buffer }> | undefined;
  let next = 0;
  try {
    const total = count('SELECT count(*) AS n FROM events');
    for (const row of db.prepare(`SELECT ${COLUMNS} FROM events ORDER BY log_index`).iterate()) {
      const event = row as unknown as Row;
      demandSound(event, next++);
      const leaf = leafOf(event.bytes);
      tree.add(leaf);
      saw(event);
      last = { event, leaf };
      if (next % EVENTS_A_TURN !== 0) continue;
      work.report('reading', 'events.db', next, total);
      await turn();
      goOn(work);
    }
    work.report('reading', 'events.db', next, total);
    return {
      lastLogIndex: next - 1,
      lastEventHash: last?.leaf.toString('hex') ?? null,
      lastDecidedAt: last === undefined ? null : envelopeOf(last.event).decidedAt,
      rootHash: tree.root(),
      events: next,
      claims: count('SELECT count(*) AS n FROM claims'),
    };
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error;
    throw new Refused([fault('log-unreadable', `日志无法读取：${reasonOf(error)}`, `the log cannot be read: ${reasonOf(error)}`)]);
  }
};
