import { type Place, type Tally, words } from '../checks';
import type { AccountEvent } from '../recorded';
import { isHandOver } from './in-transit';
import type { Leg } from './ledger';

type Of<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;
type Pairs<V> = readonly (readonly [string, V])[];
type Open = Readonly<Pick<Of<'PersonCaseProposed.v1'>['data'], 'kind' | 'absorbedAccountId' | 'mergeId' | 'change' | 'proposedBy'>>;
type Merge = Readonly<{
  absorbedAccountId: string;
  mergedAt: string | null;
  brought: Pairs<number>;
  owedFen: number;
  cardIds: readonly string[];
  freezeIds: readonly string[];
}>;

const NOT_PROPOSED = words('复核或撤回了没有的人员业务', 'a case was approved or withdrawn that nobody proposed');
const OWN_EYES = words('提出与复核为同一人', 'one operator proposed and approved it');
const NOT_MERGED = words('撤销了没有的合并', 'a merge was undone that is not there');
const ACTED = words('已并入他户的账户仍有业务', 'an account acted after it was merged into another');
const NOT_SENT = words('确认了没有发出的在途款', 'a hand-over was confirmed that was not sent');
const SPENT = words('撤销合并退回的超过并入的', 'an undone merge gave back more than came');

/** What a merged account may still record. */
const STILL: ReadonlySet<string> = new Set([
  'SettlementCancelled.v1',
  'SettlementReversed.v1',
  'HandOverDelivered.v1',
  'AccountRestored.v1',
  'RefundReceived.v1',
  'AccountCarriedForward.v1',
]);
const subAccounts = (legs: readonly Leg[]): Pairs<number> =>
  legs.flatMap(({ account, amountFen }) => (account.startsWith('subAccount:') ? [[account, amountFen] as const] : []));
/** What leaves by legs on accounts between two accounts: card, bucket, fen. */
const sentBy = (legs: readonly Leg[]) =>
  legs.flatMap(({ account, amountFen }) => {
    const [bucket = '', cardId = ''] = account.split(':').reverse();
    return isHandOver(account) && bucket !== 'owed' && amountFen > 0 ? [{ cardId, bucket, amountFen }] : [];
  });
const idsOf = (pairs: Pairs<unknown>): string[] => pairs.map(([id]) => id);

/** What ties an account to others of its person. Source: log-format.md, 6 and 9. */
export class Successions {
  private mergedInto: Readonly<{ accountId: string; caseId: string }> | null = null;
  private readonly cases = new Map<string, Open>();
  private readonly merges = new Map<string, Merge>();
  private readonly handOvers = new Map<string, Readonly<{ toAccountId: string }>>();
  private departed: (readonly [string, string])[] = [];
  private readonly releasedClaims: string[] = [];

  constructor(private readonly tally: Tally) {}

  /** As a closing carries it; null: there is nothing. */
  get all(): object | null {
    const { mergedInto, cases, merges, handOvers, departed, releasedClaims } = this;
    if (mergedInto === null && cases.size + merges.size + handOvers.size + departed.length + releasedClaims.length === 0) return null;
    return {
      mergedInto,
      cases: [...cases],
      merges: [...merges],
      handOvers: [...handOvers],
      departed,
      releasedClaims,
    };
  }

  /** Before an event is folded: an account that is merged does next to nothing. */
  judge({ type }: AccountEvent, place: Place): void {
    if (this.mergedInto !== null && !STILL.has(type)) this.tally.find('handOvers', place, ACTED, { found: type });
  }

  propose({ data: { caseId, kind, absorbedAccountId, mergeId, change, proposedBy } }: Of<'PersonCaseProposed.v1'>): void {
    this.cases.set(caseId, { kind, absorbedAccountId, mergeId, change, proposedBy });
  }

  approve({ data: { caseId, approvedBy } }: Of<'PersonCaseApproved.v1'>, place: Place): void {
    const open = this.close(caseId, approvedBy, place);
    const pending = { mergedAt: null, brought: [], owedFen: 0, cardIds: [], freezeIds: [] };
    this.merges.set(caseId, { absorbedAccountId: open?.absorbedAccountId ?? '', ...pending });
  }

  withdraw({ data: { caseId } }: Of<'PersonCaseWithdrawn.v1'>, place: Place): void {
    const wasOpen = this.cases.delete(caseId);
    const wasPending = this.merges.get(caseId)?.mergedAt === null && this.merges.delete(caseId);
    if (!wasOpen && !wasPending) this.tally.find('handOvers', place, NOT_PROPOSED, { found: caseId });
  }

