import { type InstitutionEvent, type InstitutionState, institution, institutionFactsAt } from '#libs/institution';
import type { Recorded } from '#libs/kernel';
import { type AccountPolicy, NOTHING_UNDONE, type Posting } from '#libs/medical-account';
import { type Command, categoryOf, type Entry } from './entry';
import type { RecordedEvent } from './recorded';

type Citation = Readonly<{ stream: string; revision: number; undone?: Posting['undone'] }>;
type RecordedFacts = Readonly<{
  institution?: number;
  packs?: number;
  postings?: readonly Citation[];
  naturalKeyHolder?: Citation;
  other?: object;
}>;
/** The facts of a decision; undefined when something that the append cites is not there. */
export type FactsOf = (first: Entry, command: Command, state: object) => object | undefined;
const NOTHING_CITED: readonly Citation[] = [];
const NOTHING_FOUND: readonly undefined[] = [];
type EventAt = (stream: string, revision: number) => Readonly<{ logIndex: number; event: RecordedEvent }> | undefined;
type Published = Readonly<{ revision: number; logIndex: number; policy: AccountPolicy }>;
type Registered = {
  readonly entries: { logIndex: number; event: Recorded<InstitutionEvent> }[];
  readonly states: Map<number, InstitutionState>;
};
/** Packs as of one revision of their stream, in the order in which they take effect, and the first so many of them. */
type Seen = Readonly<{ all: readonly AccountPolicy[]; begun: (readonly AccountPolicy[] | undefined)[] }>;
/** The stream of packs of a pooling area; `heads`: where each of its revisions stands in the log. */
type Area = Readonly<{ packs: Published[]; heads: number[]; seen: (Seen | undefined)[] }>;

const seenIn = ({ packs }: Area, cited: number): Seen => {
  const all = packs.filter(({ revision }) => revision <= cited).map(({ policy }) => policy);
  return { all: all.sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)), begun: [] };
};

/** Of the packs that were published by then, those that had begun: one list for all who saw the same, which nobody changes. */
const begunIn = (area: Area, cited: number, decidedAt: string): readonly AccountPolicy[] => {
  const { all, begun } = area.seen[cited] ?? seenIn(area, cited);
  area.seen[cited] ??= { all, begun };
  let count = all.length;
  while (count > 0 && (all[count - 1]?.effectiveFrom ?? '') > decidedAt) count--;
  const found = begun[count] ?? all.slice(0, count);
  begun[count] = found;
  return found;
};

/**
 * What a decision was told, put together again from what its append cites: packs and institution as of a revision of their streams, postings
 * by their place. All of it must stand earlier in the log. Source: docs/reference/log-format.md, 8.
 */
export class CitedFacts {
  private readonly areas = new Map<string, Area>();
  private readonly institutions = new Map<string, Registered>();

  constructor(private readonly eventAt: EventAt) {}

  publish(poolingArea: string, published: Published): void {
    const area = this.areaOf(poolingArea);
    area.packs.push(published);
    area.seen.length = 0;
  }

  /** Any event of a stream of packs: a revision of it may be cited. */
  seePack(poolingArea: string, logIndex: number): void {
    this.areaOf(poolingArea).heads.push(logIndex);
  }

  register(institutionCode: string, logIndex: number, event: Recorded<InstitutionEvent>): void {
    const known: Registered = this.institutions.get(institutionCode) ?? { entries: [], states: new Map() };
    known.entries.push({ logIndex, event });
    this.institutions.set(institutionCode, known);
  }

  private areaOf(poolingArea: string): Area {
    const area = this.areas.get(poolingArea) ?? { packs: [], heads: [], seen: [] };
    this.areas.set(poolingArea, area);
    return area;
  }

  readonly of: FactsOf = (first, command, state) => {
    const { stream, decidedAt } = first.envelope;
    const category = categoryOf(stream);
    if (category !== 'medicalAccount' && category !== 'settlementVoid') return { ...first.facts, decidedAt };
    const { institution: cited, packs = -1, postings = NOTHING_CITED, naturalKeyHolder } = first.facts as RecordedFacts;
    const policies = this.policiesOf(areaOf(command, state), packs, first);
    const found = postings.length === 0 ? NOTHING_FOUND : postings.map((citation) => this.postingOf(citation, first.logIndex));
    const holder = naturalKeyHolder ? this.postingOf(naturalKeyHolder, first.logIndex) : null;
    const judged = cited === undefined ? null : this.institutionAt(command, cited, first);
    if (!policies || judged === undefined || holder === undefined || found.includes(undefined)) return undefined;
    return { decidedAt, policies, institution: judged, postings: found, naturalKeyHolder: holder, ...otherIn(first) };
  };

  private policiesOf(poolingArea: string, cited: number, { logIndex, envelope }: Entry): readonly AccountPolicy[] | undefined {
    if (cited < 0) return [];
    const area = this.areas.get(poolingArea);
    const at = area?.heads[cited];
    return area && at !== undefined && at < logIndex ? begunIn(area, cited, envelope.decidedAt) : undefined;
  }

  /** null: looked for and not registered. */
  private institutionAt({ type, data }: Command, cited: number, { logIndex, envelope }: Entry): object | null | undefined {
    if (cited < 0) return null;
    const known = this.institutions.get(String(data.institutionCode));
    const head = known?.entries[cited];
    if (!known || !head || head.logIndex >= logIndex) return undefined;
    const state = known.states.get(cited) ?? foldedTo(known, cited);
    const isSwipe = type === 'PostSwipe';
    const judged = {
      judgedAt: isSwipe && data.entry === 'late' ? String(data.occurredAt) : envelope.decidedAt,
      isNow: !(isSwipe && data.entry === 'late'),
      operatorCode: isSwipe ? String(data.operatorCode) : '',
      terminalCode: isSwipe ? String(data.terminalCode) : '',
    };
    return institutionFactsAt(state, judged, cited);
  }

  private postingOf({ stream, revision, undone = NOTHING_UNDONE }: Citation, before: number): Posting | undefined {
    const cited = this.eventAt(stream, revision);
    return cited && cited.logIndex < before ? ({ original: cited.event, undone } as unknown as Posting) : undefined;
  }
}

/** What a decision about two accounts was told of the other one. */
const otherIn = ({ facts }: Entry): object => ('other' in facts ? { other: facts.other } : {});

/** Each revision that is cited once: the fold works in place, so each has its own. */
const foldedTo = ({ entries, states }: Registered, revision: number): InstitutionState => {
  const state = entries.slice(0, revision + 1).reduce((sofar, { event }) => institution.evolve(sofar, event), institution.initialState());
  states.set(revision, state);
  return state;
};

/** The account's pooling area; that which it is opened in, before there is an account. */
const areaOf = ({ data }: Command, state: object): string => {
  const { holder } = state as Readonly<{ holder?: Readonly<{ poolingArea: string }> | null }>;
  return holder?.poolingArea ?? (typeof data.poolingArea === 'string' ? data.poolingArea : '');
};
