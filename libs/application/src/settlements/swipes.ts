import { canonicalJson, type Recorded } from '#libs/kernel';
import { accountStream, type MedicalAccountEvent, type PostSwipe, receiptOf, settlementKey } from '#libs/medical-account';
import type { FactsFor } from '../accounts/account-facts';
import { type AccountRequest, type AccountRunner, poolingAreaOf } from '../accounts/account-streams';
import { type Credentials, type Resolved, UNKNOWN_CARD } from '../accounts/credentials';
import { answerOf, refused } from '../answers';
import type { Answer, BillLine, Reason, SettlementAnswer, SwipeOrder } from '../engine';
import type { Tracing } from '../envelope';
import type { ContentStore } from '../event-store.port';
import { commandHash } from '../streams/command-identity';
import type { Outcome } from '../streams/request';
import type { Vault } from '../vault.port';
import type { Attempts } from './attempts';
import { settlementIdOf } from './settlement-view';

export type SwipeParts = Readonly<{
  accounts: AccountRunner;
  contents: ContentStore;
  vault: Vault;
  credentials: Credentials;
  factsFor: FactsFor;
  attempts: Attempts;
  /** The institution's own pooling area first, then all others with a published pack. */
  poolingAreasFor: (institutionCode: string) => Promise<readonly string[]>;
}>;

/** Where a swipe of a card that no account knows is decided: on nothing, so that it ends as any refusal does. */
const NOBODY: Resolved = { accountId: 'nobody', stream: accountStream('nobody'), cardId: UNKNOWN_CARD, poolingArea: null };

/** Swipes: from the door's words to the account's command, and from what became of it to the receipt. */
export class Swipes {
  private readonly secret: Uint8Array;

  constructor(private readonly parts: SwipeParts) {
    this.secret = parts.vault.commandHashSecret();
  }

  /** Idempotency: institution and serial. A refusal is kept as an attempt. */
  async post(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>> {
    let request = await this.requestFor(order, tracing);
    let outcome = await this.parts.accounts.run(request);
    for (let tries = 0; tries < MERGED_TRIES_MAX && hasMoved(outcome); tries++) {
      request = await this.requestFor(order, tracing);
      outcome = await this.parts.accounts.run(request);
    }
    const instead = await this.parts.attempts.keep(outcome, order.institutionCode, request);
    return instead ?? this.answer(outcome, request.key);
  }

  /** The same decision; nothing is recorded. */
  async quote(order: SwipeOrder, tracing: Tracing): Promise<Answer<SettlementAnswer>> {
    const request = await this.requestFor(order, tracing);
    return this.answer(await this.parts.accounts.quote(request), request.key);
  }

  /** The receipt, from the recorded event alone; only the card's last digits are the vault's. @throws Error when no swipe was settled: a bug. */
  async receipt(event: Recorded<MedicalAccountEvent> | undefined): Promise<SettlementAnswer> {
    if (event?.type !== 'SwipeSettled.v1') throw new Error('a swipe was answered with another event');
    return {
      ...receiptOf(event),
      settlementId: settlementIdOf(event.data.key),
      cardTail: await this.parts.vault.cardTail(event.data.cardId),
    };
  }

  async lines(hash: string): Promise<readonly BillLine[] | undefined> {
    const bytes = await this.parts.contents.get(hash);
    return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as BillLine[]);
  }

  private async answer(outcome: Outcome<MedicalAccountEvent, Readonly<{ code: string }>>, key: string): Promise<Answer<SettlementAnswer>> {
    const answer = await answerOf(
      outcome,
      (events) => this.receipt(events.find(({ data }) => 'key' in data && data.key === key)),
      (original) => this.receipt(original),
    );
    return answer.kind === 'refused' ? refused(forTill(answer.reasons)) : answer;
  }

