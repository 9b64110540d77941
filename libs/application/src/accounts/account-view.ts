import { instantOf, laterOf, type Recorded, settleDue } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountState,
  accountStream,
  cardInUse,
  carriedStateOf,
  decodeAccountEvent,
  type MedicalAccountEvent,
  medicalAccount,
  mergedInto,
} from '#libs/medical-account';
import type { AccountView } from '../engine';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import { eventId } from '../streams/command-identity';
import { recordedOf } from '../streams/stored-form';
import type { Loaded } from '../streams/stream-states';
import type { Vault } from '../vault.port';
import { type AccountRunner, accountIdOf } from './account-streams';

export type ViewParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  vault: Vault;
  current: CurrentAccount;
  nowMs: () => number;
  policiesOf: (poolingArea: string, decidedAt: string) => Promise<Readonly<{ policies: AccountFacts['policies'] }>>;
}>;

/** An old id is told beside that of the account that survived. */
const withAsked = (seen: AccountView, accountId: string): AccountView =>
  seen.accountId === accountId ? seen : { ...seen, askedAccountId: accountId };

/** What an account looks like, from its events: what a projection shows may lag, this may not. */
export class AccountViews {
  constructor(private readonly parts: ViewParts) {}

  /** With what time has brought about by now, though no command has written it down yet. */
  async now(accountId: string): Promise<AccountView | undefined> {
    const { stream } = await this.parts.current(accountId);
    const seen = await this.at(accountIdOf(stream), instantOf(this.parts.nowMs()), await this.parts.accounts.load(stream));
    return seen && withAsked(seen, accountId);
  }

  /** As it was at an instant, what was due by then included; `decidedAt` is what counts. */
  async asOf(accountId: string, instant: string): Promise<AccountView | undefined> {
    const loaded = await this.foldWhile(accountId, ({ decidedAt }) => decidedAt <= instant);
    const survivor = mergedInto(loaded.state);
    if (survivor === null) return this.at(accountId, instant, loaded);
    const seen = await this.asOf(survivor, instant); // Merged by then.
    return seen && withAsked(seen, accountId);
  }

  /** As it was written, nothing added. */
  async atRevision(accountId: string, revision: number): Promise<AccountView | undefined> {
    const loaded = await this.foldWhile(accountId, (event) => event.revision <= revision);
    return loaded.lastDecidedAt === null ? undefined : this.shown(loaded.state, loaded.head, loaded.lastDecidedAt);
  }

  private async at(accountId: string, instant: string, loaded: Loaded<AccountState>): Promise<AccountView | undefined> {
    if (loaded.lastDecidedAt === null) return undefined;
    const decidedAt = laterOf(loaded.lastDecidedAt, instant);
    return this.shown(await this.withDue(loaded, accountStream(accountId), decidedAt), loaded.head, decidedAt);
  }

  private async shown(state: AccountState, revision: number, asOf: string): Promise<AccountView> {
    const carried = carriedStateOf(state);
    const tails = await Promise.all(carried.cards.map(async ([cardId]) => [cardId, await this.parts.vault.cardTail(cardId)] as const));
    return { ...carried, revision, asOf, cardInUse: cardInUse(state), cardTails: Object.fromEntries(tails) };
  }

  /** The fold of the full history up to a moment or revision; exact for any past, at the cost of a whole read. */
  private async foldWhile(accountId: string, keep: (event: Recorded<MedicalAccountEvent>) => boolean): Promise<Loaded<AccountState>> {
    let folded: Loaded<AccountState> = { state: medicalAccount.initialState(), head: -1, lastDecidedAt: null };
    for await (const stored of this.parts.reader.readForward(accountStream(accountId))) {
      const event = recordedOf<MedicalAccountEvent>(decodeAccountEvent, stored);
      if (!keep(event)) break;
      folded = { state: medicalAccount.evolve(folded.state, event), head: event.revision, lastDecidedAt: event.decidedAt };
    }
    return folded;
  }

  private async withDue({ state, head }: Loaded<AccountState>, stream: string, decidedAt: string): Promise<AccountState> {
    const { policies } = await this.parts.policiesOf(carriedStateOf(state).poolingArea, decidedAt);
    const facts: AccountFacts = { decidedAt, policies, institution: null, postings: [], naturalKeyHolder: null };
    const record = (events: readonly MedicalAccountEvent[], offset: number) =>
      events.map((event, i) => ({ ...event, id: eventId('view', offset + i), stream, revision: head + 1 + offset + i }));
    return settleDue(medicalAccount, { state, facts, record }).state;
  }
}
