import { businessDateOf, daysBetween, instantOf, type Recorded } from '#libs/kernel';
import {
  accountStream,
  businessKey,
  creditKey,
  decodeRelationInEvent,
  encodeRelationInEvent,
  fileFen,
  type RelationInCommand,
  type RelationInEvent,
  type RelationInFacts,
  type RelationInRefusal,
  type RelationInState,
  relationIn,
  relationInStage,
  relationInStream,
  type TakeInRelation,
  workingDayAfter,
} from '#libs/medical-account';
import type { AccountActs } from '../accounts/account-acts';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRunner, accountIdOf, poolingAreaOf } from '../accounts/account-streams';
import type { Credentials } from '../accounts/credentials';
import { answerOf, refused } from '../answers';
import type { Answer, RelationInName, RelationTransferIn, RelationTransfers } from '../engine';
import type { Tracing } from '../envelope';
import type { EventReader } from '../event-store.port';
import type { CurrentAccount } from '../persons/successors';
import { commandHash, uuidOf } from '../streams/command-identity';
import { CommandRunner, type StreamParts } from '../streams/command-runner';
import type { Gathered, Outcome, WantedClaim } from '../streams/request';
import { type PoliciesOf, packOf } from './deadlines';

export type RelationInRunner = CommandRunner<RelationInCommand, RelationInEvent, RelationInState, RelationInRefusal, RelationInFacts>;
export const relationInRunner = (parts: StreamParts): RelationInRunner =>
  new CommandRunner({
    ...parts,
    cacheBytes: 8_000_000,
    aggregate: {
      decider: relationIn,
      decode: decodeRelationInEvent,
      encode: { event: encodeRelationInEvent },
      sizeOf: ({ answers }) => 2_000 + answers.size * 800,
    },
  });

export type IncomingParts = Readonly<{
  transfers: RelationInRunner;
  accounts: AccountRunner;
  acts: AccountActs;
  factsFor: FactsFor;
  reader: EventReader;
  credentials: Credentials;
  current: CurrentAccount;
  policiesOf: PoliciesOf;
  lateness: (poolingArea: string, dueOn: string | null) => Promise<number>;
  nowMs: () => number;
  secret: Uint8Array;
}>;
type Incoming = Pick<RelationTransfers, 'registerFile' | 'registerMoney' | 'withdrawFile' | 'sendMoneyBack' | 'credit' | 'incoming'>;
type Keyed = Extract<RelationInCommand, { data: { commandHash: string } }>;
type Done = Answer<Recorded<RelationInEvent>>;

const idOf = ({ poolingArea, fromPoolingArea, transferNo }: RelationInName): string =>
  uuidOf(`relationTransferIn-${poolingArea}-${fromPoolingArea}-${transferNo}`);

/**
 * Relations that come from elsewhere: file and money in either order, then the account, once. The hand-over between the two streams is ordered
 * on the one, done on the other under a key that follows from the transfer, and recorded on the first again: broken off anywhere, asking again
 * goes on from there. Idempotency: by reference, by content, by transfer. Throws: on outage.
 */
export class IncomingTransfers implements Incoming {
  constructor(private readonly parts: IncomingParts) {}

  async registerFile(order: Parameters<Incoming['registerFile']>[0], tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { reference, poolingArea, fromPoolingArea, transferNo, person, currentYearFen, priorYearFen } = order;
    const holderClaim = this.parts.credentials.personClaim(poolingArea, person.identityKind, person.identityNumber);
    const name = { transferInId: idOf(order), poolingArea, fromPoolingArea, transferNo };
    const keyed = this.keyed(tracing, reference, [name.transferInId, 'file', holderClaim, currentYearFen, priorYearFen]);
    const command: Keyed = { type: 'RegisterRelationFile', data: { ...keyed, ...name, holderClaim, currentYearFen, priorYearFen } };
    return this.thenCredited(command, poolingArea, tracing);
  }

