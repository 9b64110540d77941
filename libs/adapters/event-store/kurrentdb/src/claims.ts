import type { NewClaim } from '#libs/application';
import type { Batches } from './batch-stream';
import { type ClaimRecord, proposedClaim, recordIn, recordOf, standsAt } from './claim-record';
import type { Names } from './names';
import { fenceBehind, fencesUpTo, isFence, type Plan, type Stored, storedOf } from './record';
import { appendSteadily, pauseAfter } from './steady-append';
import type { Raw, StreamPage } from './wire-read';

export type ClaimParts = Readonly<{
  batches: Batches;
  names: Names;
  page: (page: StreamPage, untilMs: number) => Promise<readonly Raw[]>;
  /** How long the event of another's claim may be under way before its place is fenced. Units: milliseconds. */
  patienceMs: number;
}>;

/** `outage`: it could not be found out in time; nothing of the append has been sent. */
export type Taking = Readonly<{ kind: 'held' } | { kind: 'taken'; key: string } | { kind: 'outage'; detail: string } | { kind: 'rights' }>;

const HELD: Taking = { kind: 'held' };

/**
 * Claims of events that lie in other streams. A key is a stream of its own, and its newest record counts while its event stands. Whoever
 * finds a record whose event does not stand may write the next one, but only when that event can no longer come: its append names the place
 * at which it begins, so it is enough that this place is taken, be it by a fence.
 */
export const claimsOf = (parts: ClaimParts) => {
  const { batches, names, patienceMs } = parts;
  const newestOf = async (name: string, untilMs: number): Promise<Raw | undefined> =>
    (await parts.page({ name, from: 'end', backwards: true, count: 1 }, untilMs))[0];
  const eventAt = async (name: string, place: number, untilMs: number): Promise<Stored | undefined> => {
    const [raw] = await parts.page({ name, from: place, count: 1 }, untilMs);
    return raw && storedOf(raw);
  };

  /** `head`: the newest event of the record's stream. */
  const judge = async (record: ClaimRecord, untilMs: number): Promise<Readonly<{ is: 'live' | 'dead' | 'underWay'; head?: Stored }>> => {
    const name = names.event(record.stream);
    const newest = await newestOf(name, untilMs);
    const head = newest && storedOf(newest);
    const at = head?.place ?? -1;
    // Whoever writes has read the revision that it expects: a place beyond the next one was never anybody's to come to.
    if (at < record.first) return { is: at === record.first - 1 ? 'underWay' : 'dead', ...(head ? { head } : {}) };
    const event = await eventAt(name, record.place, untilMs);
    return { is: event && standsAt(record, event) ? 'live' : 'dead' };
  };

  /** Takes the place up, so that the append which begins there cannot come any more; another may be quicker. */
  const fence = async ({ stream, first }: ClaimRecord, head: Stored | undefined, untilMs: number): Promise<void> => {
    const event = fenceBehind(head ? fencesUpTo(head) : 0);
    await appendSteadily(batches, { name: names.event(stream), after: first - 1, events: [event] }, untilMs);
  };

  /** Waits for another's event, then sees to it that it cannot come: true when the record is dead. */
  const outlast = async (record: ClaimRecord, untilMs: number): Promise<boolean> => {
    const patientUntilMs = Math.min(performance.now() + patienceMs, untilMs);
    for (let tries = 1; ; tries++) {
      const { is, head } = await judge(record, untilMs);
      if (is !== 'underWay') return is === 'dead';
      if (performance.now() >= untilMs) throw new Error('the event of a claim is under way');
      if (performance.now() >= patientUntilMs) await fence(record, head, untilMs);
      else await pauseAfter(Math.min(tries, 4));
    }
  };

  const takeOne = async (record: ClaimRecord, untilMs: number): Promise<Taking> => {
    const name = names.claim(record.key);
    const events = [proposedClaim(record)];
    for (let after = -1; ; ) {
      const verdict = await appendSteadily(batches, { name, after, events }, untilMs);
      if (verdict.kind === 'done') return HELD;
      if (verdict.kind === 'refused') return verdict.why === 'rights' ? { kind: 'rights' } : { kind: 'outage', detail: verdict.detail };
      if (verdict.kind !== 'elsewhere') return { kind: 'outage', detail: verdict.detail };
      const newest = await newestOf(name, untilMs);
      if (newest) {
        if (newest.id === events[0]?.id) return HELD; // The same command at the same place goes on.
        if (!(await outlast(recordIn(newest), untilMs))) return { kind: 'taken', key: record.key };
      }
      after = newest?.place ?? -1;
    }
  };

  return {
    /** Takes every claim of an append that is to stand behind so many fences. Never throws on an outage. */
    take: async (plan: Plan, fences: number, untilMs: number): Promise<Taking> => {
      const one = (claim: NewClaim) =>
        takeOne(recordOf(plan, claim, fences), untilMs).catch((thrown: Error): Taking => {
          if (thrown.name === 'DamagedLogError') throw thrown;
          return { kind: 'outage', detail: thrown.message };
        });
      const takings = await Promise.all(plan.append.claims.map(one));
      return takings.find(({ kind }) => kind === 'taken') ?? takings.find(({ kind }) => kind !== 'held') ?? HELD;
    },
    /** The first claim of a plan that another event holds by now. Throws: on outage or damage. */
    heldByAnother: async (plan: Plan, fences: number, untilMs: number): Promise<string | undefined> => {
      for (const claim of plan.append.claims) {
        const newest = await newestOf(names.claim(claim.key), untilMs);
        const own = proposedClaim(recordOf(plan, claim, fences)).id;
        if (newest && newest.id !== own && (await judge(recordIn(newest), untilMs)).is === 'live') return claim.key;
      }
      return undefined;
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
