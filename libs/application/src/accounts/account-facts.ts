import type { Json } from '#libs/kernel';
import type {
  AccountFacts,
  AccountPolicy,
  AccountState,
  InstitutionFacts,
  MedicalAccountCommand,
  Posting,
  VoidFacts,
} from '#libs/medical-account';
import type { EventReader } from '../event-store.port';
import type { Gathered, WantedClaim } from '../streams/request';
import { naturalKeys } from './natural-keys';
import { postingsFor } from './postings';

export type FactSources = Readonly<{
  reader: EventReader;
  /** Published packs of an area that began by the instant, oldest first. */
  policiesOf: (poolingArea: string, decidedAt: string) => Promise<readonly AccountPolicy[]>;
  institutionAt: (
    code: string,
    at: Readonly<{ judgedAt: string; operatorCode: string | null; terminalCode: string | null }>,
  ) => Promise<InstitutionFacts | null>;
}>;

type Asked = Readonly<{ code: string; operatorCode: string | null; terminalCode: string | null }>;
const institutionOf = ({ type, data }: MedicalAccountCommand): Asked | null => {
  if (type === 'PostSwipe') return { code: data.institutionCode, operatorCode: data.operatorCode, terminalCode: data.terminalCode };
  if (type === 'CancelSettlement' || type === 'ReverseSettlement')
    return { code: data.institutionCode, operatorCode: null, terminalCode: null };
  return null;
};

/** A late entry is judged on the institution as it was then. */
const judgedAtOf = ({ type, data }: MedicalAccountCommand, decidedAt: string): string =>
  type === 'PostSwipe' && data.entry === 'late' ? data.occurredAt : decidedAt;

const ownClaim = ({ type, data }: MedicalAccountCommand): WantedClaim[] =>
  type === 'SettleDue' ? [] : [{ key: data.key, commandHash: data.commandHash }];

/** Makes the step that gathers an account's facts; they are recorded with packs and postings by reference. Throws: on outage. */
export const accountFacts =
  (sources: FactSources) =>
  (command: MedicalAccountCommand, account: Readonly<{ stream: string; poolingArea: string }>, extra: readonly WantedClaim[] = []) =>
  async (state: AccountState, decidedAt: string, head: number): Promise<Gathered<AccountFacts>> => {
    const asked = institutionOf(command);
    const [policies, institution, postings, natural] = await Promise.all([
      sources.policiesOf(account.poolingArea, decidedAt),
      asked ? sources.institutionAt(asked.code, { ...asked, judgedAt: judgedAtOf(command, decidedAt) }) : null,
      postingsFor(sources.reader, command, { stream: account.stream, head, state }),
      naturalKeys(sources.reader, command),
    ]);
    const facts: AccountFacts = { decidedAt, policies, institution, postings, naturalKeyHolder: natural.holder };
    return { facts, recordedFacts: recordedFacts(facts), claims: [...ownClaim(command), ...natural.claims, ...extra] };
  };

export type FactsFor = ReturnType<typeof accountFacts>;

/** The facts as the log keeps them: a pack by id and hash, a posting by where it stands and what was undone of it by then. */
export const recordedFacts = ({ decidedAt, policies, institution, postings, naturalKeyHolder }: AccountFacts): Json => ({
  decidedAt,
  policies: policies.map(({ packId, hash }) => ({ packId, hash })),
  institution: institution as unknown as Json,
  postings: postings.map(cited),
  naturalKeyHolder: naturalKeyHolder === null ? null : cited(naturalKeyHolder),
});

export const recordedFactsOfVoid = ({ decidedAt, institution, postings }: VoidFacts): Json => ({
  decidedAt,
  institution: institution as unknown as Json,
  postings: postings.map(cited),
});

const cited = ({ original, undone }: Posting): Json => ({
  stream: original.stream,
  revision: original.revision,
  undone: undone as unknown as Json,
});