  async registerMoney(order: Parameters<Incoming['registerMoney']>[0], tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { reference, poolingArea, fromPoolingArea, transferNo, batchReference, amountFen, receivedOn } = order;
    const name = { transferInId: idOf(order), poolingArea, fromPoolingArea, transferNo };
    const keyed = this.keyed(tracing, reference, [name.transferInId, 'money', batchReference, amountFen, receivedOn]);
    const command: Keyed = { type: 'ReceiveRelationMoney', data: { ...keyed, ...name, batchReference, amountFen, receivedOn } };
    return this.thenCredited(command, poolingArea, tracing);
  }

  async withdrawFile(transferInId: string, order: Parameters<Incoming['withdrawFile']>[1], tracing: Tracing) {
    const { reference, reason } = order;
    const keyed = this.keyed(tracing, reference, [transferInId, 'withdrawFile', reason]);
    return this.taken({ type: 'WithdrawRelationFile', data: { ...keyed, transferInId, reason } }, tracing);
  }

  async sendMoneyBack(transferInId: string, order: Parameters<Incoming['sendMoneyBack']>[1], tracing: Tracing) {
    const { reference, batchReference, reason } = order;
    const keyed = this.keyed(tracing, reference, [transferInId, 'sendMoneyBack', batchReference, reason]);
    return this.taken({ type: 'SendBackRelationMoney', data: { ...keyed, transferInId, batchReference, reason } }, tracing);
  }

  async credit(transferInId: string, tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { state, head } = await this.load(transferInId);
    if (head < 0) return refused([{ code: 'relation-in-not-found', transferInId }]);
    const stage = relationInStage(state);
    if (stage === 'credited') return this.viewed(transferInId, true);
    if (stage !== 'matched' && stage !== 'crediting') {
      const missing = [...(state.file ? [] : ['file']), ...(state.money ? [] : ['money'])];
      return refused([{ code: 'relation-in-not-matched', missing }]);
    }
    const stopped = await this.handOver(transferInId, tracing);
    return stopped ?? this.viewed(transferInId, false);
  }

  async incoming(transferInId: string): Promise<RelationTransferIn | undefined> {
    const { state, head } = await this.load(transferInId);
    return head < 0 ? undefined : this.view(transferInId, state, head);
  }

  private load(transferInId: string) {
    return this.parts.transfers.load(relationInStream(transferInId));
  }

  /** The reference is in the key alone: the same content under another one is the same message. */
  private keyed({ actor }: Tracing, reference: string, says: readonly (string | number)[]) {
    return { key: businessKey(actor.organisation, reference), commandHash: commandHash(this.parts.secret, ['relationIn', ...says]) };
  }

  private async thenCredited(command: Keyed, poolingArea: string, tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { transferInId } = command.data;
    const done = await this.run(command, tracing, {
      poolingArea,
      claims: [{ key: command.data.key, commandHash: command.data.commandHash }],
    });
    if (done.kind !== 'done') return done;
    const { state } = await this.load(transferInId);
    const stage = relationInStage(state);
    const stopped = stage === 'matched' || stage === 'crediting' ? await this.handOver(transferInId, tracing) : undefined;
    return stopped ?? this.viewed(transferInId, done.replayed);
  }

  private async taken(command: Keyed, tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { transferInId, key, commandHash: hash } = command.data;
    const { state, head } = await this.load(transferInId);
    if (head < 0) return refused([{ code: 'relation-in-not-found', transferInId }]);
    const poolingArea = (state.file ?? state.money)?.data.poolingArea ?? '';
    const done = await this.run(command, tracing, { poolingArea, claims: [{ key, commandHash: hash }] });
    return done.kind === 'done' ? this.viewed(transferInId, done.replayed) : done;
  }

