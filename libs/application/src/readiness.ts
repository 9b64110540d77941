import { instantOf, msOf } from '#libs/kernel';
import type { Readiness } from './engine';
import type { ContentStore, EventReader, EventStore } from './event-store.port';
import type { LogFeed } from './streams/log-feed';
import type { Time } from './streams/request';
import { envelopeOf } from './streams/stored-form';
import { Unavailable, type UnavailableCause } from './unavailable';

const CLOCK_BEHIND_MS = 5_000;
/** So long after it failed, a store that nobody could ask meanwhile is worth another try. */
const TRY_AGAIN_MS = 10_000;
/** Less room than this is none: a commit and its index need some. */
const ROOM_BYTES = 8 * 1024 * 1024;

export type ReadinessWatch = Readonly<{
  saw: (decidedAt: string) => void;
  /** The same store, whose answers readiness learns from. */
  ofStore: (store: EventStore) => EventStore;
  ofContents: (contents: ContentStore) => ContentStore;
  now: () => Promise<Readiness>;
  drain: () => void;
}>;

type Reason = Readiness['reasons'][number];
type Failing = 'full' | 'readOnly' | 'outage';
const STORE_REASONS: Readonly<Record<Failing, Reason>> = {
  full: {
    code: 'store-full',
    messageZh: '存储已满，暂停办理，可查询；请腾出磁盘空间',
    messageEn: 'the store is full: writes are refused, reads go on; make room on its disk',
  },
  readOnly: {
    code: 'store-read-only',
    messageZh: '存储为只读，暂停办理，可查询；请检查磁盘与权限',
    messageEn: 'the store is read-only: writes are refused, reads go on; look at its disk and permissions',
  },
  outage: {
    code: 'store-outage',
    messageZh: '存储写入失败，正在自动恢复；请检查磁盘',
    messageEn: 'the store fails to write and recovers by itself; look at its disk',
  },
};

/** Free bytes where the log lies; undefined where nobody can tell. */
export type FreeBytes = () => number | undefined;

/** What the store's own answers say of it: a failure counts until a write is done, or until there is reason to try again. */
const storeWatch = (time: Time, freeBytes: FreeBytes) => {
  let failing: Readonly<{ cause: Failing; atMs: number }> | undefined;
  const failed = (cause: UnavailableCause) => {
    if (cause === 'full' || cause === 'readOnly' || cause === 'outage') failing = { cause, atMs: time.nowMs() };
  };
  const ofStore = (store: EventStore): EventStore => ({
    ...(store.isShared ? { isShared: true } : {}),
    append: async (append) => {
      const result = await store.append(append);
      if (result.kind === 'appended') failing = undefined;
      else if (result.kind === 'unavailable') failed(result.cause);
      else if (result.kind === 'unknown') failed('outage');
      return result;
    },
    readForward: (stream, from) => store.readForward(stream, from),
    readBackward: (stream) => store.readBackward(stream),
    readEvent: (stream, revision) => store.readEvent(stream, revision),
    findClaim: (key) => store.findClaim(key),
    readLog: (from) => store.readLog(from),
    lastLogIndex: () => store.lastLogIndex(),
    subscribe: (from, signal) => store.subscribe(from, signal),
    close: () => store.close(),
  });
  const ofContents = (contents: ContentStore): ContentStore => ({
    put: (bytes) =>
      contents.put(bytes).catch((thrown: unknown) => {
        if (thrown instanceof Unavailable) failed(thrown.why);
        throw thrown;
      }),
    get: (hash) => contents.get(hash),
    close: () => contents.close(),
  });
  /** Asked by who sends no work to an engine that is not ready: so it must not take a success to get ready again. */
  const reason = (): Reason | undefined => {
    if (failing === undefined) return undefined;
    const room = failing.cause === 'full' ? freeBytes() : undefined;
    const mayTry = room === undefined ? time.nowMs() - failing.atMs >= TRY_AGAIN_MS : room >= ROOM_BYTES;
    if (mayTry) failing = undefined;
    return failing && STORE_REASONS[failing.cause];
  };
  return { ofStore, ofContents, reason };
};

type Watched = Readonly<{ freeBytes?: FreeBytes | undefined; feed?: LogFeed | undefined }>;

/**
 * Knows whether this engine should get work: its store takes writes, its clock is not behind the log, it hears what other engines write, and it
 * is not on its way out.
 */
export const readinessOf = async (
  reader: EventReader,
  time: Time,
  { freeBytes = () => undefined, feed }: Watched = {},
): Promise<ReadinessWatch> => {
  let newest = instantOf(0);
  let draining = false;
  const { ofStore, ofContents, reason: storeReason } = storeWatch(time, freeBytes);
  const saw = (decidedAt: string) => {
    if (decidedAt > newest) newest = decidedAt;
  };
  const last = await reader.lastLogIndex();
  if (last >= 0) for await (const stored of reader.readLog(last)) saw(envelopeOf(stored).decidedAt);

  const now = async (): Promise<Readiness> => {
    const reasons: Reason[] = [];
    const behindMs = msOf(newest) - time.nowMs();
    if (draining) reasons.push({ code: 'shutting-down', messageZh: '引擎正在停机', messageEn: 'the engine is shutting down' });
    const store = storeReason();
    if (store) reasons.push(store);
    if (behindMs > CLOCK_BEHIND_MS)
      reasons.push({
        code: 'clock-behind',
        messageZh: `引擎时钟落后于日志 ${behindMs} 毫秒，请校时`,
        messageEn: `the engine's clock is ${behindMs} ms behind the log: set it right`,
      });
    if (feed?.isFresh() === false)
      reasons.push({
        code: 'facts-stale',
        messageZh: '超过 2 秒收不到其他引擎的变更，暂停办理；请检查到事件存储的连接',
        messageEn:
          'what other engines write has not been heard for more than 2 s: nothing is decided; look at the connection to the event store',
      });
    const readable = await reader.lastLogIndex().then(
      () => true,
      () => false,
    );
    if (!readable) reasons.push({ code: 'log-unreadable', messageZh: '事件日志无法读取', messageEn: 'the event log cannot be read' });
    return { ready: reasons.length === 0, reasons };
  };
  const drain = () => {
    draining = true;
  };
  return { saw, ofStore, ofContents, now, drain };
};
