import { decodeInstitutionEvent, type InstitutionEvent, institution, institutionFactsAt, institutionStream } from '#libs/institution';
import type { Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountPolicy,
  decodeAccountEvent,
  decodeVoidEvent,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  NOTHING_UNDONE,
  type Posting,
  type SettlementKeyVoided,
} from '#libs/medical-account';
import type { Entry } from './entry';

export type PolicyOfDocument = (document: unknown, hash: string) => AccountPolicy;
type Original = Recorded<MedicalAccountEvent | SettlementKeyVoided>;
type Citation = Readonly<{ stream: string; revision: number; undone?: Posting['undone'] }>;
type Cited = Readonly<{
  institution?: number;
  packs?: number;
  postings?: readonly Citation[];
  naturalKeyHolder?: Citation;
  other?: AccountFacts['other'];
}>;
type Asked = Readonly<{ command: MedicalAccountCommand; decidedAt: string; poolingArea: string }>;

/** What an append of the log cites besides its own stream: packs and institutions as of a revision, events under earlier keys. */
export class CitedFacts {
  private readonly proposals = new Map<string, unknown>();
  private readonly packs = new Map<string, { revision: number; policy: AccountPolicy }[]>();
  private readonly institutions = new Map<string, Recorded<InstitutionEvent>[]>();
  private readonly heads = new Map<string, number>();
  private readonly originals = new Map<string, Original>();

  constructor(private readonly policyOfDocument: PolicyOfDocument) {}

  /** Keeps what later appends may cite. @throws Error on data that is not of its type's form. */
  take(entry: Entry): Original | undefined {
    const { stream, type, data } = entry;
    if (/^(?:policyPack|institution)-/.test(stream)) this.heads.set(stream, entry.revision);
    if (stream.startsWith('policyPack-')) this.keepPack(entry);
    if (stream.startsWith('institution-')) {
      const event = { ...decodeInstitutionEvent(type, data), ...placeOf(entry) } as Recorded<InstitutionEvent>;
      this.institutions.set(stream, [...(this.institutions.get(stream) ?? []), event]);
    }
    const isVoid = stream.startsWith('settlementVoid-');
    if (!isVoid && !stream.startsWith('medicalAccount-')) return undefined;
    const decoded = (isVoid ? decodeVoidEvent : decodeAccountEvent)(type, data, entry.decidedAt);
    const event = { ...decoded, ...placeOf(entry) } as Original;
    this.originals.set(`${stream}@${entry.revision}`, event);
    return event;
  }

  /** The facts again; undefined where they cite what is not in the log so far. */
  factsOf(facts: Cited, { command, decidedAt, poolingArea }: Asked): AccountFacts | undefined {
    const { institution: revision, packs = -1, postings = [], naturalKeyHolder, other = null } = facts;
    const holder = naturalKeyHolder ? [naturalKeyHolder] : [];
    const found = [...postings, ...holder].map((citation) => this.postingOf(citation));
    const isKnown = (stream: string, cited: number) => cited <= (this.heads.get(stream) ?? -1);
    const institutionCode = 'institutionCode' in command.data ? command.data.institutionCode : '';
    const areKnown = isKnown(`policyPack-${poolingArea}`, packs) && isKnown(institutionStream(institutionCode), revision ?? -1);
    if (!areKnown || found.includes(undefined)) return undefined;
    const whole = found as Posting[];
    return {
      decidedAt,
      policies: this.policiesOf(poolingArea, packs, decidedAt),
      institution: revision === undefined ? null : this.institutionAt(command, revision, decidedAt),
      postings: whole.slice(0, postings.length),
      naturalKeyHolder: whole[postings.length] ?? null,
      other,
    };
  }

  private keepPack({ stream, type, data, revision }: Entry): void {
    const { hash, document } = data as { hash: string; document?: unknown };
    if (type === 'PackProposed.v1') this.proposals.set(hash, document);
    if (type !== 'PackPublished.v1') return;
    const policy = this.policyOfDocument(this.proposals.get(hash), hash);
    this.packs.set(stream, [...(this.packs.get(stream) ?? []), { revision, policy }]);
  }

  private policiesOf(poolingArea: string, revision: number, decidedAt: string): readonly AccountPolicy[] {
    return (this.packs.get(`policyPack-${poolingArea}`) ?? [])
      .filter((pack) => pack.revision <= revision && pack.policy.effectiveFrom <= decidedAt)
      .map(({ policy }) => policy)
      .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  }

  private institutionAt({ type, data }: MedicalAccountCommand, revision: number, decidedAt: string): AccountFacts['institution'] {
    if (!('institutionCode' in data)) return null;
    const swipe = type === 'PostSwipe' ? data : null;
    const events = this.institutions.get(institutionStream(data.institutionCode)) ?? [];
    const state = events.slice(0, revision + 1).reduce(institution.evolve, institution.initialState());
    const judged = {
      judgedAt: swipe?.entry === 'late' ? swipe.occurredAt : decidedAt,
      isNow: swipe?.entry !== 'late',
      operatorCode: swipe?.operatorCode ?? '',
      terminalCode: swipe?.terminalCode ?? '',
    };
    return institutionFactsAt(state, judged, revision);
  }

  private postingOf({ stream, revision, undone = NOTHING_UNDONE }: Citation): Posting | undefined {
    const original = this.originals.get(`${stream}@${revision}`);
    return original && { original, undone };
  }
}

const placeOf = ({ id, stream, revision, decidedAt }: Entry) => ({ id, stream, revision, decidedAt });
