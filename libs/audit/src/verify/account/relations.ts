import { type Place, type Tally, words } from '../checks';
import type { AccountEvent } from '../recorded';
import { cardOf, type Ledger, type Leg } from './ledger';

type Of<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;
type Remittance = { at: string; batchReference: string; confirmBy: string; left: (readonly [string, number])[] };
type Transfer = {
  stage: string;
  toPoolingArea: string;
  followsTransferId: string | null;
  requestedAt: string;
  remitBy: string;
  paysUntil: string;
  lapsesAt: string | null;
  remittance: Remittance | null;
  endedAt: string | null;
  resumedAt: string | null;
};

const UNKNOWN = words('没有这笔关系转移', 'a relation transfer that is not there');
const TWICE = words('关系转移号出现两次', 'a relation transfer requested twice');
const OUT_OF_STEP = words('关系转移步骤不符：至多一次划出、一个结果', 'a relation transfer out of step: remitted once, one outcome');
const AMOUNT = words('在途金额与分录或划出额不符', 'what is in transit is not what the legs or the remittance say');
const LEFT_OVER = words('已结束的关系转移仍有在途金额', 'a relation transfer that has ended still has money in transit');
const NO_BASIS = words('划出未注明依据', 'money left for another area without a legal basis');
const NOT_ALL = words('关系划出后账户仍有余额', 'money stayed on the account when the relation left');
const ELSEWHERE = words('关系已转出或在途仍有支付', 'a payment after the relation had left');

const sumOn = (legs: readonly Leg[], account: string): number =>
  legs.reduce((sum, leg) => (leg.account === account ? sum + leg.amountFen : sum), 0);
const inTransit = (transferId: string): string => `inTransit:${transferId}`;

/**
 * Relation transfers of one account: each remitted at most once, with one outcome at most, and all that it sent accounted for.
 * Source: log-format.md, 6.
 */
export class Relations {
  private readonly transfers = new Map<string, Transfer>();

  constructor(
    private readonly tally: Tally,
    private readonly ledger: Ledger,
  ) {}

  /** As a closing carries them; null: there never was one. */
  get all(): readonly (readonly [string, Transfer])[] | null {
    return this.transfers.size === 0 ? null : [...this.transfers].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  get inTransit(): readonly (readonly [string, number])[] | null {
    const open = [...this.ledger.sums].filter(([account, fen]) => account.startsWith('inTransit:') && fen !== 0);
    return open.length === 0 ? null : open.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  request({ data, decidedAt }: Of<'RelationTransferRequested.v1'>, place: Place): void {
    const { transferId, toPoolingArea, followsTransferId, remitBy, paysUntil, lapsesAt } = data;
    if (this.transfers.has(transferId)) this.tally.find('settlements', place, TWICE, { found: transferId });
    const asked = { stage: 'requested', toPoolingArea, followsTransferId, requestedAt: decidedAt, remitBy, paysUntil, lapsesAt };
    this.transfers.set(transferId, { ...asked, remittance: null, endedAt: null, resumedAt: null });
  }

  remit({ data, decidedAt }: Of<'RelationTransferRemitted.v1'>, place: Place): void {
    const { transferId, batchReference, confirmBy, legs, amountFen, legalBasis } = data;
    const transfer = this.step(transferId, 'requested', place);
    if (legalBasis.trim() === '') this.tally.find('legs', place, NO_BASIS, { found: transferId });
    this.demandAmount(transferId, sumOn(legs, inTransit(transferId)), amountFen, place);
    for (const [account, fen] of this.ledger.sums)
      if (cardOf(account) !== null && fen !== 0)
        this.tally.find('legs', place, NOT_ALL, { expected: '0 fen', found: `${account} ${fen} fen` });
    if (!transfer) return;
    transfer.stage = 'remitted';
    transfer.remittance = { at: decidedAt, batchReference, confirmBy, left: leftBy(legs) };
  }

  /** Confirmed or returned: all that left, once. */
  settle({ type, data, decidedAt }: Of<'RelationTransferConfirmed.v1'> | Of<'RelationTransferReturned.v1'>, place: Place): void {
    const { transferId, legs, amountFen } = data;
    const transfer = this.step(transferId, 'remitted', place);
    const sentFen = transfer?.remittance?.left.reduce((sum, [, fen]) => sum + fen, 0) ?? amountFen;
    this.demandAmount(transferId, 0 - sumOn(legs, inTransit(transferId)), sentFen, place);
    if (amountFen !== sentFen) this.tally.find('legs', place, AMOUNT, { expected: `${sentFen} fen`, found: `${amountFen} fen` });
    const leftFen = this.ledger.sums.get(inTransit(transferId)) ?? 0;
    if (leftFen !== 0) this.tally.find('legs', place, LEFT_OVER, { expected: '0 fen', found: `${leftFen} fen` });
    if (transfer) this.end(transfer, type === 'RelationTransferConfirmed.v1' ? 'confirmed' : 'returned', decidedAt);
  }

  close(transferId: string, stage: string, endedAt: string, place: Place): void {
    const transfer = this.step(transferId, 'requested', place);
    if (transfer) this.end(transfer, stage, endedAt);
  }

  resume(transferId: string, at: string, place: Place): void {
    const transfer = this.step(transferId, 'confirmed', place);
    if (!transfer) return;
    if (transfer.resumedAt !== null) this.tally.find('settlements', place, OUT_OF_STEP, { found: `${transferId} resumed twice` });
    transfer.resumedAt = at;
  }

  /** `judgedAt`: of a late entry when it occurred. Source: 医保办发〔2021〕43号; until when it pays: the pack, as the request records it. */
  pay(judgedAt: string, place: Place): void {
    for (const [transferId, transfer] of this.transfers) {
      const { paysUntil, requestedAt, remittance, followsTransferId, stage, endedAt, resumedAt } = transfer;
      const from = paysUntil === 'request' ? requestedAt : (remittance?.at ?? null);
      if (from === null || followsTransferId !== null || judgedAt < from) continue;
      const until = stage === 'confirmed' ? resumedAt : endedAt;
      if (until === null || judgedAt < until) this.tally.find('cards', place, ELSEWHERE, { found: transferId });
    }
  }

  private end(transfer: Transfer, stage: string, endedAt: string): void {
    transfer.stage = stage;
    transfer.endedAt = endedAt;
  }

  private step(transferId: string, from: string, place: Place): Transfer | undefined {
    const transfer = this.transfers.get(transferId);
    if (!transfer) this.tally.find('settlements', place, UNKNOWN, { found: transferId });
    else if (transfer.stage !== from)
      this.tally.find('settlements', place, OUT_OF_STEP, { expected: from, found: `${transferId} ${transfer.stage}` });
    return transfer;
  }

  private demandAmount(transferId: string, foundFen: number, expectedFen: number, place: Place): void {
    if (foundFen !== expectedFen)
      this.tally.find('legs', place, AMOUNT, { expected: `${expectedFen} fen`, found: `${inTransit(transferId)} ${foundFen} fen` });
  }
}

/** What the holder owed comes off the first of the legs. */
const leftBy = (legs: readonly Leg[]): [string, number][] => {
  let owedFen = sumOn(legs, 'receivable');
  const left: [string, number][] = [];
  for (const { account, amountFen } of legs) {
    if (cardOf(account) === null) continue;
    const keptFen = Math.min(owedFen, 0 - amountFen);
    owedFen -= keptFen;
    if (keptFen !== 0 - amountFen) left.push([account, 0 - amountFen - keptFen]);
  }
  return left;
};