  absorb({ data: { key, caseId, survivorAccountId } }: Of<'AccountAbsorbed.v1'>): void {
    this.mergedInto = { accountId: survivorAccountId, caseId };
    this.handOvers.set(key, { toAccountId: survivorAccountId });
  }

  merge({ data, decidedAt }: Of<'AccountMerged.v1'>, place: Place): void {
    const { caseId, absorbedAccountId, owedFen, cards, freezes, legs } = data;
    if (this.merges.get(caseId)?.mergedAt !== null) this.tally.find('handOvers', place, NOT_PROPOSED, { found: caseId });
    const [cardIds, freezeIds] = [idsOf(cards), idsOf(freezes)];
    this.merges.set(caseId, { absorbedAccountId, mergedAt: decidedAt, brought: subAccounts(legs), owedFen, cardIds, freezeIds });
    this.departed = this.departed.filter(([cardId]) => !cardIds.includes(cardId));
  }

  undo({ data }: Of<'MergeUndone.v1'>, place: Place): void {
    const { key, caseId, mergeId, absorbedAccountId, approvedBy, cards, broughtFen, returnedFen, refundsStay } = data;
    this.close(caseId, approvedBy, place);
    const merge = this.merges.get(mergeId);
    if (merge?.absorbedAccountId !== absorbedAccountId) this.tally.find('handOvers', place, NOT_MERGED, { found: mergeId });
    const cameFen = merge?.brought.reduce((sum, [, fen]) => sum + fen, 0);
    if (cameFen !== broughtFen || returnedFen > broughtFen)
      this.tally.find('handOvers', place, SPENT, { expected: `of ${cameFen} fen`, found: `${returnedFen} of ${broughtFen} fen` });
    this.merges.delete(mergeId);
    this.handOvers.set(key, { toAccountId: absorbedAccountId });
    const follow = idsOf(cards).filter((cardId) => !refundsStay?.includes(cardId));
    this.departed.push(...follow.map((cardId) => [cardId, absorbedAccountId] as const));
  }

  restore(): void {
    this.mergedInto = null;
  }

  /** What is paid back to the absorbed account's settlements counts as brought. */
  refund(event: Of<'RefundReceived.v1'>): void {
    const { legs, fromAccountId } = event.data;
    const cardIds = legs.flatMap(({ account }) => (isHandOver(account) ? [account.split(':').at(-2) ?? ''] : []));
    const merges = [...this.merges];
    const ofItsCard = merges.find(([, merge]) => merge.cardIds.some((cardId) => cardIds.includes(cardId)));
    const [caseId, merge] = ofItsCard ?? merges.find(([, { absorbedAccountId }]) => absorbedAccountId === fromAccountId) ?? [];
    if (caseId !== undefined && merge) {
      const place = (cardId: string) => (merge.cardIds.includes(cardId) ? cardId : 'cardless');
      const passed = sentBy(legs).map(({ cardId, bucket, amountFen }) => [`subAccount:${place(cardId)}:${bucket}`, amountFen] as const);
      this.merges.set(caseId, { ...merge, brought: [...merge.brought, ...subAccounts(legs), ...passed] });
    }
    this.sendOn(event);
  }

  /** An undoing of a settlement whose money is with another account, and a refund that has gone on from here. */
  sendOn({ data: { key, legs } }: Of<'SettlementCancelled.v1'> | Of<'SettlementReversed.v1'> | Of<'RefundReceived.v1'>): void {
    const cardId = sentBy(legs)[0]?.cardId;
    if (cardId === undefined || key === null) return;
    const toAccountId = this.departed.find(([id]) => id === cardId)?.[1] ?? this.mergedInto?.accountId ?? '';
    this.handOvers.set(key, { toAccountId });
  }

  deliver({ data: { handOverId } }: Of<'HandOverDelivered.v1'>, place: Place): void {
    if (!this.handOvers.delete(handOverId)) this.tally.find('handOvers', place, NOT_SENT, { found: handOverId });
  }

  change({ data: { caseId, releasedClaim, approvedBy } }: Of<'PersonChanged.v1'>, place: Place): void {
    this.close(caseId, approvedBy, place);
    this.handOvers.set(caseId, { toAccountId: 'vault' });
    if (releasedClaim !== null) this.releasedClaims.push(releasedClaim);
  }

  private close(caseId: string, approvedBy: string, place: Place): Open | undefined {
    const open = this.cases.get(caseId);
    this.cases.delete(caseId);
    if (!open) this.tally.find('handOvers', place, NOT_PROPOSED, { found: caseId });
    else if (open.proposedBy === approvedBy) this.tally.find('handOvers', place, OWN_EYES, { found: caseId });
    return open;
  }
}
