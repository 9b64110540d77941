import { businessDateOf, daysBetween, instantOf } from '#libs/kernel';
import {
  businessKey,
  fileFen,
  type RelationInCommand,
  type RelationInState,
  relationInStage,
  relationInStream,
} from '#libs/medical-account';
import type { Credentials } from '../accounts/credentials';
import { refused } from '../answers';
import type { Answer, RelationInName, RelationTransferIn, RelationTransfers } from '../engine';
import type { Tracing } from '../envelope';
import { commandHash, uuidOf } from '../streams/command-identity';
import type { RelationCrediting } from './crediting';
import type { RelationInStreams } from './incoming-stream';

export type IncomingParts = Readonly<{
  transfers: RelationInStreams;
  crediting: RelationCrediting;
  credentials: Credentials;
  lateness: (poolingArea: string, dueOn: string | null) => Promise<number>;
  nowMs: () => number;
  secret: Uint8Array;
}>;
type Incoming = Pick<
  RelationTransfers,
  'registerFile' | 'registerMoney' | 'withdrawFile' | 'sendMoneyBack' | 'credit' | 'opened' | 'incoming'
>;
type Keyed = Extract<RelationInCommand, { data: { commandHash: string } }>;

const idOf = ({ poolingArea, fromPoolingArea, transferNo }: RelationInName): string =>
  uuidOf(`relationTransferIn-${poolingArea}-${fromPoolingArea}-${transferNo}`);

/** File and money have met, and the account does not have it yet: the days of the receiving side run. */
const isToCredit = (state: RelationInState): boolean => ['matched', 'crediting'].includes(relationInStage(state));

/** By what it became known. @throws Error when there is nothing: damage. */
const firstOf = ({ answers }: RelationInState) => {
  const [first] = answers.values();
  if (!first) throw new Error('a transfer without a message');
  return { at: first.decidedAt, name: first.data as RelationInName }; // A file or money, whichever came first: both name it.
};

/** What both sides said, and when. */
const told = ({ file, money }: RelationInState): Pick<RelationTransferIn, 'file' | 'money'> => ({
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
});

/**
 * Relations that come from elsewhere: file and money in either order, then the account, once.
 * Idempotency: by reference, by content, by transfer. Throws: on outage.
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
    const { state, head } = await this.parts.transfers.load(transferInId);
    if (head < 0) return refused([{ code: 'relation-in-not-found', transferInId }]);
    if (state.credited) return this.viewed(transferInId, true);
    if (!isToCredit(state)) {
      const missing = [...(state.file ? [] : ['file']), ...(state.money ? [] : ['money'])];
      return refused([{ code: 'relation-in-not-matched', missing }]);
    }
    const stopped = await this.parts.crediting.credit(transferInId, tracing);
    return stopped ?? this.viewed(transferInId, false);
  }

  opened({ poolingArea, person }: Parameters<Incoming['opened']>[0], tracing: Tracing): Promise<void> {
    const { crediting, credentials } = this.parts;
    return crediting.goOn(credentials.personClaim(poolingArea, person.identityKind, person.identityNumber), tracing);
  }

  async incoming(transferInId: string): Promise<RelationTransferIn | undefined> {
    const { state, head } = await this.parts.transfers.load(transferInId);
    return head < 0 ? undefined : this.view(transferInId, state, head);
  }

  /** The reference is in the key alone: the same content under another one is the same message. */
  private keyed({ actor }: Tracing, reference: string, says: readonly (string | number)[]) {
    return { key: businessKey(actor.organisation, reference), commandHash: commandHash(this.parts.secret, ['relationIn', ...says]) };
  }

  private async thenCredited(command: Keyed, poolingArea: string, tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { transfers, crediting } = this.parts;
    const { transferInId, key, commandHash: hash } = command.data;
    const done = await transfers.run(command, tracing, { poolingArea, claims: [{ key, commandHash: hash }] });
    if (done.kind !== 'done') return done;
    const { state } = await transfers.load(transferInId);
    const stopped = isToCredit(state) ? await crediting.credit(transferInId, tracing) : undefined;
    return stopped ?? this.viewed(transferInId, done.replayed);
  }

  private async taken(command: Keyed, tracing: Tracing): Promise<Answer<RelationTransferIn>> {
    const { transferInId, key, commandHash: hash } = command.data;
    const { state, head } = await this.parts.transfers.load(transferInId);
    if (head < 0) return refused([{ code: 'relation-in-not-found', transferInId }]);
    const poolingArea = (state.file ?? state.money)?.data.poolingArea ?? '';
    const done = await this.parts.transfers.run(command, tracing, { poolingArea, claims: [{ key, commandHash: hash }] });
    return done.kind === 'done' ? this.viewed(transferInId, done.replayed) : done;
  }

  private async viewed(transferInId: string, replayed: boolean): Promise<Answer<RelationTransferIn>> {
    const { state, head } = await this.parts.transfers.load(transferInId);
    return { kind: 'done', replayed, value: await this.view(transferInId, state, head) };
  }

  private async view(transferInId: string, state: RelationInState, revision: number): Promise<RelationTransferIn> {
    const { crediting, lateness, nowMs } = this.parts;
    const { matched, credited } = state;
    const { at, name } = firstOf(state);
    const { poolingArea, fromPoolingArea, transferNo } = name;
    const accountId = (await crediting.accountOf(state)) ?? null;
    const dueOn = matched && isToCredit(state) ? matched.data.creditBy : null;
    return {
      ...{ transferInId, poolingArea, fromPoolingArea, transferNo, stage: relationInStage(state), accountId, dueOn },
      waitsFor: await crediting.waitsFor(transferInId, state, accountId),
      overdueWorkingDays: await lateness(poolingArea, dueOn),
      ...told(state),
      matchedAt: matched?.decidedAt ?? null,
      creditedAt: credited?.at ?? null,
      ageDays: Math.max(0, daysBetween(businessDateOf(at), businessDateOf(instantOf(nowMs())))),
      stream: relationInStream(transferInId),
      revision,
    };
  }
}
