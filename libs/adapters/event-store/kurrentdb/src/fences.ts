import type { Batches } from './batch-stream';
import type { Names } from './names';
import { fenceBehind, fencesUpTo, isFence, type Plan, type Stored, storedOf } from './record';
import { appendSteadily } from './steady-append';
import type { Raw, StreamPage } from './wire-read';

export type FenceParts = Readonly<{
  batches: Batches;
  names: Names;
  /** Throws: on outage. */
  page: (page: StreamPage, untilMs: number) => Promise<readonly Raw[]>;
}>;

/**
 * Fences take up places at which an event must not come any more. They are not of the log: the port's revisions pass them over, so that an
 * event's place on the server is its revision and the fences before it.
 */
export const fencesOf = ({ batches, names, page }: FenceParts) => {
  const newestOf = async (name: string, untilMs: number): Promise<Raw | undefined> =>
    (await page({ name, from: 'end', backwards: true, count: 1 }, untilMs))[0];
  const eventAt = async (name: string, place: number, untilMs: number): Promise<Stored | undefined> => {
    const [raw] = await page({ name, from: place, count: 1 }, untilMs);
    return raw && storedOf(raw);
  };

  return {
    newestOf,
    eventAt,
    /** Takes a place up; another may be quicker. `head`: the event before it. */
    fence: async (name: string, place: number, head: Stored | undefined, untilMs: number): Promise<void> => {
      const event = fenceBehind(head ? fencesUpTo(head) : 0);
      await appendSteadily(batches, { name, after: place - 1, events: [event] }, untilMs);
    },
    /** How many fences the events of a plan stand behind, or would; and the revision of the newest event. Throws: on outage or damage. */
    fencesFor: async ({ append, first }: Plan, untilMs: number): Promise<Readonly<{ fences: number; head: number }>> => {
      const name = names.event(append.stream);
      const newest = await newestOf(name, untilMs);
      if (!newest) return { fences: 0, head: -1 };
      const fences = fencesUpTo(storedOf(newest));
      const head = newest.place - fences;
      if (fences === 0 || first > head) return { fences, head };
      for (let place = first; ; place++) {
        const stored = await eventAt(name, place, untilMs);
        if (!stored) throw new Error(`${append.stream}: ${first} is missing`);
        if (!isFence(stored.raw) && stored.revision === first) return { fences: stored.beside.fences ?? 0, head };
      }
    },
  };
};
