import { businessDateOf, instantOf, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  accountStream,
  cardInUse,
  carriedStateOf,
  decodeAccountEvent,
  type MedicalAccountEvent,
  type MedicalLeg,
  medicalAccount,
  medicalFen,
} from '#libs/medical-account';
import { refused } from './answers';
import { eventId } from './command-identity';
import type { Credentials } from './credentials';
import type { Accounts, AccountView, StatementRow } from './engine';
import type { EventReader } from './event-store.port';
import type { AccountRunner } from './settlements';
import { recordedOf } from './stored-form';
import type { Vault } from './vault.port';

export type AccountQueries = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  vault: Vault;
  credentials: Credentials;
  nowMs: () => number;
  poolingAreasFor: (institutionCode: string) => Promise<readonly string[]>;
  policiesOf: (poolingArea: string, decidedAt: string) => Promise<AccountFacts['policies']>;
  personIdOf: (state: AccountState) => string | null;
}>;
type Queries = Pick<Accounts, 'view' | 'balanceByCredential' | 'statement' | 'person'>;
type Folded = { state: AccountState; head: number; lastDecidedAt: string | null };

/** Reads of one account, all from its events: what a projection shows may lag, what these show may not. */
export const accountQueriesOf = (parts: AccountQueries): Queries => {
  const { accounts, reader, vault, credentials } = parts;

  /** The fold of the full history up to a moment or revision; exact for any past, at the cost of a whole read. */
  const foldUntil = async (stream: string, keep: (event: Recorded<MedicalAccountEvent>) => boolean): Promise<Folded> => {
    const folded: Folded = { state: medicalAccount.initialState(), head: -1, lastDecidedAt: null };
    for await (const stored of reader.readForward(stream)) {
      const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
      if (!keep(event)) break;
      folded.state = medicalAccount.evolve(folded.state, event);
      folded.head = event.revision;
      folded.lastDecidedAt = event.decidedAt;
    }
    return folded;
  };

  /** What time has brought about by then, though no command has written it down yet. */
  const withDue = async ({ state, head }: Folded, stream: string, decidedAt: string): Promise<AccountState> => {
    const { poolingArea } = carriedStateOf(state);
    const facts: AccountFacts = {
      decidedAt,
      policies: await parts.policiesOf(poolingArea, decidedAt),
      institution: null,
      postings: [],
      naturalKeyHolder: null,
    };
    const record = (events: readonly MedicalAccountEvent[], offset: number) =>
      events.map((event, i) => ({ ...event, id: eventId('view', offset + i), stream, revision: head + 1 + offset + i }));
    return settleDue(medicalAccount, { state, facts, record }).state;
  };

  const view: Accounts['view'] = async (accountId, asOf) => {
    const stream = accountStream(accountId);
    const now = instantOf(parts.nowMs());
    const folded =
      asOf === null
        ? { ...(await accounts.load(stream)) }
        : await foldUntil(stream, (event) => ('revision' in asOf ? event.revision <= asOf.revision : event.decidedAt <= asOf.instant));
    if (folded.head < 0) return undefined;
    const at = asOf === null ? now : 'instant' in asOf ? asOf.instant : (folded.lastDecidedAt ?? now);
    const latest = folded.lastDecidedAt !== null && folded.lastDecidedAt > at ? folded.lastDecidedAt : at;
    // A revision is shown as it was written; a moment is shown as it was.
    const state = asOf !== null && 'revision' in asOf ? folded.state : await withDue(folded, stream, latest);
    const carried = carriedStateOf(state);
    const tails = await Promise.all(carried.cards.map(async ([cardId]) => [cardId, await vault.cardTail(cardId)] as const));
    return {
      ...carried,
      revision: folded.head,
      asOf: latest,
      cardInUse: cardInUse(state),
      cardTails: Object.fromEntries(tails),
    } satisfies AccountView;
  };

  const balanceByCredential: Accounts['balanceByCredential'] = async (institutionCode, credential) => {
    const resolved = await credentials.resolve(credential, () => parts.poolingAreasFor(institutionCode));
    const seen = resolved && (await view(resolved.accountId, null));
    if (!resolved || !seen) return refused([{ code: 'card-unknown' }]);
    const cardId = resolved.cardId ?? seen.cardInUse ?? 'cardless';
    const card = seen.cards.find(([id]) => id === cardId)?.[1];
    const state = card?.timeline.at(-1)?.state;
    // A card that may not pay tells nothing about its person.
    if (resolved.cardId !== null && state !== 'inUse') return refused([{ code: 'card-not-enabled' }]);
    const balanceFen = seen.balances.reduce((sum, [account, fen]) => (account.startsWith(`subAccount:${cardId}:`) ? sum + fen : sum), 0);
    const value = {
      accountId: resolved.accountId,
      balanceFen: medicalFen(balanceFen),
      cardTail: seen.cardTails[cardId] ?? '****',
      asOf: seen.asOf,
    };
    return { kind: 'done', replayed: false, value };
  };

  const statement: Accounts['statement'] = async (accountId, fromRevision, limit) => {
    const stream = accountStream(accountId);
    const rows: StatementRow[] = [];
    let balanceFen = 0;
    let seen = false;
    for await (const stored of reader.readForward(stream)) {
      seen = true;
      if (rows.length === limit) return { rows, next: stored.revision };
      const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
      const row = rowOf(event, balanceFen);
      balanceFen = row.balanceFen;
      if (stored.revision >= fromRevision) rows.push(row);
    }
    return seen ? { rows, next: null } : undefined;
  };

  const person: Accounts['person'] = async (accountId, who) => {
    const { state, head } = await accounts.load(accountStream(accountId));
    const personId = head < 0 ? null : parts.personIdOf(state);
    return personId === null ? undefined : vault.readPerson(personId, who);
  };
  return { view, balanceByCredential, statement, person };
};

const rowOf = (event: Recorded<MedicalAccountEvent>, beforeFen: number): StatementRow => {
  const data = event.data as Readonly<{ legs?: readonly MedicalLeg[]; institutionCode?: string; serial?: string | null }>;
  const legs = data.legs ?? [];
  const changeFen = legs.reduce((sum, { account, amountFen }) => (account.startsWith('subAccount:') ? sum + amountFen : sum), 0);
  return {
    revision: event.revision,
    decidedAt: event.decidedAt,
    businessDate: businessDateOf(event.decidedAt),
    type: event.type,
    eventId: event.id,
    institutionCode: data.institutionCode ?? null,
    serial: data.serial ?? null,
    changeFen: medicalFen(changeFen),
    balanceFen: medicalFen(beforeFen + changeFen),
    legs,
  };
};
