import * as fc from 'fast-check';
import { type EventStore, envelopeOf } from '#libs/application';
import { medicalFen } from '#libs/medical-account';
import { auditOf, logOf } from '../support/audit';
import {
  agency,
  holderWithCard,
  PHARMACY,
  swipeOf,
  type TestEngine,
  testEngine,
  till,
  tracingOf,
  withRegion,
} from '../support/engine-fixture';
import { runs, tally } from '../support/property-runs';

const anna = tracingOf('agency', 'op-anna');
const bert = tracingOf('agency', 'op-bert');
const HOLDERS = 4;
const DAY = 86_400_000;
const met = tally();

type Step =
  | Readonly<{ act: 'credit' | 'swipe'; who: number; fen: number }>
  | Readonly<{ act: 'cancel' | 'reverse'; which: number; fen: number }>
  | Readonly<{ act: 'undo'; which: number }>
  | Readonly<{ act: 'merge'; who: number; other: number }>
  | Readonly<{ act: 'days'; days: number }>
  | Readonly<{ act: 'settleDue'; who: number }>;

const who = fc.nat({ max: HOLDERS - 1 });
const fen = fc.integer({ min: 1, max: 9_000 });
const which = fc.nat({ max: 20 });
const act: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('credit' as const), who, fen }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('swipe' as const), who, fen }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('cancel' as const, 'reverse' as const), which, fen }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('merge' as const), who, other: who }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('undo' as const), which }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('days' as const), days: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('settleDue' as const), who }) },
);

/** Every fourth or so meets a store that takes so many appends more and fails then. */
const step = fc.record({ act, failAfter: fc.option(fc.nat({ max: 3 }), { nil: null, freq: 2 }) });

/** What the log says by its legs alone. Units: fen. */
const standing = async (made: TestEngine) => {
  const sums = { accounts: 0, underWay: new Map<string, number>(), interest: 0 };
  for (const stored of await logOf(made)) {
    const { data } = envelopeOf(stored) as unknown as { data: { legs?: readonly (readonly [string, number])[] } };
    for (const [account, amount] of data.legs ?? []) {
      if (account.startsWith('subAccount:') || account === 'receivable') sums.accounts += amount;
      if (account.startsWith('inTransit:')) sums.underWay.set(account, (sums.underWay.get(account) ?? 0) + amount);
      if (account === 'fund:interest') sums.interest -= amount;
    }
  }
  const inTransit = [...sums.underWay.values()].reduce((sum, amount) => sum + amount, 0);
  return { ...sums, inTransit };
};

/** Accounts of one person merged and parted while tills go on, and the store fails between two appends: what is money stays money. */
class History {
  private expectedFen = 0;
  private serial = 0;
  private failAfter: number | null = null;
  private readonly settled: string[] = [];
  private readonly merges: { survivor: string; caseId: string }[] = [];
  private holders: { accountId: string; cardNumber: string }[] = [];
  private made: TestEngine | undefined;

  async open(): Promise<void> {
    const wrapStore = (store: EventStore): EventStore => ({
      ...store,
      readForward: (stream, from) => store.readForward(stream, from),
      readBackward: (stream) => store.readBackward(stream),
      append: async (append) => {
        if (this.failAfter === null || this.failAfter-- > 0) return store.append(append);
        return { kind: 'unavailable', cause: 'outage' };
      },
    });
    this.made = await withRegion(await testEngine({ wrapStore }));
    for (let n = 0; n < HOLDERS; n++) this.holders.push(await holderWithCard(this.made, `P0000000${n}`, 100_00));
    this.expectedFen = HOLDERS * 100_00;
  }

  async play({ act: one, failAfter }: Readonly<{ act: Step; failAfter: number | null }>): Promise<void> {
    this.failAfter = failAfter;
    await this.act(one).catch((error: unknown) => {
      if (failAfter === null) throw error; // An outage may show as such while the store fails, never else.
    });
    this.failAfter = null;
    const { accounts, inTransit, interest, underWay } = await standing(this.engine);
    if (inTransit > 0) met.count('in transit after a step');
    expect(accounts + inTransit).toBe(this.expectedFen + interest);
    for (const amount of underWay.values()) expect(amount).toBeGreaterThanOrEqual(0);
  }

  /** Swipes of three, one merged into the next and that into the last: what follows starts from a chain. */
  async chain(): Promise<void> {
    for (const n of [0, 1, 2]) await this.swipe({ who: n, fen: 40_00 });
    await this.merge({ who: 1, other: 0 });
    await this.merge({ who: 2, other: 1 });
    await this.giveBack({ act: 'cancel', which: 0, fen: 1_00 });
  }

  /** The store is back: whoever asks takes everything to its end. */
  async finish(): Promise<void> {
    for (const { accountId } of this.holders) await this.engine.engine.accounts.settleDue(accountId, agency);
    const views = await Promise.all(this.holders.map(({ accountId }) => this.engine.engine.accounts.view(accountId, null)));
    const { inTransit, accounts } = await standing(this.engine);
    expect(inTransit).toBe(0);
    expect(views.map((view) => view !== undefined)).toEqual(this.holders.map(() => true)); // Every old id is answered.
    for (const { type } of await logOf(this.engine)) met.count(type);
    const current = new Map(views.map((view) => [view?.accountId, view]));
    const shown = [...current.values()].flatMap((view) => [
      ...(view?.balances ?? []).map(([, amount]) => amount as number),
      view?.receivableFen ?? 0,
    ]);
    expect(shown.reduce((sum, amount) => sum + amount, 0)).toBe(accounts);
    expect((await auditOf(await logOf(this.engine))).findings).toEqual([]);
  }

