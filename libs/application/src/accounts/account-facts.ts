import type { Json } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountPolicy,
  type AccountState,
  type InstitutionFacts,
  type MedicalAccountCommand,
  NOTHING_UNDONE,
  type Posting,
  pinVerdictKey,
} from '#libs/medical-account';
import type { EventReader } from '../event-store.port';
import type { Gathered, Keys, WantedClaim } from '../streams/request';
import { naturalKeys, newNaturalKeys } from './natural-keys';
import { postingsFor } from './postings';

export type FactSources = Readonly<{
  reader: EventReader;
  /** Published packs of an area that began by the instant, oldest first, by the revision of their stream; -1: none. */
  policiesOf: (poolingArea: string, decidedAt: string) => Promise<Readonly<{ policies: readonly AccountPolicy[]; revision: number }>>;
  /** By the revision of the institution's stream; -1: not registered. */
  institutionAt: (
    code: string,
    at: Readonly<{ judgedAt: string; isNow: boolean; operatorCode: string | null; terminalCode: string | null }>,
  ) => Promise<Readonly<{ facts: InstitutionFacts | null; revision: number }>>;
}>;

type Asked = Readonly<{ code: string; operatorCode: string | null; terminalCode: string | null }>;
const institutionOf = ({ type, data }: MedicalAccountCommand): Asked | null => {
  if (type === 'PostSwipe') return { code: data.institutionCode, operatorCode: data.operatorCode, terminalCode: data.terminalCode };
  if (type === 'CancelSettlement' || type === 'ReverseSettlement')
    return { code: data.institutionCode, operatorCode: null, terminalCode: null };
  return null;
};

/** A late entry is judged on the institution as it was then, everything else as things stand. */
const judgedOf = ({ type, data }: MedicalAccountCommand, decidedAt: string): Readonly<{ judgedAt: string; isNow: boolean }> =>
  type === 'PostSwipe' && data.entry === 'late' ? { judgedAt: data.occurredAt, isNow: false } : { judgedAt: decidedAt, isNow: true };

const ownClaims = ({ type, data }: MedicalAccountCommand): WantedClaim[] => {
  if (type === 'SettleDue') return [];
  const { key, commandHash } = data;
  if (type === 'ReportPinVerdict')
    return [
      { key, commandHash },
      { key: pinVerdictKey(data.cardId, data.reference), commandHash },
    ];
  return [{ key, commandHash }];
};

/** Makes the step that gathers an account's facts; they are recorded with packs and postings by reference. Throws: on outage. */
export const accountFacts =
  (sources: FactSources) =>
  (command: MedicalAccountCommand, account: Readonly<{ stream: string; poolingArea: string }>, extra: readonly WantedClaim[] = []) =>
  async (state: AccountState, decidedAt: string, head: number, keys: Keys = 'lookedUp'): Promise<Gathered<AccountFacts>> => {
    const asked = institutionOf(command);
    const [packs, institution, postings, natural] = await Promise.all([
      sources.policiesOf(account.poolingArea, decidedAt),
      asked ? sources.institutionAt(asked.code, { ...asked, ...judgedOf(command, decidedAt) }) : null,
      keys === 'asNew' ? [] : postingsFor(sources.reader, command, { stream: account.stream, head, state }),
      keys === 'asNew' ? newNaturalKeys(command) : naturalKeys(sources.reader, command),
    ]);
    const facts: AccountFacts = {
      decidedAt,
      policies: packs.policies,
      institution: institution?.facts ?? null,
      postings,
      naturalKeyHolder: natural.holder,
    };
    const heads = {
      ...(institution ? { institution: institution.revision } : {}),
      ...(packs.revision < 0 ? {} : { packs: packs.revision }),
    };
    return { facts, recordedFacts: citedFacts(facts, heads), claims: [...ownClaims(command), ...natural.claims, ...extra] };
  };

export type FactsFor = ReturnType<typeof accountFacts>;

type Cited = Readonly<{ institution?: number; packs?: number }>;

/**
 * The facts as the log keeps them: institution and packs by the revision of their stream that was looked at, a posting by where it stands
 * and what was undone of it by then. What is empty is left out.
 */
export const citedFacts = (
  { decidedAt, postings, naturalKeyHolder = null }: Pick<AccountFacts, 'decidedAt' | 'postings'> & Partial<AccountFacts>,
  heads: Cited,
): Json => ({
  decidedAt,
  ...heads,
  ...(postings.length > 0 ? { postings: postings.map(cited) } : {}),
  ...(naturalKeyHolder === null ? {} : { naturalKeyHolder: cited(naturalKeyHolder) }),
});

const cited = ({ original: { stream, revision }, undone }: Posting): Json =>
  undone === NOTHING_UNDONE ? { stream, revision } : { stream, revision, undone: undone as unknown as Json };
