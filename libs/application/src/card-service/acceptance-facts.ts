import {
  type AcceptanceFacts,
  type ApplicationCommand,
  type ApplicationFacts,
  applicationStream,
  type CardOnAccount,
  type CardServiceTerms,
  dueDateOf,
  isOpen,
} from '#libs/card-service';
import { businessDateOf, checkIdentity, type Json, plusYears } from '#libs/kernel';
import { accountStream } from '#libs/medical-account';
import { type AccountRunner, accountIdOf, personIdOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import type { Accounts, ApplicationOrder } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { Gathered, WantedClaim } from '../streams/request';
import type { Vault } from '../vault.port';
import type { ApplicationRunner } from './application-runner';
import { birthOf } from './birth';

export type AcceptanceSources = Readonly<{
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  accounts: AccountRunner;
  views: Pick<Accounts, 'view'>;
  applications: ApplicationRunner;
  termsAt: (poolingArea: string, at: string) => Promise<CardServiceTerms | null>;
}>;
/** What was found of a person before an application is decided; nothing of it says who somebody is. */
export type Applicant = Readonly<{ accountId: string; identityIsWrong: boolean; dataDiffer: boolean; birthDate: string | null }>;
type Accept = Extract<ApplicationCommand, { type: 'AcceptApplication' }>;

const sameName = (one: string, other: string): boolean => folded(one) === folded(other);
const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s·•・‧.’']/g, '')
    .toUpperCase();

/** Looks the applicant up by what lies on the counter; the look into the vault is logged there. Throws: on outage. */
export const applicantOf = async (
  { reader, vault, credentials, accounts }: AcceptanceSources,
  { poolingArea, person }: ApplicationOrder,
  { actor }: Tracing,
): Promise<Applicant> => {
  const { identityKind, identityNumber, name } = person;
  const identityIsWrong = identityNumber === null || checkIdentity(identityKind, identityNumber) !== null;
  const nobody = { accountId: '', identityIsWrong, dataDiffer: false, birthDate: null };
  if (identityIsWrong) return nobody;
  const claim = await reader.findClaim(credentials.personClaim(poolingArea, identityKind, identityNumber));
  if (!claim) return nobody;
  const accountId = accountIdOf(claim.stream);
  const personId = personIdOf((await accounts.load(accountStream(accountId))).state);
  const record =
    personId === null ? undefined : await vault.readPerson(personId, { principal: actor.principal, purpose: 'card-application' });
  const dataDiffer = record !== undefined && name !== null && !sameName(record.name, name);
  const birthDate = birthOf(record ?? { identityKind, identityNumber });
  return { accountId, identityIsWrong, dataDiffer, birthDate };
};

/** The cards of an account as they stand now; none where there is no account. Throws: on outage. */
export const cardsOf = async ({ views }: Pick<AcceptanceSources, 'views'>, accountId: string): Promise<readonly CardOnAccount[]> => {
  const view = accountId === '' ? undefined : await views.view(accountId, null);
  if (!view) return [];
  return view.cards.map(([cardId, { kind, timeline }]) => {
    const now = timeline.findLast(({ from }) => from <= view.asOf);
    return { cardId, kind, isNew: kind === 'socialSecurity2' || kind === 'socialSecurity3', state: now?.state ?? 'registered' };
  });
};

/** Counts up from the first number to the application that is still open, or to the first free number: claims are never released. */
const underWay = async (
  sources: AcceptanceSources,
  { data }: Accept,
): Promise<Readonly<{ open: AcceptanceFacts['underWay']; claims: readonly WantedClaim[] }>> => {
  const { accountId, kind, commandHash, key } = data;
  if (accountId === '') return { open: null, claims: [] };
  const base = `cardApplicationOf-${accountId}-${kind === 'temporary' ? 'temporary' : 'formal'}`;
  for (let n = 0; ; n++) {
    const claim = await sources.reader.findClaim(`${base}#${n}`);
    if (!claim) return { open: null, claims: [{ key: `${base}#${n}`, commandHash, at: key }] };
    const { state } = await sources.applications.load(claim.stream);
    const { applicationId = '', dueOn = null } = state.accepted ?? {};
    if (isOpen(state) && claim.stream !== applicationStream(data.applicationId)) return { open: { applicationId, dueOn }, claims: [] };
  }
};

/** The step that gathers what an acceptance depends on; all of it is recorded with the decision. Throws: on outage. */
export const acceptanceFacts =
  (sources: AcceptanceSources, command: Accept, applicant: Applicant, poolingArea: string) =>
  async (_state: unknown, decidedAt: string): Promise<Gathered<ApplicationFacts>> => {
    const { key, commandHash, kind, approved, onTheSpot } = command.data;
    const [cards, { open, claims }, terms] = await Promise.all([
      cardsOf(sources, command.data.accountId),
      underWay(sources, command),
      sources.termsAt(poolingArea, decidedAt),
    ]);
    const { identityIsWrong, dataDiffer, birthDate } = applicant;
    const acceptance: AcceptanceFacts = {
      identityIsWrong,
      dataDiffer,
      cards,
      mayBeWithoutPhoto: isBelow(terms?.withoutPhotoBelowAge ?? null, birthDate, businessDateOf(decidedAt)),
      underWay: open,
      due: terms && dueDateOf({ kind, approved, onTheSpot }, decidedAt, terms),
      packId: terms?.packId ?? null,
      enquiryTelephone: terms?.enquiryTelephone ?? null,
      complaintTelephone: terms?.complaintTelephone ?? null,
    };
    const facts: ApplicationFacts = { decidedAt, acceptance, handOutBy: null };
    return { facts, recordedFacts: facts as unknown as Json, claims: [{ key, commandHash }, ...claims] };
  };

const isBelow = (age: number | null, birthDate: string | null, today: string): boolean =>
  age !== null && birthDate !== null && today < plusYears(birthDate, age);
