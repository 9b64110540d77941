import { type InstitutionEvent, type InstitutionState, institution, institutionFactsAt } from '#libs/institution';
import type { Recorded } from '#libs/kernel';
import { type AccountPolicy, NOTHING_UNDONE, type Posting } from '#libs/medical-account';
import { type Command, categoryOf, type Entry } from './entry';
import type { RecordedEvent } from './recorded';

type Citation = Readonly<{ stream: string; revision: number; undone?: Posting['undone'] }>;
type RecordedFacts = Readonly<{ institution?: number; packs?: number; postings?: readonly Citation[]; naturalKeyHolder?: Citation }>;
/** The facts of a decision; undefined when something that the append cites is not there. */
export type FactsOf = (first: Entry, command: Command, state: object) => object | undefined;
type EventAt = (stream: string, revision: number) => Readonly<{ logIndex: number; event: RecordedEvent }> | undefined;
type Published = Readonly<{ revision: number; logIndex: number; policy: AccountPolicy }>;
type Registered = {
  readonly entries: { logIndex: number; event: Recorded<InstitutionEvent> }[];
  readonly states: Map<number, InstitutionState>;
};

/**
 * What a decision was told, put together again from what its append cites: packs and institution as of a revision of their streams, postings
 * by their place. All of it must stand earlier in the log. Source: docs/reference/log-format.md, 8.
 */
export class CitedFacts {
  private readonly packs = new Map<string, Published[]>();
  private readonly packHeads = new Map<string, number[]>();
  private readonly institutions = new Map<string, Registered>();

  constructor(private readonly eventAt: EventAt) {}

  publish(stream: string, published: Published): void {
    this.packs.set(stream, [...(this.packs.get(stream) ?? []), published]);
  }

  /** Any event of a stream of packs: a revision of it may be cited. */
  seePack(stream: string, logIndex: number): void {
    const heads = this.packHeads.get(stream);
    if (heads) heads.push(logIndex);
    else this.packHeads.set(stream, [logIndex]);
  }

  register(stream: string, logIndex: number, event: Recorded<InstitutionEvent>): void {
    const known: Registered = this.institutions.get(stream) ?? { entries: [], states: new Map() };
    known.entries.push({ logIndex, event });
    this.institutions.set(stream, known);
  }

  readonly of: FactsOf = (first, command, state) => {
    const { stream, decidedAt } = first.envelope;
    const category = categoryOf(stream);
    if (category !== 'medicalAccount' && category !== 'settlementVoid') return { ...first.facts, decidedAt };
    const { institution: cited, packs = -1, postings = [], naturalKeyHolder } = first.facts as RecordedFacts;
    const policies = this.policiesOf(areaOf(command, state), packs, first);
    const found = postings.map((citation) => this.postingOf(citation, first.logIndex));
    const holder = naturalKeyHolder ? this.postingOf(naturalKeyHolder, first.logIndex) : null;
    const judged = cited === undefined ? null : this.institutionAt(command, cited, first);
    if (!policies || judged === undefined || [...found, holder].includes(undefined)) return undefined;
    return { decidedAt, policies, institution: judged, postings: found, naturalKeyHolder: holder };
  };

  private policiesOf(poolingArea: string, cited: number, { logIndex, envelope }: Entry): readonly AccountPolicy[] | undefined {
    if (cited < 0) return [];
    const stream = `policyPack-${poolingArea}`;
    const at = this.packHeads.get(stream)?.[cited];
    if (at === undefined || at >= logIndex) return undefined;
    const began = (this.packs.get(stream) ?? []).filter(
      ({ revision, policy }) => revision <= cited && policy.effectiveFrom <= envelope.decidedAt,
    );
    return began.map(({ policy }) => policy).sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  }

  /** null: looked for and not registered. */
  private institutionAt({ type, data }: Command, cited: number, { logIndex, envelope }: Entry): object | null | undefined {
    if (cited < 0) return null;
    const known = this.institutions.get(`institution-${String(data.institutionCode)}`);
    const head = known?.entries[cited];
    if (!known || !head || head.logIndex >= logIndex) return undefined;
    const state = known.states.get(cited) ?? foldedTo(known, cited);
    const isSwipe = type === 'PostSwipe';
    const judged = {
      judgedAt: isSwipe && data.entry === 'late' ? String(data.occurredAt) : envelope.decidedAt,
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
