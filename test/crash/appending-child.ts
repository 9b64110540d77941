import { writeSync } from 'node:fs';
import { openSqliteEventStore } from '#libs/adapters/event-store/sqlite';
import { eventId, type StoredEvent } from '#libs/application';
import { canonicalJson } from '#libs/kernel';

/** Appends to many streams at once until it is killed, and prints the stream and revision of each append once it is acknowledged. */
const [folder = '', round = ''] = process.argv.slice(2);
const WRITERS = 64;

const eventOf = (stream: string, revision: number): StoredEvent => {
  const id = eventId(stream, revision);
  const type = 'SwipeSettled.v1';
  const data = { filler: 'x'.repeat(600) };
  const bytes = Buffer.from(canonicalJson({ data, decidedAt: '2026-03-01T01:00:00.000Z', id, meta: {}, revision, stream, type }));
  return { id, type, stream, revision, bytes };
};

/** Synchronous: what is printed was printed before the kill. A full pipe is asked again: the reader is only busy. */
const say = (line: string): void => {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
};

const main = async (): Promise<void> => {
  const store = await openSqliteEventStore({ folder });
  const write = async (n: number): Promise<void> => {
    const stream = `medicalAccount-${round}x${n}`;
    for (let first = 0; ; first += 2) {
      const claims = [{ key: `settlement-${stream}-${first}`, commandHash: `1:${'0'.repeat(64)}`, eventIndex: 1 }];
      const events = [eventOf(stream, first), eventOf(stream, first + 1)] as const;
      const { kind } = await store.append({ stream, expected: first === 0 ? 'no-stream' : first - 1, events, claims, lane: 'interactive' });
      if (kind !== 'appended') throw new Error(`answered ${kind}`);
      say(`${stream} ${first}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n)));
};

main().catch((error: unknown) => {
  writeSync(2, String(error));
  process.exit(1);
});
