import type { Json, NonEmpty, Recorded } from '#libs/kernel';
import {
  accountStream,
  businessKey,
  decodeAccountEvent,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type OtherAccount,
  type Succession,
} from '#libs/medical-account';
import { answerOf, refused } from '../answers';
import type { ActAnswer, Answer } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { SettleHandOvers } from '../persons/hand-overs';
import type { CurrentAccount } from '../persons/successors';
import { commandHash } from '../streams/command-identity';
import type { WantedClaim } from '../streams/request';
import { envelopeOf, recordedOf } from '../streams/stored-form';
import type { FactsFor } from './account-facts';
import { type AccountRunner, accountIdOf, personIdOf, poolingAreaOf } from './account-streams';

type Account = Recorded<MedicalAccountEvent>;
export type Field = string | number | null;
export type Keyed = Readonly<{ key: string; commandHash: string }>;
export type Act = Readonly<{
  accountId: string;
  command: Exclude<MedicalAccountCommand, { type: 'SettleDue' }>;
  tracing: Tracing;
  /** What the answer is known by besides the account: a card, a freeze; absent where there is nothing. */
  id?: string;
  claims?: readonly WantedClaim[];
  /** Where the account is about to be; else its own. */
  poolingArea?: string;
  /**
   * What the decision is told of another account; recorded with it. Looked up before: within this account's turn nothing waits for another
   * account's, or two of them could wait for each other.
   */
  other?: OtherAccount | null;
}>;
type ActParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  factsFor: FactsFor;
  secret: Uint8Array;
  current: CurrentAccount;
  settle: SettleHandOvers;
}>;

/** The one way of an act on an account: key and hash, facts, the account's queue, and an answer that its repeat gets word for word. */
export class AccountActs {
  constructor(private readonly parts: ActParts) {}

  /** The organisation's own business number names the act; the hash is over what it says. */
  keyed({ actor }: Tracing, reference: string, ...says: readonly [type: string, ...fields: Field[]]): Keyed {
    const key = businessKey(actor.organisation, reference);
    const [type, ...fields] = says;
    return { key, commandHash: this.hashOf(type, key, ...fields) };
  }

  hashOf(...says: readonly [type: string, ...fields: Field[]]): string {
    return commandHash(this.parts.secret, says);
  }

  /** Idempotency: by the command's key. Throws: on an outage of a read. */
  async run(act: Act): Promise<Answer<ActAnswer>> {
    const { command, tracing, id, claims, poolingArea, other } = act;
    const { accounts, factsFor, current } = this.parts;
    const { stream, accountId } = await current(act.accountId);
    const known = factsFor(command, { stream, poolingArea: poolingArea ?? (await this.areaOf(stream)) }, claims);
    const gather = other ? withOther(known, other) : known;
    const outcome = await accounts.run({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    // Merged in this very moment: the survivor has it now.
    if (outcome.kind === 'refused' && outcome.refusals.some((one) => one.code === 'account-merged' && one.accountId === accountId))
      return this.run(act);
    if (outcome.kind === 'claimTaken' && outcome.key.startsWith('card-')) return refused([{ code: 'card-number-already-registered' }]);
    return answerOf(
      outcome,
      async (events) => actAnswer(events, id ?? null),
      async (original) => actAnswer(await this.wholeAppend(original), id === undefined ? null : (idIn(original) ?? id)),
    );
  }

  /** What would become of an act; recorded nowhere. Throws: on an outage of a read. */
  async quote({ accountId, command, tracing }: Pick<Act, 'accountId' | 'command' | 'tracing'>): Promise<Answer<null>> {
    const { accounts, factsFor, current } = this.parts;
    const { stream } = await current(accountId);
    const gather = factsFor(command, { stream, poolingArea: await this.areaOf(stream) });
    const outcome = await accounts.quote({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    const nothing = async () => null;
    return answerOf(outcome, nothing, nothing);
  }

  /** Only what time has brought about, in the jobs' lane. Idempotency: what is done is not due any more. */
  async settleDue(accountId: string, tracing: Tracing): Promise<Answer<ActAnswer>> {
    await this.parts.settle(accountId, tracing); // Money between two accounts is of what jobs bring to its end.
    const stream = accountStream(accountId);
    const { accounts, factsFor } = this.parts;
    const { head } = await accounts.load(stream);
    if (head < 0) return refused([{ code: 'account-not-found' }]);
    const command = { type: 'SettleDue', data: {} } as const;
    const gather = factsFor(command, { stream, poolingArea: await this.areaOf(stream) });
    const key = `due-${accountId}-${head + 1}`;
    const outcome = await accounts.run({ stream, key, command, gather, tracing, lane: 'job', onlyDue: true });
    if (outcome.kind === 'nothingDue')
      return { kind: 'done', replayed: false, value: { accountId, id: null, events: [], decidedAt: '', stream } };
    return answerOf(
      outcome,
      async (events) => actAnswer(events, null),
      async (original) => actAnswer([original], null),
    );
  }

  /** Whether something stands under a key. Throws: on outage. */
  async isKnown(key: string): Promise<boolean> {
    return (await this.parts.reader.findClaim(key)) !== undefined;
  }

  async successionOf(accountId: string): Promise<Succession> {
    return (await this.parts.accounts.load(accountStream(accountId))).state.succession;
  }

  /** Who was known on this very account, merged since or not; null: nobody. Throws: on outage. */
  async personOf(accountId: string): Promise<string | null> {
    return personIdOf((await this.parts.accounts.load(accountStream(accountId))).state);
  }

  private async areaOf(stream: string): Promise<string> {
    return poolingAreaOf((await this.parts.accounts.load(stream)).state) ?? '';
  }

  /** All that was appended with an event, so that a repeat tells what the first answer told. */
  private async wholeAppend(original: Account): Promise<NonEmpty<Account>> {
    const { reader } = this.parts;
    const stored = await reader.readEvent(original.stream, original.revision);
    if (!stored) throw new Error('an answered event is not in the store');
    const { index, count } = envelopeOf(stored).meta.append;
    const events: Account[] = [];
    for await (const one of reader.readForward(original.stream, original.revision - index)) {
      events.push(recordedOf<MedicalAccountEvent>(decodeAccountEvent, one));
      if (events.length === count) break;
    }
    return [events[0] ?? original, ...events.slice(1)];
  }
}

/** The facts with what is known of the other account. */
const withOther =
  (gather: ReturnType<FactsFor>, other: OtherAccount): ReturnType<FactsFor> =>
  async (...asked) => {
    const gathered = await gather(...asked);
    const recordedFacts = { ...(gathered.recordedFacts as object), other: other as unknown as Json } as Json;
    return { ...gathered, facts: { ...gathered.facts, other }, recordedFacts };
  };

const actAnswer = (events: NonEmpty<Account>, id: string | null): ActAnswer => ({
  accountId: accountIdOf(events[0].stream),
  id,
  events: events.map(({ type, id: eventId, revision, data }) => ({ type, eventId, revision, data })),
  decidedAt: events[0].decidedAt,
  stream: events[0].stream,
});

/** The id that a first answer told: of the freeze, card or account that the event is about. */
const idIn = ({ data }: Account): string | null => {
  const { freezeId, cardId, accountId } = data as { freezeId?: string; cardId?: string; accountId?: string };
  return freezeId ?? cardId ?? accountId ?? null;
};
