import { type Place, type Tally, words } from './checks';
import type { InstitutionEvent } from './recorded';

type Told = Readonly<{ logIndex: number; event: InstitutionEvent & Readonly<{ revision: number }> }>;
type Standing = Readonly<{ status: 'inForce' | 'suspended' | 'closed' | 'none'; revisions: readonly number[] }>;

const SUSPENSION_WITHIN_MS = 5_000; // C4: a suspension holds everywhere so long after it is recorded.
const NOT_IN_FORCE = words('结算时协议无效', 'no agreement was in force');
const OTHER_REVISION = words('所引协议修订号不是当时有效的', 'the agreement revision cited is not the one in force');
const NOBODY = words('机构未登记', 'the institution is not registered');

/** First instant after a day in Asia/Shanghai, and its first. */
const startOf = (date: string): string => new Date(Date.parse(`${date}T00:00:00.000Z`) - 8 * 3_600_000).toISOString();
const endOf = (date: string): string => new Date(Date.parse(`${date}T00:00:00.000Z`) + 16 * 3_600_000).toISOString();
const firstOf = (instants: readonly (string | null)[]): string | null =>
  instants.reduce((first, instant) => (instant !== null && (first === null || instant < first) ? instant : first), null);

const RELEVANT: ReadonlySet<string> = new Set([
  'InstitutionRegistered.v1',
  'AgreementSigned.v1',
  'AgreementSuspended.v1',
  'AgreementResumed.v1',
  'AgreementTerminated.v1',
  'InstitutionClosed.v1',
]);

/** The acts of one institution up to one of them, and the instants at which what they say may change. */
type Heard = Readonly<{ acts: readonly Act[]; turns: readonly string[]; standings: (Standing | undefined)[] }>;
/** One institution's acts; `heard`: up to each of them. */
type Acts = Readonly<{ all: Told[]; heard: (Heard | undefined)[] }>;

/**
 * Every institution's acts, and what they said at an instant: a second opinion that folds nothing and asks the acts themselves.
 * Source: log-format.md, 4; 医疗保障局令第2号、第3号 (中止、解除).
 */
export class Agreements {
  private readonly acts = new Map<string, Acts>();

  constructor(private readonly tally: Tally) {}

  take(institutionCode: string, told: Told): void {
    if (!RELEVANT.has(told.event.type)) return;
    const acts = this.acts.get(institutionCode) ?? { all: [], heard: [] };
    acts.all.push(told);
    this.acts.set(institutionCode, acts);
  }

  /** C4 of one settlement: judged on the acts recorded before it; one recorded within the last five seconds need not have been heard. */
  settle(
    { institutionCode, agreementRevision }: Readonly<{ institutionCode: string; agreementRevision: number }>,
    judgedAt: string,
    decidedAt: string,
    place: Place,
  ): void {
    this.tally.checked('agreements');
    const acts = this.acts.get(institutionCode);
    let heard = acts ? acts.all.findLastIndex(({ logIndex }) => logIndex < (place.logIndex ?? 0)) : -1;
    if (!acts || heard < 0) {
      this.tally.find('agreements', place, NOBODY, { found: institutionCode });
      return;
    }
    for (;;) {
      const standing = standingIn(acts, heard, judgedAt);
      if (standing.status === 'inForce' && standing.revisions.includes(agreementRevision)) return;
      const last = acts.all[heard];
      if (heard > 0 && last && Date.parse(last.event.decidedAt) > Date.parse(decidedAt) - SUSPENSION_WITHIN_MS) {
        heard--;
        continue;
      }
      const told = standing.status === 'inForce' ? OTHER_REVISION : NOT_IN_FORCE;
      const found = `${institutionCode} ${standing.status} at ${judgedAt}, cited ${agreementRevision}`;
      this.tally.find('agreements', place, told, { expected: `in force, revision ${standing.revisions.join('/')}`, found });
      return;
    }
  }
}

const standingIn = ({ all, heard }: Acts, upTo: number, at: string): Standing => {
  const known = heard[upTo] ?? heardOf(all.slice(0, upTo + 1).map(({ event }) => event));
  heard[upTo] = known;
  const turn = known.turns.findLastIndex((instant) => instant <= at) + 1;
  const standing = known.standings[turn] ?? standingAt(known.acts, at);
  known.standings[turn] = standing;
  return standing;
};

const heardOf = (acts: readonly Act[]): Heard => {
  const turns = acts.flatMap((act) => {
    if (act.type === 'AgreementSigned.v1') return [startOf(act.data.from), endOf(act.data.until)];
    if (act.type === 'AgreementSuspended.v1') return [act.data.from, ...(act.data.until === null ? [] : [act.data.until])];
    return [act.type === 'AgreementTerminated.v1' ? act.data.at : act.decidedAt];
  });
  return { acts, turns: turns.sort(), standings: [] };
};

type Act = Told['event'];
type Of<T extends Act['type']> = Extract<Act, { type: T }>;
const only = <T extends Act['type']>(acts: readonly Act[], type: T): Of<T>[] => acts.filter((act): act is Of<T> => act.type === type);

const standingAt = (acts: readonly Act[], at: string): Standing => {
  const none = { status: 'none', revisions: [] } as const;
  if (only(acts, 'InstitutionClosed.v1').some(({ decidedAt }) => decidedAt <= at)) return { status: 'closed', revisions: [] };
  const terminations = only(acts, 'AgreementTerminated.v1');
  const endedAfter = (revision: number): string | null =>
    firstOf(terminations.filter((ending) => ending.revision > revision).map(({ data }) => data.at));
  const covering = only(acts, 'AgreementSigned.v1').findLast(({ revision, data }) => {
    const ending = firstOf([endOf(data.until), endedAfter(revision)]) ?? '';
    return startOf(data.from) <= at && at < ending;
  });
  if (!covering) return none;
  const resumptions = only(acts, 'AgreementResumed.v1');
  const revisions = [covering.revision];
  for (const { revision, data } of only(acts, 'AgreementSuspended.v1')) {
    // The first resumption after it that found it not over yet.
    const resumed = resumptions.find((one) => one.revision > revision && (data.until === null || data.until > one.decidedAt));
    const end = firstOf([data.until, resumed?.decidedAt ?? null, endedAfter(revision)]);
    if (data.from <= at && (end === null || at < end)) return { status: 'suspended', revisions: [revision] };
    if (resumed && data.from < resumed.decidedAt && resumed.decidedAt <= at) revisions.push(resumed.revision);
  }
  return { status: 'inForce', revisions: [Math.max(...revisions)] };
};

/** A late entry is judged on what held when it occurred. */
export const judgedAtOf = (swipe: Readonly<{ entry: string; occurredAt: string }>, decidedAt: string): string =>
  swipe.entry === 'late' ? swipe.occurredAt : decidedAt;
