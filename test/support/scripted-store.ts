import type { Append, AppendResult, Claim, EventStore, LoggedEvent, StoredEvent } from '#libs/application';

export type Answer = 'right' | 'storedUnknown' | 'lostUnknown' | Readonly<{ beatenBy: StoredEvent }> | Readonly<{ instead: AppendResult }>;

/** A store in memory that answers as scripted before it answers right: stored but unknown, lost and unknown, or another writer first. */
export const scriptedStore = (script: Answer[] = []) => {
  const log: LoggedEvent[] = [];
  const claims = new Map<string, Claim>();
  const asked: Append[] = []; // Every append, answered or not.
  const of = (stream: string) => log.filter((event) => event.stream === stream);
  const put = (event: StoredEvent) => log.push({ ...event, logIndex: log.length });

  const really = ({ stream, expected, events, claims: wanted }: Append): AppendResult => {
    const stands = of(stream);
    const first = expected === 'no-stream' ? 0 : expected + 1;
    if (events.every(({ bytes }, i) => Buffer.from(stands[first + i]?.bytes ?? []).equals(bytes))) return { kind: 'appended' };
    const taken = wanted.find(({ key }) => claims.has(key));
    if (taken) return { kind: 'claimTaken', key: taken.key };
    const actual = stands.at(-1)?.revision ?? 'no-stream';
    if (actual !== expected) return { kind: 'conflict', actual };
    events.forEach(put);
    for (const { key, commandHash, eventIndex } of wanted) {
      const { revision, id } = events[eventIndex] as StoredEvent;
      claims.set(key, { key, commandHash, stream, revision, eventId: id });
    }
    return { kind: 'appended' };
  };

  const append = async (wanted: Append): Promise<AppendResult> => {
    asked.push(wanted);
    const answer = script.shift() ?? 'right';
    if (answer === 'lostUnknown') return { kind: 'unknown', cause: 'scripted' };
    if (typeof answer === 'object' && 'instead' in answer) return answer.instead;
    if (typeof answer === 'object') put(answer.beatenBy);
    const result = really(wanted);
    return answer === 'storedUnknown' && result.kind === 'appended' ? { kind: 'unknown', cause: 'scripted' } : result;
  };

  const store: EventStore = {
    append,
    readForward: async function* (stream, from = 0) {
      yield* of(stream).filter(({ revision }) => revision >= from);
    },
    readBackward: async function* (stream) {
      yield* of(stream).reverse();
    },
    readEvent: async (stream, revision) => of(stream).find((event) => event.revision === revision),
    findClaim: async (key) => claims.get(key),
    readLog: async function* (from) {
      yield* log.slice(from);
    },
    lastLogIndex: async () => log.length - 1,
    subscribe: async function* (from) {
      yield* log.slice(from);
    },
    close: async () => undefined,
  };
  return { store, log, claims, asked };
};