  async close(): Promise<void> {
    await this.made?.close();
  }

  private get engine(): TestEngine {
    if (!this.made) throw new Error('not open');
    return this.made;
  }

  private async act(one: Step): Promise<void> {
    if (one.act === 'days') this.engine.clock.nowMs += one.days * DAY;
    else if (one.act === 'settleDue') await this.engine.engine.accounts.settleDue(this.holder(one.who).accountId, agency);
    else if (one.act === 'credit') await this.credit(one);
    else if (one.act === 'swipe') await this.swipe(one);
    else if (one.act === 'merge') await this.merge(one);
    else if (one.act === 'undo') await this.undo(one);
    else if ('which' in one && 'fen' in one) await this.giveBack(one);
  }

  private holder(n: number): { accountId: string; cardNumber: string } {
    return this.holders[n % HOLDERS] ?? { accountId: '', cardNumber: '' };
  }

  private async credit({ who: n, fen: amount }: Readonly<{ who: number; fen: number }>): Promise<void> {
    const order = { source: 'contribution', period: '2026-03', bucket: 'currentYear', legalBasis: null } as const;
    const reference = `c-${++this.serial}`;
    const answer = await this.engine.engine.accounts.credit(
      this.holder(n).accountId,
      { ...order, reference, amountFen: medicalFen(amount) },
      agency,
    );
    if (answer.kind === 'done') this.expectedFen += amount;
  }

  private async swipe({ who: n, fen: amount }: Readonly<{ who: number; fen: number }>): Promise<void> {
    const serial = `S${++this.serial}`;
    const order = swipeOf(this.engine, serial, this.holder(n).cardNumber, amount);
    const answer = await this.engine.engine.settlements.post(order, till);
    if (answer.kind !== 'done') return;
    this.expectedFen -= answer.value.accountPaidFen?.total ?? 0;
    this.settled.push(serial);
  }

  private async giveBack({
    act,
    which: n,
    fen: amount,
  }: Readonly<{ act: 'cancel' | 'reverse'; which: number; fen: number }>): Promise<void> {
    const targetSerial = this.settled[n % Math.max(1, this.settled.length)];
    if (targetSerial === undefined) return;
    const order = { institutionCode: PHARMACY, targetSerial, serial: `U${++this.serial}`, note: null, byAgency: false };
    const { settlements } = this.engine.engine;
    const part = { reason: 'returnGoods', amountFen: medicalFen(amount), fundReturnedFen: null } as const;
    const answer = act === 'cancel' ? await settlements.cancel({ ...order, ...part }, till) : await settlements.reverse(order, till);
    if (answer.kind === 'done') this.expectedFen += answer.value.accountReturnedFen;
    const standsUnder = await settlements.find(PHARMACY, order.serial);
    if (answer.kind !== 'done' && standsUnder.kind === 'undo') this.expectedFen += standsUnder.answer.accountReturnedFen;
  }

  private async merge({ who: n, other }: Readonly<{ who: number; other: number }>): Promise<void> {
    const [survivor, absorbedAccountId] = [this.holder(n).accountId, this.holder(other).accountId];
    const grounds = { reason: 'one person', document: 'D', absorbedAccountId };
    const proposed = await this.engine.engine.persons.proposeMerge(survivor, { ...grounds, reference: `m-${++this.serial}` }, anna);
    if (proposed.kind !== 'done') return;
    this.merges.push({ survivor: proposed.value.accountId, caseId: proposed.value.caseId });
    await this.approve(proposed.value);
  }

  private async undo({ which: n }: Readonly<{ which: number }>): Promise<void> {
    const merge = this.merges[n % Math.max(1, this.merges.length)];
    if (merge === undefined) return;
    const grounds = { reason: 'two persons after all', document: 'D', reference: `u-${++this.serial}` };
    const proposed = await this.engine.engine.persons.proposeUndo(merge.survivor, merge.caseId, grounds, anna);
    if (proposed.kind === 'done') await this.approve(proposed.value);
  }

  private async approve({ accountId, caseId }: Readonly<{ accountId: string; caseId: string }>): Promise<void> {
    await this.engine.engine.persons.approve(accountId, caseId, { reference: `a-${++this.serial}` }, bert);
  }
}

describe('random histories of merges, undone merges, swipes and cancellations, with a store that fails between two appends', () => {
  it('no fen is lost or made at any step, and nothing is in transit in the end', async () => {
    const property = fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 15, maxLength: 45 }), async (fromChain, steps) => {
      const history = new History();
      await history.open();
      try {
        if (fromChain) await history.chain();
        for (const one of steps) await history.play(one);
        await history.finish();
      } finally {
        await history.close();
      }
    });
    await fc.assert(property, { ...runs(6, 7), endOnFailure: true });
    const kinds = ['AccountMerged.v1', 'MergeUndone.v1', 'AccountRestored.v1', 'RefundReceived.v1', 'HandOverDelivered.v1'];
    expect(met.missing(['in transit after a step', ...kinds])).toEqual([]);
  }, 120_000);
});