  private async run(
    command: RelationInCommand,
    tracing: Tracing,
    { poolingArea = '', claims = [] }: Readonly<{ poolingArea?: string; claims?: readonly WantedClaim[] }> = {},
  ): Promise<Done> {
    const stream = relationInStream(command.data.transferInId);
    const gather = async (_state: RelationInState, decidedAt: string): Promise<Gathered<RelationInFacts>> => {
      const facts: RelationInFacts = { decidedAt, credit: poolingArea === '' ? null : await this.creditBy(poolingArea, decidedAt) };
      return { facts, recordedFacts: facts, claims };
    };
    const outcome = await this.parts.transfers.run({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    return this.answered(outcome);
  }

  private answered(outcome: Outcome<RelationInEvent, RelationInRefusal>): Promise<Done> {
    return answerOf<RelationInEvent, Recorded<RelationInEvent>>(
      outcome,
      async (events) => events[0],
      async (original) => original,
    );
  }

  private async creditBy(poolingArea: string, decidedAt: string): Promise<RelationInFacts['credit']> {
    const policy = await packOf(this.parts.policiesOf, poolingArea, decidedAt);
    if (policy === null || policy.relationTransfer === null) return null;
    const { on: by, isProvisional } = workingDayAfter(businessDateOf(decidedAt), policy.relationTransfer.creditDays, policy);
    return { by, isProvisional, packId: policy.packId };
  }

  /** Where the person's account is by now; undefined: there is none yet, and file and money wait. */
  private async accountOf({ file, ordered }: RelationInState): Promise<string | undefined> {
    if (ordered) return ordered.accountId;
    const claim = file && (await this.parts.reader.findClaim(file.data.holderClaim));
    return claim ? (await this.parts.current(accountIdOf(claim.stream))).accountId : undefined; // Merged since: the one that survived.
  }

  private takeIn(transferInId: string, accountId: string, { file }: RelationInState): TakeInRelation {
    if (!file) throw new Error('a match without its file');
    const { fromPoolingArea, currentYearFen, priorYearFen } = file.data;
    const key = creditKey('transferIn', transferInId);
    const hash = this.parts.acts.hashOf('TakeInRelation', key, accountId, fromPoolingArea, currentYearFen, priorYearFen);
    return { type: 'TakeInRelation', data: { key, commandHash: hash, transferInId, fromPoolingArea, currentYearFen, priorYearFen } };
  }

  /** What the account says to it now, recorded nowhere; nothing: it would take it, or has taken it. */
  private async obstacles(command: TakeInRelation, accountId: string, tracing: Tracing): Promise<readonly string[]> {
    const { accounts, factsFor } = this.parts;
    const stream = accountStream(accountId);
    const { state } = await accounts.load(stream);
    const gather = factsFor(command, { stream, poolingArea: poolingAreaOf(state) ?? '' });
    const quoted = await accounts.quote({ stream, key: command.data.key, command, gather, tracing, lane: 'interactive' });
    return quoted.kind === 'refused' ? quoted.refusals.map(({ code }) => code) : [];
  }

  /** Ordered here, credited there, recorded here. @returns an answer where it could not be carried on; undefined: done, or it waits. */
  private async handOver(transferInId: string, tracing: Tracing): Promise<Answer<never> | undefined> {
    const { state, head } = await this.load(transferInId);
    const accountId = await this.accountOf(state);
    if (accountId === undefined) return undefined;
    const command = this.takeIn(transferInId, accountId, state);
    if (!state.ordered) {
      if ((await this.obstacles(command, accountId, tracing)).length > 0) return undefined;
      const key = `${relationInStream(transferInId)}-order-${head + 1}`;
      const ordered = await this.run({ type: 'OrderRelationCredit', data: { key, transferInId, accountId } }, tracing);
      if (ordered.kind === 'refused' && ordered.reasons[0].code === 'relation-in-credited') return undefined;
      if (ordered.kind !== 'done' && !(ordered.kind === 'refused' && ordered.reasons[0].code === 'relation-in-crediting')) return ordered;
    }
    const credited = await this.parts.acts.run({ accountId, command, tracing });
    if (credited.kind === 'refused')
      return this.held(
        transferInId,
        accountId,
        credited.reasons.map(({ code }) => code),
        tracing,
      );
    if (credited.kind !== 'done') return credited;
    const revision = credited.value.events.find(({ type }) => type === 'RelationTakenIn.v1')?.revision;
    if (revision === undefined) throw new Error('a relation was taken in without its event');
    const key = `${relationInStream(transferInId)}-credited`;
    const recorded = await this.run({ type: 'RecordRelationCredit', data: { key, transferInId, accountId, revision } }, tracing);
    const isThere = recorded.kind === 'done' || (recorded.kind === 'refused' && recorded.reasons[0].code === 'relation-in-credited');
    return isThere ? undefined : recorded;
  }

  private async held(
    transferInId: string,
    accountId: string,
    reasons: readonly string[],
    tracing: Tracing,
  ): Promise<Answer<never> | undefined> {
    const { head } = await this.load(transferInId);
    const key = `${relationInStream(transferInId)}-held-${head + 1}`;
    const held = await this.run({ type: 'HoldRelationCredit', data: { key, transferInId, accountId, reasons } }, tracing);
    return held.kind === 'done' || held.kind === 'refused' ? undefined : held;
  }

  private async viewed(transferInId: string, replayed: boolean): Promise<Answer<RelationTransferIn>> {
    const { state, head } = await this.load(transferInId);
    return { kind: 'done', replayed, value: await this.view(transferInId, state, head) };
  }

  private async view(transferInId: string, state: RelationInState, revision: number): Promise<RelationTransferIn> {
    const { file, money, matched, credited } = state;
    const named = (file ?? money ?? [...state.answers.values()][0])?.data as RelationInName;
    const { poolingArea, fromPoolingArea, transferNo } = named;
    const stage = relationInStage(state);
    const accountId = credited?.accountId ?? (await this.accountOf(state)) ?? null;
    const first = [...state.answers.values()][0];
    const today = businessDateOf(instantOf(this.parts.nowMs()));
    const dueOn = stage === 'matched' || stage === 'crediting' ? (matched?.data.creditBy ?? null) : null;
    return {
      ...{ transferInId, poolingArea, fromPoolingArea, transferNo, stage, accountId, dueOn },
      waitsFor: await this.waitsFor(transferInId, state, accountId),
      overdueWorkingDays: await this.parts.lateness(poolingArea, dueOn),
      file: file && {
        registeredAt: file.decidedAt,
        currentYearFen: file.data.currentYearFen,
        priorYearFen: file.data.priorYearFen,
        amountFen: fileFen(file),
      },
      money: money && {
        registeredAt: money.decidedAt,
        receivedOn: money.data.receivedOn,
        batchReference: money.data.batchReference,
        amountFen: money.data.amountFen,
      },
      matchedAt: matched?.decidedAt ?? null,
      creditedAt: credited?.at ?? null,
      ageDays: first ? Math.max(0, daysBetween(businessDateOf(first.decidedAt), today)) : 0,
      stream: relationInStream(transferInId),
      revision,
    };
  }

  private async waitsFor(transferInId: string, state: RelationInState, accountId: string | null): Promise<readonly string[]> {
    const stage = relationInStage(state);
    if (stage === 'credited') return [];
    if (stage === 'fileOnly') return ['money'];
    if (stage === 'moneyOnly') return ['file'];
    if (stage === 'empty') return ['file', 'money'];
    if (accountId === null) return ['account'];
    return this.obstacles(this.takeIn(transferInId, accountId, state), accountId, ENGINE_ITSELF);
  }
}

/** For what is asked and recorded nowhere. */
const ENGINE_ITSELF: Tracing = {
  actor: { principal: 'engine', organisation: 'engine', door: 'http' },
  correlationId: 'view',
  causationId: 'view',
};