  private async requestFor(order: SwipeOrder, tracing: Tracing): Promise<AccountRequest & Readonly<{ key: string }>> {
    const { accounts, contents, credentials, factsFor } = this.parts;
    const areas = () => this.parts.poolingAreasFor(order.institutionCode);
    const resolved = (await credentials.resolve(order.credential, areas)) ?? NOBODY;
    const account = resolved === NOBODY ? null : (await accounts.glance(resolved.stream)).state;
    const poolingArea = (account && poolingAreaOf(account)) ?? (await areas())[0] ?? '';
    const linesHash = order.lines.length === 0 ? null : await contents.put(Buffer.from(canonicalJson(order.lines), 'utf8'));
    const command = this.commandOf(order, resolved, linesHash);
    const { stream } = resolved;
    const gather = factsFor(command, { stream, poolingArea });
    return { stream, key: command.data.key, command, gather, newAtFirst: replacesNone(order), tracing, lane: 'interactive' };
  }

  private commandOf(order: SwipeOrder, resolved: Resolved, linesHash: string | null): PostSwipe {
    const { credential, replacesSerial, lines: _lines, ...same } = order;
    const { institutionCode, serial } = order;
    const cardId = cardOf(credential.kind, resolved);
    const key = settlementKey(institutionCode, serial);
    const hash = commandHash(this.secret, ['PostSwipe', institutionCode, serial, resolved.accountId, cardId, ...saysOf(order)]);
    return {
      type: 'PostSwipe',
      data: {
        ...same,
        key,
        commandHash: hash,
        credentialKind: credential.kind,
        cardId,
        linesHash,
        replacesKey: replacesSerial === null ? null : settlementKey(institutionCode, replacesSerial),
      },
    };
  }
}

/** The card was another account's when it was looked up: a merge, or its undoing, came between. It is looked up again. */
const hasMoved = (outcome: Outcome<MedicalAccountEvent, Readonly<{ code: string }>>): boolean =>
  outcome.kind === 'refused' && outcome.refusals.some(({ code }) => code === 'account-merged');
const MERGED_TRIES_MAX = 3;

/** Null for a credential that names the person: the account knows which card is in use. */
const cardOf = (kind: SwipeOrder['credential']['kind'], resolved: Resolved): string | null => {
  if (resolved === NOBODY) return UNKNOWN_CARD;
  return kind === 'socialSecurityCard' ? (resolved.cardId ?? UNKNOWN_CARD) : null;
};

// What a till need not know about its customer: why money is frozen and until when, where else he is insured. The attempt keeps it.
const NOT_FOR_TILLS: Readonly<Record<string, readonly string[]>> = {
  'debit-frozen': ['cause', 'scope', 'until'],
  'card-of-another-pooling-area': ['poolingArea'],
};

const forTill = (reasons: readonly Reason[]): Reason[] => {
  const told = reasons
    .map(named)
    .map((reason) => Object.fromEntries(Object.entries(reason).filter(([fact]) => !NOT_FOR_TILLS[reason.code]?.includes(fact))) as Reason);
  return told.filter((reason, i) => told.findIndex((other) => canonicalJson(other) === canonicalJson(reason)) === i);
};

/** A settlement that stands already is told by its id. */
const named = (reason: Reason): Reason => {
  if (reason.code !== 'already-settled') return reason;
  const { settlementKey: key, ...facts } = reason as Reason & Readonly<{ settlementKey: string }>;
  return { ...facts, settlementId: settlementIdOf(key) };
};

/** What it replaces is to be looked up in any case. */
const replacesNone = ({ replacesSerial }: SwipeOrder): boolean => replacesSerial === null;

/** What makes two messages the same one, with institution, serial and card: what is paid, for what, how, and instead of which. */
const saysOf = ({ totalFeeFen, fundPaidFen, accountEligibleFen, medicalCategory, payment, replacesSerial }: SwipeOrder) => [
  totalFeeFen,
  fundPaidFen,
  accountEligibleFen,
  medicalCategory,
  payment,
  replacesSerial,
];
