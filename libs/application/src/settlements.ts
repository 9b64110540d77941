import { canonicalJson, type NonEmpty, type Recorded } from '#libs/kernel';
import {
  type AccountFacts,
  type AccountRefusal,
  type AccountState,
  accountStream,
  type CancelSettlement,
  type MedicalAccountCommand,
  type MedicalAccountEvent,
  type PostSwipe,
  type ReverseSettlement,
  receiptOf,
  settlementKey,
} from '#libs/medical-account';
import { type accountFacts, findPosting } from './account-facts';
import { answerOf, refused } from './answers';
import type { Attempts } from './attempts';
import { commandHash, uuidOf } from './command-identity';
import { type Credentials, type Resolved, UNKNOWN_CARD } from './credentials';
import type {
  Answer,
  BillLine,
  CancellationOrder,
  ReversalOrder,
  SettlementAnswer,
  Settlements,
  SettlementView,
  SwipeOrder,
  UndoAnswer,
} from './engine';
import type { Tracing } from './envelope';
import type { ContentStore, EventReader } from './event-store.port';
import type { PrintCounter } from './receipt-prints';
import type { Outcome, Request, Runner } from './run-command';
import { undoAnswerOf, viewOf } from './settlement-view';
import type { Vault } from './vault.port';
import type { KeyVoider } from './void-key';

export type AccountRunner = Runner<MedicalAccountCommand, MedicalAccountEvent, AccountState, AccountRefusal, AccountFacts>;
export type AccountRequest = Request<MedicalAccountCommand, AccountState, AccountFacts>;

export type SettlementParts = Readonly<{
  accounts: AccountRunner;
  reader: EventReader;
  contents: ContentStore;
  vault: Vault;
  credentials: Credentials;
  factsFor: ReturnType<typeof accountFacts>;
  attempts: Attempts;
  voider: KeyVoider;
  prints: PrintCounter;
  /** The institution's own pooling area first, then all others with a published pack. */
  poolingAreasFor: (institutionCode: string) => Promise<readonly string[]>;
  poolingAreaOf: (accountState: AccountState) => string | null;
}>;

/** Where a swipe of a card that no account knows is decided: on nothing, so that it ends as any refusal does. */
const NOBODY: Resolved = { accountId: 'nobody', stream: accountStream('nobody'), cardId: UNKNOWN_CARD, poolingArea: null };

