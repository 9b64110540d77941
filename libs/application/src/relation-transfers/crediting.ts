import type { Recorded } from '#libs/kernel';
import {
  accountStream,
  creditKey,
  type RelationInEvent,
  type RelationInState,
  relationInStage,
  relationInStream,
  type TakeInRelation,
} from '#libs/medical-account';
import type { AccountActs } from '../accounts/account-acts';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRunner, accountIdOf, poolingAreaOf } from '../accounts/account-streams';
import type { ActAnswer, Answer, Reason } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import type { RelationInStreams } from './incoming-stream';
import { Parked } from './parked';

export type CreditingParts = Readonly<{
  transfers: RelationInStreams;
  accounts: AccountRunner;
  acts: AccountActs;
  factsFor: FactsFor;
  reader: EventReader;
  current: CurrentAccount;
}>;

/** One transfer on its way to one account. `command`: what is asked of the account. */
type Credit = Readonly<{ transferInId: string; accountId: string; command: TakeInRelation; tracing: Tracing }>;
type Done = Answer<Recorded<RelationInEvent>>;
/** What keeps a transfer from its credit; undefined: it is credited, or it waits. */
export type Stopped = Answer<never> | undefined;
type Step = Readonly<{ goesOn: true } | { goesOn: false; stopped: Stopped }>;
const GOES_ON: Step = { goesOn: true };
const WAITS: Step = { goesOn: false, stopped: undefined };

/** Somebody else has brought it so far: as good as done. */
const isAlready = (answer: Done, code: Reason['code']): boolean => answer.kind === 'refused' && answer.reasons[0].code === code;

const revisionOf = ({ events }: ActAnswer): number => {
  const revision = events.find(({ type }) => type === 'RelationTakenIn.v1')?.revision;
  if (revision === undefined) throw new Error('a relation was taken in without its event');
  return revision;
};

/**
 * From a match to the money on the account: ordered on the transfer, done on the account under a key that follows from the transfer, and
 * recorded on the transfer again. Idempotency: broken off anywhere, asking again goes on from there. Throws: on outage.
 */
export class RelationCrediting {
  private readonly parked = new Parked();

  constructor(private readonly parts: CreditingParts) {}

  /** What waited for a person's account, or for this account to take it. It never fails for who did the act: what fails goes on waiting. */
  async goOn(waitedFor: string, tracing: Tracing): Promise<void> {
    for (const transferInId of this.parked.take(waitedFor))
      await this.credit(transferInId, tracing).catch(() => this.parked.add(waitedFor, transferInId));
  }

  async credit(transferInId: string, tracing: Tracing): Promise<Stopped> {
    const { acts, transfers } = this.parts;
    const { state, head } = await transfers.load(transferInId);
    const accountId = await this.accountOf(state);
    if (accountId === undefined) {
      if (state.file) this.parked.add(state.file.data.holderClaim, transferInId);
      return undefined;
    }
    const command = this.takeIn(transferInId, accountId, state);
    const one: Credit = { transferInId, accountId, command, tracing };
    const ordered = state.ordered ? GOES_ON : await this.order(one, head);
    if (!ordered.goesOn) return ordered.stopped;
    const credited = await acts.run({ accountId, command, tracing });
    if (credited.kind === 'refused') return this.hold(one, credited.reasons);
    return credited.kind === 'done' ? this.record(one, revisionOf(credited.value)) : credited;
  }

  /** Where the person's account is by now; undefined: there is none yet, and file and money wait. */
  async accountOf({ file, ordered }: RelationInState): Promise<string | undefined> {
    if (ordered) return ordered.accountId;
    const claim = file && (await this.parts.reader.findClaim(file.data.holderClaim));
    return claim ? (await this.parts.current(accountIdOf(claim.stream))).accountId : undefined; // Merged since: the one that survived.
  }

  /** What is missing still, in the order in which it has to come. */
  async waitsFor(transferInId: string, state: RelationInState, accountId: string | null): Promise<readonly string[]> {
    const stage = relationInStage(state);
    if (stage === 'credited') return [];
    if (stage === 'fileOnly') return ['money'];
    if (stage === 'moneyOnly') return ['file'];
    if (stage === 'empty') return ['file', 'money'];
    if (accountId === null) return ['account'];
    const command = this.takeIn(transferInId, accountId, state);
    return this.obstacles({ transferInId, accountId, command, tracing: ENGINE_ITSELF });
  }

  private async order(one: Credit, head: number): Promise<Step> {
    const { transferInId, accountId, tracing } = one;
    if ((await this.obstacles(one)).length > 0) {
      this.parked.add(accountId, transferInId);
      return WAITS;
    }
    const key = `${relationInStream(transferInId)}-order-${head + 1}`;
    const ordered = await this.parts.transfers.run({ type: 'OrderRelationCredit', data: { key, transferInId, accountId } }, tracing);
    if (ordered.kind === 'done' || isAlready(ordered, 'relation-in-crediting')) return GOES_ON;
    return isAlready(ordered, 'relation-in-credited') ? WAITS : { goesOn: false, stopped: ordered };
  }

  private async record({ transferInId, accountId, tracing }: Credit, revision: number): Promise<Stopped> {
    const key = `${relationInStream(transferInId)}-credited`;
    const data = { key, transferInId, accountId, revision };
    const recorded = await this.parts.transfers.run({ type: 'RecordRelationCredit', data }, tracing);
    return recorded.kind === 'done' || isAlready(recorded, 'relation-in-credited') ? undefined : recorded;
  }

  /** The account did not take it after all: it waits, and what is wrong may be taken back. */
  private async hold({ transferInId, accountId, tracing }: Credit, refusals: readonly Reason[]): Promise<Stopped> {
    this.parked.add(accountId, transferInId);
    const { head } = await this.parts.transfers.load(transferInId);
    const key = `${relationInStream(transferInId)}-held-${head + 1}`;
    const reasons = refusals.map(({ code }) => code);
    const held = await this.parts.transfers.run({ type: 'HoldRelationCredit', data: { key, transferInId, accountId, reasons } }, tracing);
    return held.kind === 'done' || held.kind === 'refused' ? undefined : held;
  }

  private takeIn(transferInId: string, accountId: string, { file }: RelationInState): TakeInRelation {
    if (!file) throw new Error('a match without its file');
    const { fromPoolingArea, currentYearFen, priorYearFen } = file.data;
    const key = creditKey('transferIn', transferInId);
    const hash = this.parts.acts.hashOf('TakeInRelation', key, accountId, fromPoolingArea, currentYearFen, priorYearFen);
    return { type: 'TakeInRelation', data: { key, commandHash: hash, transferInId, fromPoolingArea, currentYearFen, priorYearFen } };
  }

  /** What the account says to it now, recorded nowhere; nothing: it would take it, or has taken it. */
  private async obstacles({ command, accountId, tracing }: Credit): Promise<readonly string[]> {
    const { accounts, factsFor } = this.parts;
    const stream = accountStream(accountId);
    const { state } = await accounts.load(stream);
    const gather = factsFor(command, { stream, poolingArea: poolingAreaOf(state) ?? '' });
    const quoted = await accounts.quote({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    return quoted.kind === 'refused' ? quoted.refusals.map(({ code }) => code) : [];
  }
}

/** For what is asked and recorded nowhere. */
const ENGINE_ITSELF: Tracing = {
  actor: { principal: 'engine', organisation: 'engine', door: 'http' },
  correlationId: 'view',
  causationId: 'view',
};
