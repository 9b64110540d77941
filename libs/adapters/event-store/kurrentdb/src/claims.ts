import type { NewClaim } from '#libs/application';
import { type ClaimRecord, proposedClaim, recordIn, recordOf, standsAt } from './claim-record';
import { DamagedLogError } from './errors';
import { type FenceParts, fencesOf } from './fences';
import { type Plan, type Stored, storedOf } from './record';
import { appendSteadily, pauseAfter } from './steady-append';

export type ClaimParts = FenceParts &
  Readonly<{
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
  const { newestOf, eventAt, fence } = fencesOf(parts);

  const name = ({ stream }: ClaimRecord): string => names.event(stream);
  /** `head`: the newest event of the record's stream. */
  const judge = async (record: ClaimRecord, untilMs: number): Promise<Readonly<{ is: 'live' | 'dead' | 'underWay'; head?: Stored }>> => {
    const newest = await newestOf(name(record), untilMs);
    const head = newest && storedOf(newest);
    const at = head?.place ?? -1;
    // Whoever writes has read the revision that it expects: a place beyond the next one was never anybody's to come to.
    if (at < record.first) return { is: at === record.first - 1 ? 'underWay' : 'dead', ...(head ? { head } : {}) };
    const event = await eventAt(name(record), record.place, untilMs);
    return { is: event && standsAt(record, event) ? 'live' : 'dead' };
  };

  /** Waits for another's event, then sees to it that it cannot come: true when the record is dead. */
  const outlast = async (record: ClaimRecord, untilMs: number): Promise<boolean> => {
    const patientUntilMs = Math.min(performance.now() + patienceMs, untilMs);
    for (let tries = 1; ; tries++) {
      const { is, head } = await judge(record, untilMs);
      if (is !== 'underWay') return is === 'dead';
      if (performance.now() >= untilMs) throw new Error('the event of a claim is under way');
      if (performance.now() >= patientUntilMs) await fence(name(record), record.first, head, untilMs);
      else await pauseAfter(Math.min(tries, 4));
    }
  };

  const takeOne = async (record: ClaimRecord, untilMs: number): Promise<Taking> => {
    const key = names.claim(record.key);
    const events = [proposedClaim(record)];
    for (let after = -1; ; ) {
      const verdict = await appendSteadily(batches, { name: key, after, events }, untilMs);
      if (verdict.kind === 'done') return HELD;
      if (verdict.kind === 'refused') return verdict.why === 'rights' ? { kind: 'rights' } : { kind: 'outage', detail: verdict.detail };
      if (verdict.kind !== 'elsewhere') return { kind: 'outage', detail: verdict.detail };
      const newest = await newestOf(key, untilMs);
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
        takeOne(recordOf(plan, claim, fences), untilMs).catch((thrown: unknown): Taking => {
          if (thrown instanceof DamagedLogError) throw thrown;
          return { kind: 'outage', detail: (thrown as Error).message };
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
  };
};