export const settlementsOf = (parts: SettlementParts): Settlements => {
  const { accounts, reader, contents, vault, credentials, factsFor, attempts, voider } = parts;
  const secret = vault.commandHashSecret();

  const swipeOf = async (order: SwipeOrder): Promise<Readonly<{ resolved: Resolved; area: string; command: PostSwipe }>> => {
    const areas = () => parts.poolingAreasFor(order.institutionCode);
    const resolved = (await credentials.resolve(order.credential, areas)) ?? NOBODY;
    const account = resolved === NOBODY ? null : (await accounts.load(resolved.stream)).state;
    const area = (account && parts.poolingAreaOf(account)) ?? (await areas())[0] ?? '';
    const linesHash = order.lines.length === 0 ? null : await contents.put(Buffer.from(canonicalJson(order.lines), 'utf8'));
    const { credential, replacesSerial, lines: _lines, ...same } = order;
    const cardId = credential.kind === 'socialSecurityCard' ? (resolved.cardId ?? UNKNOWN_CARD) : resolved === NOBODY ? UNKNOWN_CARD : null;
    const key = settlementKey(order.institutionCode, order.serial);
    const data: PostSwipe['data'] = {
      ...same,
      key,
      commandHash: commandHash(secret, [
        'PostSwipe',
        order.institutionCode,
        order.serial,
        resolved.accountId,
        cardId,
        order.totalFeeFen,
        order.fundPaidFen,
        order.accountEligibleFen,
        order.medicalCategory,
        order.payment,
      ]),
      settlementId: uuidOf(`settlement:${key}`),
      credentialKind: credential.kind,
      cardId,
      linesHash,
      replacesKey: replacesSerial === null ? null : settlementKey(order.institutionCode, replacesSerial),
    };
    return { resolved, area, command: { type: 'PostSwipe', data } };
  };

  const requestFor = (stream: string, area: string, command: MedicalAccountCommand, tracing: Tracing): AccountRequest => ({
    stream,
    key: (command.data as { key: string }).key,
    command,
    gather: factsFor(command, { stream, poolingArea: area }),
    tracing,
    lane: 'interactive',
  });

  const settledAnswer = async (events: NonEmpty<Recorded<MedicalAccountEvent>>, key: string): Promise<SettlementAnswer> => {
    const event = events.find(({ data }) => 'key' in data && data.key === key);
    if (event?.type !== 'SwipeSettled.v1') throw new Error('a swipe was answered with another event');
    return withTail(event);
  };
  const withTail = async (event: Recorded<MedicalAccountEvent>): Promise<SettlementAnswer> => {
    if (event.type !== 'SwipeSettled.v1') throw new Error('a swipe was answered with another event');
    return { ...receiptOf(event), cardTail: await vault.cardTail(event.data.cardId) };
  };

  const keepAttempt = async (outcome: Outcome<MedicalAccountEvent, AccountRefusal>, institutionCode: string, request: AccountRequest) => {
    if (outcome.kind !== 'refused') return undefined;
    const { refusals: reasons, recordedFacts, headRevision, decidedAt } = outcome;
    const revision = headRevision < 0 ? null : headRevision;
    return attempts.record({
      institutionCode,
      command: request.command,
      recordedFacts,
      reasons,
      stream: request.stream,
      revision,
      decidedAt,
      tracing: request.tracing,
    });
  };

  const post = async (order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>> => {
    const { resolved, area, command } = await swipeOf(order);
    const request = requestFor(resolved.stream, area, command, tracing);
    const outcome = await accounts.run(request);
    const throttled = await keepAttempt(outcome, order.institutionCode, request);
    return throttled ?? answerOf(outcome, (events) => settledAnswer(events, command.data.key), withTail);
  };

  const quote = async (order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>> => {
    const { resolved, area, command } = await swipeOf(order);
    const outcome = await accounts.quote(requestFor(resolved.stream, area, command, tracing));
    return answerOf(outcome, (events) => settledAnswer(events, command.data.key), withTail);
  };

  /** Runs an undo on the account that holds the target. */
  const undo = async (stream: string, command: CancelSettlement | ReverseSettlement, tracing: Tracing): Promise<Answer<UndoAnswer>> => {
    const { state } = await accounts.load(stream);
    const request = requestFor(stream, parts.poolingAreaOf(state) ?? '', command, tracing);
    const outcome = await accounts.run(request);
    const throttled = await keepAttempt(outcome, command.data.institutionCode, request);
    const { key } = command.data;
    const answering = (events: readonly Recorded<MedicalAccountEvent>[]) => {
      const event = events.find(({ data }) => 'key' in data && data.key === key);
      if (!event) throw new Error('an undo was answered by no event');
      return undoAnswerOf(event);
    };
    return (
      throttled ??
      answerOf(
        outcome,
        async (events) => answering(events),
        async (original) => undoAnswerOf(original),
      )
    );
  };

  const cancel = async (order: CancellationOrder, tracing: Tracing): Promise<Answer<UndoAnswer>> => {
    const { institutionCode, targetSerial, serial, reason, note, amountFen, fundReturnedFen, byAgency } = order;
    const targetKey = settlementKey(institutionCode, targetSerial);
    const target = await findPosting(reader, targetKey);
    if (!target || target.original.type === 'SettlementKeyVoided.v1')
      return refused([{ code: 'settlement-not-found', institutionCode, serial: targetSerial }]);
    const hash = commandHash(secret, ['CancelSettlement', institutionCode, serial, targetSerial, reason, amountFen, fundReturnedFen]);
    const key = settlementKey(institutionCode, serial);
    const data = {
      key,
      commandHash: hash,
      institutionCode,
      serial,
      settlementKey: targetKey,
      reason,
      note,
      amountFen,
      fundReturnedFen,
      byAgency,
    };
    return undo(target.original.stream, { type: 'CancelSettlement', data }, tracing);
  };

  const reverse = async (order: ReversalOrder, tracing: Tracing): Promise<Answer<UndoAnswer>> => {
    const { institutionCode, targetSerial, serial, note, byAgency } = order;
    const targetKey = settlementKey(institutionCode, targetSerial);
    const key = settlementKey(institutionCode, serial);
    const hash = commandHash(secret, ['ReverseSettlement', institutionCode, serial, targetSerial]);
    for (;;) {
      const target = await findPosting(reader, targetKey);
      if (target && target.original.type !== 'SettlementKeyVoided.v1') {
        const data = { key, commandHash: hash, institutionCode, serial, targetKey, note, byAgency };
        return undo(target.original.stream, { type: 'ReverseSettlement', data }, tracing);
      }
      const answer = await voider.voidKey({
        institutionCode,
        serial,
        voidedKey: targetKey,
        voidedSerial: targetSerial,
        key,
        commandHash: hash,
        note,
        tracing,
      });
      if (answer !== 'settledMeanwhile') return answer;
    }
  };

  const find = async (institutionCode: string, serial: string): Promise<SettlementView> => {
    const posting = await findPosting(reader, settlementKey(institutionCode, serial));
    return viewOf(posting, serial, withTail);
  };

  const lines = async (hash: string): Promise<readonly BillLine[] | undefined> => {
    const bytes = await contents.get(hash);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as BillLine[]);
  };

  return { post, quote, cancel, reverse, find, lines, countPrint: parts.prints.count };
};
