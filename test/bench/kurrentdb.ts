import { randomBytes } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { openKurrentDbEventStore } from '#libs/adapters/event-store/kurrentdb';
import { type Append, type EventStore, eventId } from '#libs/application';
import { canonicalJson } from '#libs/kernel';
import { deleteLog } from '../support/scripted-kurrentdb/delete-log';
import { type Benchmark, figure, median, notRun, type Outcome, rounded } from './suite/benchmark';

const NAME = 'single appends ÷ raw client, 64 in flight';
const BOUND = { atLeast: 0.8 };
const IN_FLIGHT = 64;
const PASSES = 5;
const FILLER = 'x'.repeat(500); // An event of about 700 bytes, as a settlement is.

/** One after the other on each of so many streams, all streams at once, for so long; returns appends a second. */
const rate = async (seconds: number, appendNext: (stream: number) => Promise<unknown>): Promise<number> => {
  let done = 0;
  const beganMs = performance.now();
  const untilMs = beganMs + seconds * 1_000;
  const one = async (stream: number): Promise<void> => {
    for (; performance.now() < untilMs; done++) await appendNext(stream);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, stream) => one(stream)));
  return (done * 1_000) / (performance.now() - beganMs);
};

const dataOf = (stream: string, revision: number) => ({ decidedAt: '2026-03-01T01:00:00.000Z', filler: FILLER, revision, stream });

/** What an application would write against the client itself: exact revisions, default settings. */
const rawAppends = (client: EventStoreDBClient, log: string) => {
  const revisions = new Map<number, number>();
  return async (stream: number): Promise<void> => {
    const next = revisions.get(stream) ?? 0;
    const name = `${log}:raw-${stream}`;
    const event = jsonEvent({ type: 'SwipeSettled.v1', data: dataOf(name, next) });
    await client.appendToStream(name, event, { expectedRevision: next === 0 ? 'no_stream' : BigInt(next - 1) });
    revisions.set(stream, next + 1);
  };
};

const ownAppends = (store: EventStore, prefix: string, claimed: boolean) => {
  const revisions = new Map<number, number>();
  return async (stream: number): Promise<void> => {
    const revision = revisions.get(stream) ?? 0;
    const name = `${prefix}-${stream}`;
    const id = eventId(name, revision);
    const type = 'SwipeSettled.v1';
    const bytes = Buffer.from(canonicalJson({ data: dataOf(name, revision), id, revision, stream: name, type }));
    const claims = claimed ? [{ key: id, commandHash: '1:bench', eventIndex: 0 }] : [];
    const append: Append = {
      stream: name,
      expected: revision === 0 ? 'no-stream' : revision - 1,
      events: [{ id, type, stream: name, revision, bytes }],
      claims,
      lane: 'interactive',
    };
    const result = await store.append(append);
    if (result.kind !== 'appended') throw new Error(`an append ended as ${JSON.stringify(result)}`);
    revisions.set(stream, revision + 1);
  };
};

const events = async (all: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const _ of all) count++;
  return count;
};

/** The adapter beside the client that it stands on, by turns on the same server; the middle of the ratios of the turns. */
export const kurrentdb: Benchmark = {
  name: 'kurrentdb',
  what: 'single appends through the adapter ÷ through the raw client on the server of KURRENTDB_URL, 64 in flight',
  run: async ({ quick }): Promise<Outcome> => {
    const url = process.env.KURRENTDB_URL;
    if (!url) return { figures: [notRun(NAME, 'ratio', BOUND, 'not run: KURRENTDB_URL names no server')], beside: {} };
    const log = `yikaBench_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
    const client = EventStoreDBClient.connectionString(url);
    const store = await openKurrentDbEventStore({ url, log, callDeadlineMs: 20_000 });
    try {
      const seconds = quick ? 1 : 5;
      const [raw, own, claimed] = [rawAppends(client, log), ownAppends(store, 'own', false), ownAppends(store, 'claimed', true)];
      for (const warm of [raw, own, claimed]) await rate(seconds / 2, warm);
      const passes: (readonly [raw: number, own: number, claimed: number])[] = [];
      for (let n = 0; n < PASSES; n++) passes.push([await rate(seconds, raw), await rate(seconds, own), await rate(seconds, claimed)]);
      const ratio = median(passes.map(([rawRate, ownRate]) => ownRate / rawRate));
      const beganMs = performance.now();
      const read = await events(store.readForward('own-0'));
      const readSeconds = (performance.now() - beganMs) / 1_000;
      return {
        figures: [figure(NAME, ratio, 'ratio', BOUND)],
        beside: {
          'raw client a second': rounded(median(passes.map(([one]) => one))),
          'adapter a second': rounded(median(passes.map(([, one]) => one))),
          'adapter with a claim each a second': rounded(median(passes.map(([, , one]) => one))),
          'events of a stream read a second': rounded(read / readSeconds),
        },
      };
    } finally {
      await store.close();
      await deleteLog(url, log);
      await client.dispose();
    }
  },
};
